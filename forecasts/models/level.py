"""Where the level goes: an ARMA(1,1) around the mean of the last months, by Hannan and Rissanen's regression."""

from __future__ import annotations

import warnings

import numpy as np

MEMORY_DAYS = 260
LEAST_DAYS = 42
LARGEST_AR = 0.995
LARGEST_MA = 0.5
# What daily levels of contact-centre queues usually show; used where a history is too short to tell.
USUAL_AR, USUAL_MA = 0.95, -0.85


def level_path(path: np.ndarray, days: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Expected level of the next open days, shape ``(days,)``, and notes.

    Parameters
    ----------
    path
        Level of each past open day, calendar effects taken out; the last 260 are used.

    Notes
    -----
    ``x[t] = ar · x[t-1] + e[t] + ma · e[t-1]`` around the mean, 0 <= ar <= 0.995, -ar <= ma <= 0.5: a level that
    has moved stays for a while and then returns, as far as the history says that it does. The two-stage
    regression takes a hundredth of the time of a maximum-likelihood fit and cannot fail to converge.

    References
    ----------
    .. [1] Hannan, Rissanen (1982), Biometrika 69(1).
    """
    recent = path[-MEMORY_DAYS:]
    mean = float(recent.mean())
    deviation = recent - mean
    ar, ma = USUAL_AR, USUAL_MA
    notes: tuple[str, ...] = ()
    if len(deviation) >= LEAST_DAYS and np.ptp(deviation) > 1e-9:
        ar, ma, notes = _fitted(deviation)
    shock = before = 0.0
    for value in deviation:
        shock = value - (ar * before + ma * shock)
        before = value
    following = ar * before + ma * shock
    return mean + following * ar ** np.arange(days), notes


def _fitted(deviation: np.ndarray) -> tuple[float, float, tuple[str, ...]]:
    from statsmodels.tsa.arima.estimators.hannan_rissanen import hannan_rissanen  # slow to import

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit, _ = hannan_rissanen(deviation, ar_order=1, ma_order=1, demean=False)
        ar, ma = float(fit.ar_params[0]), float(fit.ma_params[0])
    except (ValueError, ArithmeticError, IndexError, np.linalg.LinAlgError):
        ar = ma = np.nan
    if not (np.isfinite(ar) and np.isfinite(ma)):
        return (
            USUAL_AR,
            USUAL_MA,
            ("two-level: the level's ARMA model could not be fitted, usual values used",),
        )
    ar = min(max(ar, 0.0), LARGEST_AR)
    return ar, min(max(ma, -ar), LARGEST_MA), ()
