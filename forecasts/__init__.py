"""How many contacts come, and how long each takes.

>>> import numpy as np, pandas as pd
>>> hours = pd.date_range("2026-01-05", periods=8 * 7 * 24, freq="h")
>>> contacts = pd.Series(10.0 + 5 * (hours.hour >= 12), index=hours)
>>> answer = forecast(contacts, days=7)
>>> len(answer.mean), round(float(answer.mean.iloc[15]))
(168, 15)
"""

from __future__ import annotations

from forecasts import accuracy, history
from forecasts.cleaning import Cleaned, clean
from forecasts.cleaning_days import by_day
from forecasts.errors import ForecastError
from forecasts.exclusions import stretches
from forecasts.forecasting import forecast
from forecasts.handle_time import HandlingTime, handling_time
from forecasts.hierarchy import add_up, share_out, summed
from forecasts.intraday import Reforecast, reforecast
from forecasts.long_term import LongRange, long_range
from forecasts.new_queue import borrow
from forecasts.opening_hours import OpeningHours
from forecasts.result import Forecast
from forecasts.rolling_origin import backtest
from forecasts.shrinkage import Shrinkage, learn_shrinkage
from forecasts.uncertainty import Spread

__all__ = [
    "Cleaned",
    "Forecast",
    "ForecastError",
    "HandlingTime",
    "LongRange",
    "OpeningHours",
    "Reforecast",
    "Shrinkage",
    "Spread",
    "accuracy",
    "add_up",
    "backtest",
    "borrow",
    "by_day",
    "clean",
    "forecast",
    "handling_time",
    "history",
    "learn_shrinkage",
    "long_range",
    "reforecast",
    "share_out",
    "stretches",
    "summed",
]
