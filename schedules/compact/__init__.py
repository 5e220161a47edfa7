"""The compact integer program of small rosters, for cross-checks and explanations."""

from schedules.compact.model import TooLarge, solve

__all__ = ["TooLarge", "solve"]
