"""From a forecast to the people it takes, and from given people to the service that they give."""

from __future__ import annotations

from staffing.sizing.certainty import met_probability
from staffing.sizing.evaluation import evaluate
from staffing.sizing.explanation import explain
from staffing.sizing.patience import estimate_patience
from staffing.sizing.requirement import size
from staffing.sizing.targets import QueueTarget

__all__ = ["QueueTarget", "estimate_patience", "evaluate", "explain", "met_probability", "size"]
