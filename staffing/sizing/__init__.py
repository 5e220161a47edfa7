"""From a forecast to the people it takes, and from given people to the service that they give."""

from __future__ import annotations

from staffing.sizing.evaluation import evaluate
from staffing.sizing.requirement import size
from staffing.sizing.targets import QueueTarget

__all__ = ["QueueTarget", "evaluate", "size"]
