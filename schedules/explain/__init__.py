"""Why a roster is as it is: what stands in its way, why a shift, what a wish, a rule and one more person are worth."""

from schedules.explain.hiring import next_agent
from schedules.explain.infeasible import why_infeasible
from schedules.explain.result import Explanation
from schedules.explain.rulecosts import rule_costs
from schedules.explain.shift import why_shift
from schedules.explain.wish import wish_prices

__all__ = ["Explanation", "next_agent", "rule_costs", "why_infeasible", "why_shift", "wish_prices"]
