"""The independent check: any roster table against every hard rule, and its cost recomputed.

It reads the declarations (agents, contracts, shift kinds, rules, premiums, demand, prices) and the
rows of a roster, wherever they were made, and nothing else: it knows no solver and no tour.
"""

from schedules.check.report import CheckReport, Violation
from schedules.check.verdict import check

__all__ = ["CheckReport", "Violation", "check"]
