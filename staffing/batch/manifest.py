"""The manifest of a plan: its inputs, its settings, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from staffing.files.manifest import Manifest, file_records, fingerprint
from staffing.files.schemas import RULES
from staffing.plan.carry_in import previous_rosters
from staffing.plan.loading import Plan
from staffing.plan.money import paid
from staffing.plan.outputs import WEEK_ABSENCES, week_folder
from staffing.plan.result import PlanResult


def input_files(plan: Plan, week_start: pd.Timestamp) -> list[Path]:
    """Every file that a plan reads for a week."""
    history, people = plan.settings.history, plan.settings.people
    names = [*history.files, history.events, history.overlay, history.exclusions]
    names += [people.agents, people.absences, people.wishes, people.fixed, people.activities]
    files = [plan.path, *(plan.folder / name for name in names if name is not None)]
    told = week_folder(plan, week_start) / WEEK_ABSENCES
    if told.is_file():
        files.append(told)
    return [*files, *previous_rosters(plan, week_start.date())]


def plan_fingerprint(plan: Plan, week_start: pd.Timestamp) -> str:
    """A hash that changes whenever the plan's tables could."""
    return fingerprint(*_origin(plan, week_start))


def unit_manifest(plan: Plan, result: PlanResult, missed: Sequence[str]) -> Manifest:
    """Manifest of a whole plan."""
    inputs, parameters, seed = _origin(plan, result.week_start)
    return Manifest(
        plan=plan.settings.plan.name,
        inputs=inputs,
        parameters=parameters,
        seed=seed,
        solver={
            name: {
                "status": part.status,
                "objective": part.cost,
                "paid_cost": paid(part.cost_parts),
                "bound": part.bound,
                "gap": part.gap,
            }
            for name, part in (("shifts", result.design), ("roster", result.roster))
        },
        checks=[
            dict(zip(RULES.names, row, strict=True))
            for row in result.check.rules[list(RULES.names)].to_numpy().tolist()
        ],
        notes=[*result.notes, *(f"missed: {miss}" for miss in missed)],
        timings_s=result.timings_s,
    )


def stage_manifest(plan: Plan, week_start: pd.Timestamp, stage: str, stale: Sequence[str]) -> Manifest:
    """Manifest of a folder in which one stage was run alone."""
    inputs, parameters, seed = _origin(plan, week_start)
    notes = [f"the stage {stage!r} was run alone"]
    if stale:
        notes.append(f"out of date, made from what this stage has replaced: {', '.join(stale)}")
    # Without the stage among the parameters a half-planned folder would pass for an up-to-date one.
    return Manifest(
        plan=plan.settings.plan.name,
        inputs=inputs,
        parameters={**parameters, "stage": stage},
        seed=seed,
        notes=notes,
    )


def _origin(plan: Plan, week_start: pd.Timestamp) -> tuple[dict[str, dict[str, Any]], dict[str, Any], int]:
    inputs = file_records(input_files(plan, week_start), plan.folder)
    return inputs, plan.settings.model_dump(mode="json"), plan.settings.plan.seed
