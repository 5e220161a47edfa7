"""The week of a plan as its stages published it, for questions and changes afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from staffing.batch.stage import asked_requirement, published
from staffing.errors import BadInput
from staffing.files.roster_file import read_roster
from staffing.files.schemas import FORECAST, REQUIREMENT
from staffing.plan.contacts import Contacts, read_contacts
from staffing.plan.forecasting import forecast_week
from staffing.plan.implied import implied
from staffing.plan.loading import Plan, load_plan
from staffing.plan.outputs import week_folder
from staffing.plan.people import People, read_people
from staffing.plan.pipeline import Progress, silent
from staffing.plan.rostering import Case, week_demand
from staffing.plan.sizing_modes import size_week


@dataclass(frozen=True)
class PublishedWeek:
    """A plan's week: who there is now, and what is required.

    Attributes
    ----------
    people
        As the plan's files say today, which may be other than when the roster was made.
    forecast, requirement
        As published, or made now where nothing is published and that was allowed.
    asked
        The requirement with the corrections of the proof that was published with it: what the roster is for.
    case
        People and ``asked`` for the scheduling package.
    notes
        What was assumed.
    """

    plan: Plan
    contacts: Contacts
    people: People
    forecast: pd.DataFrame
    requirement: pd.DataFrame
    asked: pd.DataFrame
    case: Case
    notes: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the week is published."""
        return week_folder(self.plan, self.contacts.week_start)

    def roster(self, path: Path | None = None) -> pd.DataFrame:
        """The published roster, or that of another file.

        Raises
        ------
        BadInput
            There is none, it has defects, or another file's is of another week or of other people.
        """
        given = path is not None
        path = path or self.folder / "roster.csv"
        if not path.is_file():
            raise BadInput(
                "no such roster", file=path,
                accepted=f"the result of `staffing plan {self.plan.folder}`, or another file with --roster",
            )  # fmt: skip
        case = self.case
        known = implied(case.agents, case.kinds, case.demand.queues, case.team_rules.activities)
        table = read_roster(path, self.plan.settings.plan.timezone, known)
        if given:
            self._check_about(table, path)
        return table

    def _check_about(self, table: pd.DataFrame, path: Path) -> None:
        """Whether a roster is of this week and of these people."""
        first, last = self.case.demand.days[0].date(), self.case.demand.days[-1].date()
        days = [start.date() for start in table["start"]]
        if not any(first <= day <= last for day in days):
            found = f"{min(days)} to {max(days)}" if days else "no rows"
            raise BadInput(
                "a roster without any shift in the plan's week", file=path, field="start", value=found,
                accepted=f"shifts from {first} to {last}",
            )  # fmt: skip
        ids = {agent.id for agent in self.case.agents}
        people = sorted(set(table["agent"]))
        strange = [agent for agent in people if agent not in ids]
        if 2 * len(strange) > len(people):
            some = ", ".join(strange[:5]) + (" …" if len(strange) > 5 else "")
            raise BadInput(
                f"{len(strange)} of the roster's {len(people)} people are not in the plan",
                file=path, field="agent", value=some, accepted="a roster of the plan's people",
            )  # fmt: skip


def read_week(
    path: Path | str, *, seed: int | None = None, make_missing: bool = False, on_progress: Progress = silent
) -> PublishedWeek:
    """Read a plan, its people and what is published of its week.

    Parameters
    ----------
    make_missing
        Whether forecast and requirement are made now, in memory, where none are published.

    Raises
    ------
    BadInput
        Defects of the plan and its files, or a stage that has not been run.
    """
    plan = load_plan(path, seed)
    contacts = read_contacts(plan)
    people = read_people(plan, contacts.week_start)
    folder = week_folder(plan, contacts.week_start)
    if make_missing and not (folder / "requirement.csv").is_file():
        forecast = forecast_week(plan, contacts, on_progress).forecast
        requirement = asked = size_week(plan, forecast, people)
        stale = ""
    else:
        forecast = published(plan, contacts, FORECAST)
        requirement = published(plan, contacts, REQUIREMENT)
        asked, stale = asked_requirement(plan, contacts)
    case = Case.of(people, week_demand(plan, asked, people))
    notes = (stale,) if stale else ()
    return PublishedWeek(plan, contacts, people, forecast, requirement, asked, case, notes)
