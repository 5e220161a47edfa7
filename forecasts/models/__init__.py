"""Models, one a file: each reads a :class:`~forecasts.day_matrix.DayMatrix` before an origin and predicts after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from forecasts.day_matrix import DayMatrix
from forecasts.models.factor_model import factor_model
from forecasts.models.prediction import Prediction
from forecasts.models.same_weekday import same_weekday
from forecasts.models.state_space import state_space
from forecasts.models.two_level import two_level
from forecasts.models.vector_regression import vector_regression

Model = Callable[[DayMatrix, int, int], Prediction]

PLANNERS: dict[str, Model] = {
    "same-weekday-4": partial(same_weekday, weeks=4),
    "same-weekday-6": partial(same_weekday, weeks=6),
    "same-weekday-8": partial(same_weekday, weeks=8),
}
# The members of the combination differ in how a day's volume falls on its intervals.
MEMBERS: dict[str, Model] = {
    "two-level": two_level,
    "factor": factor_model,
}
# Not weights by error, which were seen to do harm: the plain profile steadies the other, and most where counts are low.
SHARES = {"two-level": 1.0, "factor": 2.0}
# What the default forecast chooses from. The others can be asked for in a backtest: they cost several times as much and
# have not been seen to add to the combination.
CANDIDATES: dict[str, Model] = {**PLANNERS, **MEMBERS}
MODELS: dict[str, Model] = {**CANDIDATES, "vector-regression": vector_regression, "state-space": state_space}
COMBINATION = "combination"


def combined(predicted: Mapping[str, np.ndarray]) -> np.ndarray:
    """Mean of the models' forecasts, those of the members by their fixed shares; one alone is itself."""
    shares = {name: SHARES.get(name, 1.0) for name in predicted}
    total = sum(shares.values())
    return np.asarray(sum(share / total * predicted[name] for name, share in shares.items()))


__all__ = ["CANDIDATES", "COMBINATION", "MEMBERS", "MODELS", "PLANNERS", "Model", "Prediction", "combined"]
