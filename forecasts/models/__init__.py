"""Models, one a file: each reads a :class:`~forecasts.day_matrix.DayMatrix` before an origin and predicts after it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from forecasts.day_matrix import DayMatrix
from forecasts.models.prediction import Prediction
from forecasts.models.same_weekday import same_weekday
from forecasts.models.two_level import two_level
from forecasts.models.vector_regression import vector_regression

Model = Callable[[DayMatrix, int, int], Prediction]

PLANNERS: dict[str, Model] = {
    "same-weekday-4": partial(same_weekday, weeks=4),
    "same-weekday-6": partial(same_weekday, weeks=6),
    "same-weekday-8": partial(same_weekday, weeks=8),
}
MEMBERS: dict[str, Model] = {"two-level": two_level, "vector-regression": vector_regression}
MODELS: dict[str, Model] = {**PLANNERS, **MEMBERS}
COMBINATION = "combination"

__all__ = ["COMBINATION", "MEMBERS", "MODELS", "PLANNERS", "Model", "Prediction"]
