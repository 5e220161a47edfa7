"""What else moves the handling time: trend, tenure, mix, given for the past and for the days ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError
from forecasts.grid import elapsed_ns

# An effect seen on n contacts keeps n / (n + these) of its size: single contacts vary about as much as their mean,
# and one standard deviation of a regressor rarely moves it by more than 5 %.
EFFECT_CONTACTS = 400.0
LARGEST_FACTOR = 2.0
LEAST_INTERVALS = 20


@dataclass(frozen=True, eq=False)
class Drivers:
    """Regressors on the intervals of history and horizon, standardised over the history.

    Attributes
    ----------
    names, mean, deviation
        Of each regressor; ``deviation`` > 0 is that of the past intervals, weighted by contacts.
    past, ahead
        Shape ``(intervals, regressors)``; NaN in ``past`` where a regressor was not known.
    """

    names: tuple[str, ...]
    mean: np.ndarray
    deviation: np.ndarray
    past: np.ndarray
    ahead: np.ndarray

    @classmethod
    def of(
        cls, regressors: pd.DataFrame, history: pd.DatetimeIndex, weight: np.ndarray, ahead: pd.DatetimeIndex
    ) -> Drivers:
        """Check and align regressors.

        Parameters
        ----------
        regressors
            Numeric columns by time: a row holds until the next one, for the usual step between rows at most.
        weight
            Contacts of each interval of ``history``.

        Raises
        ------
        ForecastError
            Not a table of numbers by time, infinite values, or an interval ahead without a value.
        """
        if not isinstance(regressors, pd.DataFrame) or not isinstance(regressors.index, pd.DatetimeIndex):
            raise ForecastError("regressors as a DataFrame by time (DatetimeIndex) expected")
        if regressors.shape[1] == 0 or len(regressors) < 2:
            raise ForecastError(
                f"regressors with a column and two rows at least expected, got shape {regressors.shape}"
            )
        if (regressors.index.tz is None) != (history.tz is None):
            raise ForecastError("history and regressors both zone-aware or both naive expected")
        if regressors.index.has_duplicates or regressors.index.hasnans:
            raise ForecastError("each time of the regressors once expected, got a repeated or missing one")
        try:
            values = regressors.sort_index().to_numpy(dtype=float, na_value=np.nan)
        except (TypeError, ValueError):
            raise ForecastError("numeric regressors expected") from None
        if np.isinf(values).any():
            raise ForecastError("finite regressors expected, got infinite ones")
        names = tuple(str(name) for name in regressors.columns)
        stamps = np.sort(elapsed_ns(pd.DatetimeIndex(regressors.index)))
        past, future = _held(stamps, values, history), _held(stamps, values, ahead)
        unknown = np.isnan(future).any(axis=1)
        if unknown.any():
            at = int(np.argmax(unknown))
            name = names[int(np.argmax(np.isnan(future[at])))]
            raise ForecastError(
                f"regressor {name!r} for every interval ahead expected, got none at {ahead[at]}"
            )
        known = ~np.isnan(past).any(axis=1) & (weight > 0)
        if known.sum() < LEAST_INTERVALS:
            raise ForecastError(
                f"regressors on {LEAST_INTERVALS} past intervals with contacts expected, got {int(known.sum())}"
            )
        mean = np.average(past[known], axis=0, weights=weight[known])
        spread = np.sqrt(np.average((past[known] - mean) ** 2, axis=0, weights=weight[known]))
        # A regressor that never moved can explain nothing, and must not divide by nothing.
        deviation = np.where(spread > 1e-9 * np.maximum(np.abs(mean), 1.0), spread, np.inf)
        return cls(names, mean, deviation, (past - mean) / deviation, (future - mean) / deviation)

    @property
    def known(self) -> np.ndarray:
        """Past intervals on which all regressors are known, bool."""
        return ~np.isnan(self.past).any(axis=1)

    def fit(self, relative: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Effect of one standard deviation of each on the log handling time, shape ``(regressors,)``.

        Parameters
        ----------
        relative
            Handling time over what is expected without regressors, > 0, shape ``(intervals,)``.
        weight
            Contacts, >= 0; intervals with unknown regressors are left out.
        """
        weight = np.where(self.known, weight, 0.0)
        columns = np.column_stack([np.ones(len(relative)), np.nan_to_num(self.past)])
        # The mean of times is wanted, not of their logs: the ratio itself, near 1, stands for its log.
        weighted = columns * weight[:, None]
        penalty = np.diag([1e-9] + [EFFECT_CONTACTS] * len(self.names))
        return np.asarray(np.linalg.solve(weighted.T @ columns + penalty, weighted.T @ (relative - 1))[1:])

    def factors(self, effects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Factor on the handling time of past and coming intervals, in [1/2, 2]; 1 where not known."""
        bound = np.log(LARGEST_FACTOR)
        past, ahead = (
            np.exp(np.clip(np.nan_to_num(x) @ effects, -bound, bound)) for x in (self.past, self.ahead)
        )
        return past, ahead

    def table(self, effects: np.ndarray) -> pd.DataFrame:
        """DataFrame(regressor, mean, deviation, effect): ``effect`` 0.05 = 5 % longer at one deviation more."""
        deviation = np.where(np.isinf(self.deviation), 0.0, self.deviation)
        return pd.DataFrame(
            {"regressor": self.names, "mean": self.mean, "deviation": deviation, "effect": np.expm1(effects)}
        )


def _held(stamps: np.ndarray, values: np.ndarray, index: pd.DatetimeIndex) -> np.ndarray:
    """Values at each time, from the last row before it that is not older than the usual step of the rows."""
    wanted = elapsed_ns(index)
    row = np.searchsorted(stamps, wanted, side="right") - 1
    fresh = (row >= 0) & (wanted - stamps[np.maximum(row, 0)] < 1.05 * np.median(np.diff(stamps)))
    return np.where(fresh[:, None], values[np.maximum(row, 0)], np.nan)
