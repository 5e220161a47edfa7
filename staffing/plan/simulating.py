"""A plan's roster played through possible courses of its forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from schedules.agents import Agent
from staffing.plan.at_work import with_turns
from staffing.plan.loading import Plan
from staffing.plan.queue_target import queue_shrinkage
from staffing.sizing.paths import contact_paths
from staffing.sizing.simulation import Simulated, centre_of, simulate
from staffing.sizing.targets import QueueTarget

# A long simulation says no more: so many contacts over all courses are enough, but never fewer courses than the least.
_ENOUGH_CONTACTS = 30_000_000
_LEAST_PATHS = 20
_FRESH = 1_000_003


@dataclass(frozen=True)
class Stage:
    """What does not change from roster to roster: the courses of the forecast, the targets, the house rules.

    Attributes
    ----------
    forecast, targets
        The forecast that is played, and the queues' targets; their shrinkage is left in.
    samples
        Contacts per queue, shape ``(courses, intervals)``.
    planned
        Share of the people on shift that each queue loses for planned reasons.
    absence
        Probability that a person is absent on a day: what is left of the shrinkage, the largest of all queues, and
        ``absence_added``.
    seed
        Of the chance.
    """

    plan: Plan
    forecast: pd.DataFrame
    targets: Mapping[str, QueueTarget]
    samples: Mapping[str, np.ndarray]
    planned: Mapping[str, float]
    absence: float
    absence_added: float
    seed: int

    @property
    def paths(self) -> int:
        """Number of courses."""
        return len(next(iter(self.samples.values())))

    def play(self, roster: pd.DataFrame, agents: Sequence[Agent]) -> Simulated:
        """Simulate a roster table, everybody serving all queues of their skills.

        Raises
        ------
        ValueError
            On a roster of another week, or a queue with contacts that nobody is skilled for.
        """
        # Shrinkage is in the rows and in the absence already.
        targets = {name: replace(target, shrinkage=0.0) for name, target in self.targets.items()}
        skills = {
            agent.id: tuple(queue for queue in self.targets if queue in agent.skills) for agent in agents
        }
        at_work = with_turns(roster, self.planned, self.plan.settings.plan.roster_slot_min)
        return self._run(targets, absence=self.absence, roster=at_work, skills=skills)

    def play_numbers(self, staff: pd.DataFrame, slot_min: int) -> Simulated:
        """Simulate people without names, ``queue, start, scheduled``, each on one queue; shrinkage is taken off."""
        return self._run(self.targets, absence=self.absence_added, staff=staff, slot_min=slot_min)

    def _run(self, targets: Mapping[str, QueueTarget], **people: Any) -> Simulated:
        section = self.plan.settings
        centre = centre_of(
            self.forecast,
            targets,
            section.plan.interval_min,
            samples=self.samples,
            handling_variation=section.proof.handling_variation,
            reserve=section.proof.reserve_agents,
            routing=section.proof.routing,
            at_shift_end=section.proof.at_shift_end,
            **people,
        )
        return simulate(centre, paths=self.paths, seed=self.seed)

    def assumptions(self, named: bool = True) -> tuple[str, ...]:
        """What the simulation of a roster, or of people without names, takes for granted, in sentences."""
        proof = self.plan.settings.proof
        said = [
            "Contacts follow the forecast with its uncertainty per day and per interval; queues err independently.",
            {0.0: "Handling times are constant.", 1.0: "Handling times are exponential."}.get(
                proof.handling_variation,
                f"Handling times are lognormal with a coefficient of variation of {proof.handling_variation:g}.",
            ),
            {
                "longest_idle": "A contact goes to whoever of the skilled people has been free longest.",
                "most_specialised": "A contact goes to free people with the fewest skills first, among them to "
                "whoever has been free longest.",
                "preference": "A contact goes first to people whose first skill it is.",
            }[proof.routing],
            {
                "finish": "Who goes on a break or home finishes the contact first.",
                "drop": "A contact is cut off when its agent's shift or work before a break ends.",
            }[proof.at_shift_end],
        ]
        if named and any(self.planned.values()):
            said.append(
                "Planned shrinkage is taken in turns: at every time as many are away as the plan counts on."
            )
        if not named:
            said.append("Each queue has people of its own; shrinkage takes its share of them at every time.")
        absence = self.absence if named else self.absence_added
        if absence > 0:
            said.append(f"Each person is absent on a working day with a probability of {absence:.1%}.")
        return tuple(said)


def stage(
    plan: Plan,
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    *,
    paths: int | None = None,
    absence_added: float = 0.0,
    fresh: bool = False,
) -> Stage:
    """Draw the courses of a forecast.

    Parameters
    ----------
    paths
        Courses; by default the plan's, fewer where there are very many contacts.
    absence_added
        Probability of absence on top of the unplanned shrinkage.
    fresh
        Other luck than that by which the loop corrects: that of the final proof.

    Raises
    ------
    ValueError
        No course, or a forecast that does not state its spread.
    """
    seed = plan.settings.plan.seed + (_FRESH if fresh else 0)
    wanted = plan.settings.proof.paths if paths is None else paths
    if paths is None:
        enough = int(_ENOUGH_CONTACTS / max(1.0, float(forecast["contacts"].sum())))
        wanted = min(wanted, max(_LEAST_PATHS, enough))
    shares = {name: queue_shrinkage(plan.settings.queues[name]) for name in targets}
    planned = {name: share.planned for name, share in shares.items()}
    unplanned = max(
        (1.0 - (1.0 - share.total) / (1.0 - share.planned) for share in shares.values()), default=0.0
    )
    absent = 1.0 - (1.0 - unplanned) * (1.0 - absence_added)
    samples = contact_paths(forecast, wanted, seed)
    return Stage(plan, forecast, targets, samples, planned, absent, absence_added, seed)
