"""What the forecasting package refuses."""

from __future__ import annotations


class ForecastError(ValueError):
    """Input that no forecast can be made from; the message names what was expected and found."""
