"""The requirement of a plan's week by the way of sizing that ``[plan] sizing`` names."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from staffing.files.schemas import REQUIREMENT
from staffing.files.tables import settle
from staffing.plan.loading import Plan
from staffing.plan.people import People
from staffing.plan.targets import queue_targets
from staffing.sizing.iterative import size_iteratively
from staffing.sizing.offered_load import size_by_offered_load
from staffing.sizing.requirement import size
from staffing.sizing.skills import size_pooled

BY_FORECAST = {"stationary": size, "offered-load": size_by_offered_load, "iterative": size_iteratively}


def by_skills(plan: Plan) -> bool:
    """Whether the requirement depends on who is there."""
    return plan.settings.plan.sizing == "skills"


def size_week(plan: Plan, forecast: pd.DataFrame, people: People | None = None) -> pd.DataFrame:
    """Requirement of every queue for a forecast.

    Parameters
    ----------
    people
        Needed where ``by_skills`` says so: people of the same skills are a group that may help in all its queues.

    Raises
    ------
    BadInput
        Targets that no staff can reach, or a queue that nobody can work on where skills are looked at.
    """
    targets, interval_min = queue_targets(plan), plan.settings.plan.interval_min
    try:
        if by_skills(plan):
            count = Counter(
                tuple(queue for queue in targets if queue in agent.skills)
                for agent in (people.agents if people else ())
            )
            groups = {" + ".join(queues): queues for queues in sorted(count) if queues}
            number = {name: count[queues] for name, queues in groups.items()}
            table = size_pooled(forecast, targets, interval_min, groups, number)
        else:
            table = BY_FORECAST[plan.settings.plan.sizing](forecast, targets, interval_min)
    except ValueError as error:
        raise plan.defect(str(error), "queues", accepted="targets that staff can reach") from None
    return settle(table, REQUIREMENT)
