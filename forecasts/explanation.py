"""Why a day has its volume: level, weekday, holiday, day of month, time of year and events."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasts.day_matrix import DayMatrix
from forecasts.models.profile import full_day_totals
from forecasts.models.ridge import ridge
from forecasts.models.terms import terms
from forecasts.models.two_level import COUNT_OFFSET, LEVEL_STIFFNESS_DAYS, MONTH_DAY_DAYS

FULL_DAYS = 35


def daily_effects(
    matrix: DayMatrix, history_days: int, horizon: int, factors: np.ndarray, mean: np.ndarray, skip: int
) -> pd.DataFrame:
    """Factors of each forecast day; see :meth:`forecasts.Forecast.explain`.

    Parameters
    ----------
    factors
        Events, shape of the matrix.
    mean
        Forecast of the days after ``skip``, shape ``(horizon - skip, slots)``.
    """
    ahead = slice(history_days + skip, history_days + horizon)
    table = pd.DataFrame(
        {"day": matrix.calendar.days[ahead].astype("datetime64[s]"), "contacts": mean.sum(axis=1)}
    )
    totals = full_day_totals(matrix, history_days)
    seen = ~np.isnan(totals)
    if seen.sum() < FULL_DAYS:
        return table
    design = terms(matrix, history_days, horizon, True, seen, LEVEL_STIFFNESS_DAYS, MONTH_DAY_DAYS)
    log_total = np.log(np.where(seen, totals, 1.0) + COUNT_OFFSET) - design.expected[:history_days]
    log_total = np.where(seen, log_total, np.nan)[:, None]
    effects = ridge(design.columns[:history_days], design.penalty, log_total, np.ones(history_days))[:, 0]
    for group in dict.fromkeys(design.groups):
        of_group = np.array([name == group for name in design.groups])
        part = np.exp(design.columns[ahead][:, of_group] @ effects[of_group])
        table[group] = part * np.exp(design.expected[ahead]) if group == "holiday" else part
    usual = mean / factors[ahead]
    bottom = usual.sum(axis=1)
    table["events"] = np.divide(mean.sum(axis=1), bottom, out=np.ones(len(mean)), where=bottom > 0)
    return table
