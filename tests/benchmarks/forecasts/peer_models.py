"""Other people's forecasters, each as its users would set it up. Runs in an environment of its own.

    python peer_models.py PEER FOLDER

reads ``FOLDER/history.csv`` (start, contacts; a full grid, empty where nothing was recorded) and ``FOLDER/task.json``
(origins, days, interval_min, country), and writes ``FOLDER/PEER.csv`` (origin, start, contacts) and
``FOLDER/PEER.json`` (processor seconds of each origin). Nothing of the product is imported here.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

YEAR = pd.Timedelta(days=365)
OPEN_SHARE = 0.1


def weekly_grid(history: pd.Series, future: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray, int, int]:
    """The series on the open intervals of a week only, as seasonal models need it.

    Returns
    -------
    Values of whole weeks without gaps (a gap takes the value of a week before), the places of ``future`` in the
    continuation (-1 where closed), intervals of a week, and of a day (0 if days differ in length).
    """
    step_min = int((history.index[1] - history.index[0]) / pd.Timedelta(minutes=1))
    per_week = 7 * 1440 // step_min
    monday = future[0].normalize() - pd.Timedelta(days=future[0].dayofweek)
    since = monday - pd.Timedelta(weeks=int((monday - history.index[0]) / pd.Timedelta(weeks=1)))
    grid = pd.date_range(since, future[-1], freq=pd.Timedelta(minutes=step_min))
    values = history.reindex(grid).to_numpy()
    place = np.arange(len(grid)) % per_week
    recorded = ~np.isnan(values)
    seen = np.bincount(place, weights=recorded, minlength=per_week)
    weeks = max((future[0] - since) / pd.Timedelta(weeks=1), 1)
    is_open = seen >= OPEN_SHARE * weeks
    kept = is_open[place]
    known = int((grid < future[0])[kept].sum())
    week = int(is_open.sum())
    values = values[kept][:known]
    mean = np.bincount(place, weights=np.nan_to_num(np.where(recorded, grid_values(history, grid), 0)))
    usual = (mean / np.maximum(seen, 1))[place][kept][:known]
    for at in np.flatnonzero(np.isnan(values)):
        values[at] = values[at - week] if at >= week else usual[at]
    by_day = is_open.reshape(7, -1).sum(axis=1)
    lengths = set(by_day[by_day > 0])
    position = np.where(kept, np.cumsum(kept) - 1, -1)
    ahead = pd.Series(position, index=grid).reindex(future).to_numpy()
    return values, np.where(ahead >= 0, ahead - known, -1), week, lengths.pop() if len(lengths) == 1 else 0


def grid_values(history: pd.Series, grid: pd.DatetimeIndex) -> np.ndarray:
    """Contacts on the grid; NaN where there are none."""
    return history.reindex(grid).to_numpy()


def spread_out(predicted: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Values of the continuation at the intervals wanted; 0 while closed."""
    return np.where(ahead >= 0, np.maximum(predicted[np.maximum(ahead, 0)], 0.0), 0.0)


def holt_winters(history: pd.Series, future: pd.DatetimeIndex, country: str | None) -> np.ndarray:
    """Additive exponential smoothing with a season of one week (statsmodels), on the last half year."""
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    values, ahead, week, _ = weekly_grid(history[history.index >= future[0] - YEAR / 2], future)
    fit = ExponentialSmoothing(
        values, seasonal="add", seasonal_periods=week, initialization_method="heuristic"
    ).fit()
    return spread_out(fit.forecast(ahead.max() + 1), ahead)


def mstl_ets(history: pd.Series, future: pd.DatetimeIndex, country: str | None) -> np.ndarray:
    """Seasons of a day and a week by MSTL, the rest by AutoETS (statsforecast), on the last year."""
    from statsforecast.models import MSTL, AutoETS

    values, ahead, week, day = weekly_grid(history[history.index >= future[0] - YEAR], future)
    model = MSTL(season_length=[day, week] if day else week, trend_forecaster=AutoETS(model="ZZN"))
    model.fit(values)
    return spread_out(model.predict(h=int(ahead.max() + 1))["mean"], ahead)


def arima_fourier(history: pd.Series, future: pd.DatetimeIndex, country: str | None) -> np.ndarray:
    """AutoARIMA on Fourier terms of day and week (statsforecast), on the last 8 weeks."""
    from statsforecast.models import AutoARIMA

    values, ahead, week, day = weekly_grid(
        history[history.index >= future[0] - pd.Timedelta(weeks=8)], future
    )
    total = len(values) + int(ahead.max()) + 1
    waves = [(week, order) for order in range(1, 11)] + [(day, order) for order in range(1, 13) if day]
    angle = 2 * np.pi * np.arange(total)[:, None] * np.array([order / season for season, order in waves])
    terms = np.hstack([np.sin(angle), np.cos(angle)])
    # Where a day fits the week a whole number of times, their waves coincide.
    terms = terms[:, np.unique(np.round(terms, 9), axis=1, return_index=True)[1]]
    terms = terms[:, terms.std(axis=0) > 1e-9]
    model = AutoARIMA(season_length=1, max_p=3, max_q=3, stationary=True)
    model.fit(values, X=terms[: len(values)])
    return spread_out(model.predict(h=total - len(values), X=terms[len(values) :])["mean"], ahead)


def prophet(history: pd.Series, future: pd.DatetimeIndex, country: str | None) -> np.ndarray:
    """Prophet with public holidays, its own yearly season, and a daily season for each weekday, multiplicative.

    Its default of one daily season for all weekdays has errors up to twice as large on these series.
    """
    from prophet import Prophet

    known = history[history.index >= future[0] - 3 * YEAR].dropna()
    model = Prophet(seasonality_mode="multiplicative", daily_seasonality=False, uncertainty_samples=0)
    if country:
        model.add_country_holidays(country_name=country)
    weekdays = sorted(set(known.index.dayofweek))
    for day in weekdays:
        model.add_seasonality(f"daily {day}", period=1, fourier_order=8, condition_name=f"weekday {day}")

    def table(times: pd.DatetimeIndex) -> pd.DataFrame:
        return pd.DataFrame({"ds": times, **{f"weekday {day}": times.dayofweek == day for day in weekdays}})

    model.fit(table(known.index).assign(y=known.to_numpy()))
    return np.maximum(model.predict(table(future))["yhat"].to_numpy(), 0.0)


def lightgbm(history: pd.Series, future: pd.DatetimeIndex, country: str | None) -> np.ndarray:
    """Gradient boosting on calendar features and on the same intervals of eight past weeks, a model for each week.

    It learns the ratio to the mean of the four newest of those weeks: trees cannot go beyond what they have seen.
    """
    import holidays
    import lightgbm as lgb

    history = history[history.index >= future[0].normalize() - 3 * YEAR]
    step = history.index[1] - history.index[0]
    grid = pd.date_range(history.index[0].normalize(), future[-1], freq=step)
    values = history.reindex(grid).to_numpy()
    week, per_day = int(pd.Timedelta(weeks=1) / step), int(pd.Timedelta(days=1) / step)
    days = grid.normalize()
    off = np.zeros(len(grid), dtype=bool)
    if country:
        dates = holidays.country_holidays(country, years=range(grid[0].year, grid[-1].year + 2))
        off = days.isin(pd.DatetimeIndex([pd.Timestamp(day) for day in dates]))
    edge = np.zeros(per_day, dtype=bool)
    calendar = np.column_stack(
        [
            grid.hour * 60 + grid.minute, grid.dayofweek, grid.day, days.days_in_month - grid.day, grid.dayofyear,
            off, np.concatenate([off[per_day:], edge]), np.concatenate([edge, off[:-per_day]]),
        ]
    )  # fmt: skip
    predicted = np.zeros(len(grid))
    for ahead in range(1, int(np.ceil(len(future) / week)) + 1):
        lags = np.column_stack(
            [
                np.concatenate([np.full(back * week, np.nan), values])[: len(grid)]
                for back in range(ahead, ahead + 8)
            ]
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            usual = np.nanmean(lags[:, :4], axis=1)
            table = np.column_stack(
                [calendar, lags / usual[:, None], usual, np.nanmean(lags, axis=1) / usual]
            )
        wanted = (grid >= future[0] + pd.Timedelta(weeks=ahead - 1)) & (
            grid < future[0] + pd.Timedelta(weeks=ahead)
        )
        usable = (grid < future[0]) & ~np.isnan(values) & (np.nan_to_num(usual) > 0)
        model = lgb.LGBMRegressor(
            n_estimators=200, learning_rate=0.05, num_leaves=15, min_child_samples=40, subsample=0.8,
            subsample_freq=1, colsample_bytree=0.8, random_state=0, n_jobs=1, verbose=-1,
        )  # fmt: skip
        model.fit(table[usable], values[usable] / usual[usable], sample_weight=usual[usable])
        predicted[wanted] = np.nan_to_num(np.maximum(model.predict(table[wanted]), 0.0) * usual[wanted])
    return pd.Series(predicted, index=grid).reindex(future).to_numpy()


PEERS: dict[str, Callable[[pd.Series, pd.DatetimeIndex, str | None], np.ndarray]] = {
    "holt-winters": holt_winters,
    "mstl-autoets": mstl_ets,
    "arima-fourier": arima_fourier,
    "prophet": prophet,
    "lightgbm": lightgbm,
}


def main() -> None:
    """Forecast every origin of the task with one peer."""
    peer, folder = sys.argv[1], Path(sys.argv[2])
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    table = pd.read_csv(folder / "history.csv", parse_dates=["start"])
    contacts = pd.Series(table["contacts"].to_numpy(dtype=float), index=pd.DatetimeIndex(table["start"]))
    task = json.loads((folder / "task.json").read_text())
    answers, seconds = [], []
    for number, origin in enumerate([task["origins"][0], *task["origins"]]):
        start = pd.Timestamp(origin)
        step = pd.Timedelta(minutes=task["interval_min"])
        future = pd.date_range(start, start + pd.Timedelta(days=task["days"]) - step, freq=step)
        began = time.process_time()
        predicted = PEERS[peer](contacts[contacts.index < start], future, task["country"])
        # The first origin is asked twice: importing and compiling are not part of a forecast.
        if number:
            seconds.append(time.process_time() - began)
            answers.append(pd.DataFrame({"origin": origin, "start": future, "contacts": predicted}))
    pd.concat(answers).to_csv(folder / f"{peer}.csv", index=False)
    (folder / f"{peer}.json").write_text(json.dumps(seconds))


if __name__ == "__main__":
    main()
