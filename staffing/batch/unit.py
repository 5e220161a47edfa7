"""One plan as a unit of work: locked, planned, reported and published whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from staffing.batch.manifest import unit_manifest
from staffing.files.lock import locked
from staffing.files.manifest import write_manifest
from staffing.files.publish import ensure_writable, publish
from staffing.plan.loading import Plan, load_plan
from staffing.plan.outputs import (
    files_of_others,
    week_folder,
    write_forecast,
    write_requirement,
    write_roster,
)
from staffing.plan.pipeline import Progress, misses, plan_week, silent
from staffing.plan.result import PlanResult
from staffing.report import render


@dataclass(frozen=True)
class Outcome:
    """What became of one plan.

    Attributes
    ----------
    plan, result
        The plan and what it found.
    misses
        Targets missed and limits hit; empty when all is well.
    folder
        Where the result was published; ``None`` after a dry run.
    """

    plan: Plan
    result: PlanResult
    misses: tuple[str, ...]
    folder: Path | None

    @property
    def exit_code(self) -> int:
        """0, or 5 when a target is missed or a limit was hit."""
        return 5 if self.misses else 0


def run_unit(
    path: Path | str,
    *,
    seed: int | None = None,
    prove: bool | None = None,
    dry_run: bool = False,
    on_progress: Progress = silent,
) -> Outcome:
    """Plan a week from its files to its published result.

    Parameters
    ----------
    prove
        Whether the roster is proved by simulation; ``None`` leaves it to the plan.

    Raises
    ------
    BadInput, NoRoster, Locked
        Nothing on disk has changed then.
    """
    plan = load_plan(path, seed)
    if prove is not None:
        plan = plan.proving(prove)
    if dry_run:
        result = plan_week(plan, on_progress)
        return Outcome(plan, result, tuple(misses(result)), None)
    with locked(plan.folder):
        ensure_writable(plan.folder / "out" / "week")
        result = plan_week(plan, on_progress)
        folder = week_folder(plan, result.week_start)
        outcome = Outcome(plan, result, tuple(misses(result)), folder)
        on_progress("write the result")
        html = render(result)

        def write(place: Path) -> None:
            write_forecast(place, result.forecast, result.leaderboard, result.cleaning, result.beside)
            write_requirement(place, result.requirement)
            write_roster(place, result, html, folder)
            write_manifest(place, unit_manifest(plan, result, outcome.misses))

        publish(folder, write, carry=files_of_others(folder))
    return outcome
