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
from forecasts.errors import ForecastError
from forecasts.forecasting import forecast
from forecasts.handle_time import HandlingTime, handling_time
from forecasts.opening_hours import OpeningHours
from forecasts.result import Forecast
from forecasts.rolling_origin import backtest

__all__ = [
    "Cleaned",
    "Forecast",
    "ForecastError",
    "HandlingTime",
    "OpeningHours",
    "accuracy",
    "backtest",
    "clean",
    "forecast",
    "handling_time",
    "history",
]
