"""Histories made fit for forecasting: :func:`regular` lays them on the grid, :func:`clean` says what is in them."""

from __future__ import annotations

from forecasts.cleaning import Cleaned, clean
from forecasts.grid import interval_of, regular, validate

__all__ = ["Cleaned", "clean", "interval_of", "regular", "validate"]
