"""Which model forecasts: rules of history first, then the backtest; the reason is part of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecasts import accuracy
from forecasts.day_matrix import DayMatrix
from forecasts.models import CANDIDATES, COMBINATION, MEMBERS, MODELS, PLANNERS
from forecasts.rolling_origin import Folds, choose_origins, run, scores
from forecasts.uncertainty import Spread, fit_spread

# Five origins a fortnight apart test more different days than eight a week apart, and cost less.
ORIGINS = 5
STEP_DAYS, SHORT_STEP_DAYS = 14, 7
SHORTEST_BACKTEST_DAYS, LONGEST_BACKTEST_DAYS = 7, 28
FULL_WEEKS = 4
# The combination is the safest choice: another model must beat it clearly and at most origins.
CLEARLY = 0.98
MOSTLY = 0.75
_JOINED = " and ".join([", ".join([*MEMBERS][:-1]), [*MEMBERS][-1]])


@dataclass(frozen=True, eq=False)
class Choice:
    """The model, why, and how sure it is.

    Attributes
    ----------
    model, members
        Name, and the models whose mean it is (itself alone unless it is the combination).
    reason
        In words, with the figures that decided.
    table
        DataFrame(model, wape, bias, coverage_80, origins, chosen).
    spread
        Fitted to the chosen model's backtest.
    """

    model: str
    members: tuple[str, ...]
    reason: str
    table: pd.DataFrame
    spread: Spread
    notes: tuple[str, ...]


def choose(matrix: DayMatrix, history_days: int, days: int, also: Sequence[str] = ()) -> Choice:
    """Choose a model for the ``history_days`` first rows of ``matrix``.

    Parameters
    ----------
    days
        Horizon; the backtest looks ahead as far, but 7 to 28 days.
    also
        Names of further models to choose from.
    """
    recorded = ~np.isnan(matrix.contacts[:history_days]).all(axis=1)
    first = int(np.argmax(recorded)) if recorded.any() else 0
    weeks = (history_days - first) / 7
    ahead = min(days, LONGEST_BACKTEST_DAYS)
    if weeks < FULL_WEEKS + 1:
        return _short(matrix, history_days, weeks, ahead)
    ahead = max(ahead, SHORTEST_BACKTEST_DAYS)
    origins: list[int] = []
    while not origins and ahead >= SHORTEST_BACKTEST_DAYS:
        origins = choose_origins(history_days, ahead, ORIGINS, first + 7 * FULL_WEEKS, STEP_DAYS)
        if len(origins) < ORIGINS:
            origins = choose_origins(history_days, ahead, ORIGINS, first + 7 * FULL_WEEKS, SHORT_STEP_DAYS)
        ahead = ahead if origins else ahead // 2
    if not origins:
        ahead = SHORTEST_BACKTEST_DAYS
        origins = [history_days - ahead]
    folds = run(matrix, {**CANDIDATES, **{name: MODELS[name] for name in also}}, origins, ahead)
    measured = scores(folds)
    model, reason = _best(dict(zip(measured["model"], measured["wape"], strict=True)), folds)
    members = tuple(MEMBERS) if model == COMBINATION else (model,)
    spread = fit_spread(folds.actual, folds.predicted[model])
    # What models that were not chosen had to say would only confuse.
    notes = tuple(dict.fromkeys(note for name in members for note in folds.notes[name]))
    return Choice(model, members, reason, _table(measured, model), spread, notes)


def _short(matrix: DayMatrix, history_days: int, weeks: float, ahead: int) -> Choice:
    ahead = min(ahead, 7)
    origins = choose_origins(history_days, ahead, 2, history_days - 7 * int(weeks) + 7)
    folds = run(matrix, {"same-weekday-4": PLANNERS["same-weekday-4"]}, origins, ahead)
    reason = (
        f"{weeks:.1f} weeks of history: below {FULL_WEEKS + 1} weeks only the same-weekday mean can be tested"
    )
    notes: tuple[str, ...] = (
        f"a history of {weeks:.1f} weeks cannot show paydays, holidays, the time of year or a trend",
        "intervals of uncertainty lean on what queues usually show, not on this queue's own errors",
    )
    if weeks < 2:
        notes += ("with under two weeks a weekday was seen at most once or twice: its level is a guess",)
    spread = fit_spread(folds.actual, folds.predicted["same-weekday-4"])
    table = _table(scores(folds), "same-weekday-4")
    return Choice("same-weekday-4", ("same-weekday-4",), reason, table, spread, notes)


def _best(score: Mapping[str, float], folds: Folds) -> tuple[str, str]:
    if np.isnan(score[COMBINATION]):
        return "same-weekday-4", "the backtest days hold no contacts to score: the same-weekday mean is used"
    best = min(score, key=lambda name: score[name])
    origins = f"{len(folds)} origin{'s' if len(folds) > 1 else ''}"
    figures = f"WAPE {score[COMBINATION]:.1%} at {origins}"
    planner = min(PLANNERS, key=lambda name: score[name])
    against = f"the best same-weekday mean has {score[planner]:.1%}"
    if best == COMBINATION:
        return COMBINATION, f"combination of {_JOINED}: lowest error, {figures}; {against}"
    better = np.mean(
        [
            accuracy.wape(actual, single) < accuracy.wape(actual, joint)
            for actual, single, joint in zip(
                folds.actual, folds.predicted[best], folds.predicted[COMBINATION], strict=True
            )
        ]
    )
    if score[best] < CLEARLY * score[COMBINATION] and better >= MOSTLY:
        return best, (
            f"{best}: WAPE {score[best]:.1%} against {score[COMBINATION]:.1%} of the combination, "
            f"better at {better:.0%} of {origins}; {against}"
        )
    return (
        COMBINATION,
        f"combination of {_JOINED}: {figures}; {best} with {score[best]:.1%} "
        f"is not clearly better; {against}",
    )


def _table(measured: Mapping[str, Any], chosen: str) -> pd.DataFrame:
    told = {name: measured[name] for name in ("model", "wape", "bias", "coverage_80", "origins")}
    return pd.DataFrame({**told, "chosen": [name == chosen for name in told["model"]]})
