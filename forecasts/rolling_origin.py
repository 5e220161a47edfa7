"""Rolling-origin backtest: the same models, asked on past mornings."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecasts.cleaning import clean
from forecasts.day_matrix import DayMatrix
from forecasts.errors import ForecastError
from forecasts.models import COMBINATION, MEMBERS, MODELS, Model, combined
from forecasts.opening_hours import OpeningHours
from forecasts.uncertainty import central_dispersions, within_central

LEAST_HISTORY_DAYS = 28
STEP_DAYS = 7
# Enough to tell the coverage to about two points.
COVERAGE_CELLS = 200


@dataclass(frozen=True, eq=False)
class Folds:
    """What was forecast at each origin, and what came.

    Attributes
    ----------
    origins
        Rows of the matrix at which history ended.
    actual
        Shape ``(origins, days, slots)``; NaN is not scored.
    predicted
        Per model, same shape.
    seconds
        Processor time of each model in this thread, all origins; what models share counts for the one asked first.
    notes
        What each model reported, each sentence once.
    """

    origins: tuple[int, ...]
    actual: np.ndarray
    predicted: dict[str, np.ndarray]
    seconds: dict[str, float]
    notes: dict[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.origins)


def choose_origins(
    history_days: int,
    days: int,
    wanted: int,
    least_history: int = LEAST_HISTORY_DAYS,
    step_days: int = STEP_DAYS,
) -> list[int]:
    """Last ``wanted`` origins, ``step_days`` apart, that leave ``least_history`` days before and ``days`` after."""
    last = history_days - days
    return [origin for k in reversed(range(wanted)) if (origin := last - step_days * k) >= least_history]


def run(matrix: DayMatrix, models: Mapping[str, Model], origins: Sequence[int], days: int) -> Folds:
    """Ask every model at every origin; add the combination where its members took part."""
    predicted = {name: np.empty((len(origins), days, matrix.slots)) for name in models}
    seconds = dict.fromkeys(models, 0.0)
    notes: dict[str, tuple[str, ...]] = {}
    for name, model in models.items():
        # One look at the clock a model: asking for processor time can cost more than forecasting.
        began = time.thread_time()
        said: dict[str, None] = {}
        for fold, origin in enumerate(origins):
            answer = model(matrix, origin, days)
            predicted[name][fold] = answer.contacts
            said.update(dict.fromkeys(answer.notes))
        seconds[name] = time.thread_time() - began
        notes[name] = tuple(said)
    members = [name for name in models if name in MEMBERS]
    if len(members) > 1:
        predicted[COMBINATION] = combined({name: predicted[name] for name in members})
        seconds[COMBINATION] = sum(seconds[name] for name in members)
    actual = (
        np.stack([matrix.contacts[o : o + days] for o in origins])
        if origins
        else np.empty((0, days, matrix.slots))
    )
    return Folds(tuple(origins), actual, predicted, seconds, notes)


def scores(folds: Folds) -> dict[str, Any]:
    """Columns model, wape, bias, daily_wape, coverage_80, origins, seconds, with an entry for each model.

    ``coverage_80`` is out of sample: the dispersion of even folds is tested on odd ones, and the reverse, on
    about 200 evenly taken intervals each; NaN below two folds.
    """
    predicted = np.stack(list(folds.predicted.values()))
    known = ~np.isnan(folds.actual)
    got, volume = np.where(known, folds.actual, 0.0), float(np.nansum(folds.actual))
    error = np.where(known, predicted - got, 0.0)
    of_day = error.sum(axis=-1)

    def share(errors: np.ndarray) -> np.ndarray:
        sums = errors.reshape(len(predicted), -1).sum(axis=1)
        return sums / volume if volume > 0 else np.full(len(predicted), np.nan)

    return {
        "model": list(folds.predicted),
        "wape": share(np.abs(error)),
        "bias": share(of_day),
        "daily_wape": share(np.abs(of_day)),
        "coverage_80": _cross_coverage(folds.actual, predicted),
        "origins": [len(folds)] * len(predicted),
        "seconds": [folds.seconds[name] for name in folds.predicted],
    }


def _cross_coverage(actual: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Share of intervals within their central 80 %, shape ``(models,)``."""
    scored = ~np.isnan(actual) & (predicted > 0).all(axis=0)
    inside, count = np.zeros(len(predicted)), 0
    for fit, test in ((slice(0, None, 2), slice(1, None, 2)), (slice(1, None, 2), slice(0, None, 2))):
        if not (scored[fit].any() and scored[test].any()):
            continue
        dispersion = central_dispersions(actual[fit][scored[fit]], predicted[:, fit][:, scored[fit]])
        got, said = actual[test][scored[test]], predicted[:, test][:, scored[test]]
        some = slice(None, None, max(len(got) // COVERAGE_CELLS, 1))
        got, said = got[some], said[:, some]
        held = within_central(
            np.tile(got, len(said)), said.reshape(-1), np.repeat(dispersion, len(got))
        ).reshape(said.shape)
        inside += held.sum(axis=1)
        count += len(got)
    return inside / count if count else np.full(len(predicted), np.nan)


def backtest(
    contacts: pd.Series,
    models: Sequence[str] | None = None,
    origins: int = 8,
    days: int = 14,
    *,
    country: str | None = None,
    subdivision: str | None = None,
    opening_hours: OpeningHours | None = None,
    exclusions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Score models at ``origins`` past mornings, a week apart, ``days`` ahead.

    Parameters
    ----------
    contacts, country, subdivision, opening_hours, exclusions
        As in :func:`forecasts.forecast`.
    models
        Names from ``forecasts.models.MODELS``; all if omitted. The combination joins by itself.
    origins, days
        Number of origins and length of each forecast in days, both >= 1.

    Returns
    -------
    DataFrame(model, wape, bias, daily_wape, coverage_80, origins, seconds), best WAPE first. Intervals
    that cleaning marked are not scored.

    Raises
    ------
    ForecastError
        An unknown model, or less than four weeks of history before the only possible origin.
    """
    unknown = sorted(set(models or ()) - set(MODELS))
    if unknown:
        raise ForecastError(f"models out of {sorted(MODELS)} expected, got {unknown}")
    if origins < 1 or days < 1:
        raise ForecastError(f"origins >= 1 and days >= 1 expected, got {origins} and {days}")
    matrix = clean(contacts, opening_hours, country, subdivision, exclusions).matrix
    places = choose_origins(len(matrix), days, origins)
    if not places:
        raise ForecastError(
            f"at least {LEAST_HISTORY_DAYS + days} days of history expected, got {len(matrix)}"
        )
    chosen = {name: MODELS[name] for name in (models or MODELS)}
    table = pd.DataFrame(scores(run(matrix, chosen, places, days)))
    return table.sort_values("wape", ignore_index=True)
