"""Many plans side by side: one that fails does not stop the others, one that is current is skipped."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from joblib import Parallel, delayed

from staffing.batch.manifest import plan_fingerprint
from staffing.batch.unit import run_unit
from staffing.errors import BadInput, StaffingError
from staffing.files.manifest import is_current, read_manifest
from staffing.files.publish import publish_file
from staffing.files.schemas import BATCH
from staffing.files.tables import write_table
from staffing.files.text import write_text
from staffing.plan.contacts import read_contacts
from staffing.plan.loading import Plan, load_plan
from staffing.plan.outputs import week_folder

FAILED = "failed"


@dataclass(frozen=True)
class UnitSummary:
    """One plan of a batch: ``state`` is planned, up to date, to do or failed."""

    plan: str
    week: str
    state: str
    exit_code: int
    cost: float | None = None
    currency: str = ""
    gap: float | None = None
    message: str = ""


@dataclass(frozen=True)
class BatchSummary:
    """All plans of a batch, by path."""

    units: tuple[UnitSummary, ...]

    @property
    def exit_code(self) -> int:
        """6 if a plan failed, else 5 if one misses a target, else 0."""
        if any(unit.state == FAILED for unit in self.units):
            return 6
        return 5 if any(unit.exit_code == 5 for unit in self.units) else 0

    def sentence(self) -> str:
        """How many plans ended how."""
        states = [unit.state for unit in self.units]
        parts = [f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states))]
        return f"{len(states)} plans: {', '.join(parts)}"

    def document(self) -> dict[str, Any]:
        """The summary as JSON."""
        return {"exit_code": self.exit_code, "plans": [asdict(unit) for unit in self.units]}


def run_batch(
    folder: Path,
    *,
    jobs: int | None = None,
    force: bool = False,
    dry_run: bool = False,
    on_progress: Callable[[str], None],
) -> BatchSummary:
    """Plan every ``plan.toml`` below a folder and write ``batch.csv`` and ``batch.json`` into it.

    Raises
    ------
    BadInput
        There is no plan below the folder, or the summary cannot be written.
    """
    paths = find_plans(folder)
    if not paths:
        raise BadInput("no plan.toml below this folder", file=folder, accepted="a folder with plans")
    on_progress(f"{len(paths)} plans")
    workers = min(len(paths), jobs or os.cpu_count() or 1)
    tasks = (delayed(_unit)(path, folder, force, dry_run) for path in paths)
    done: list[UnitSummary] = []
    results: Iterable[UnitSummary] = Parallel(n_jobs=workers, return_as="generator_unordered")(tasks)
    for unit in results:
        done.append(unit)
        on_progress(f"{len(done)} of {len(paths)} plans: {unit.plan} {unit.state}")
    summary = BatchSummary(tuple(sorted(done, key=lambda unit: unit.plan)))
    if not dry_run:
        table = pd.DataFrame([asdict(unit) for unit in summary.units])
        publish_file(folder / "batch.csv", lambda path: _write_csv(path, table))
        publish_file(folder / "batch.json", lambda path: write_text(path, _json(summary)))
    return summary


def find_plans(folder: Path) -> list[Path]:
    """Plans below a folder, results and hidden folders left out, in a fixed order."""
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "out" and not name.startswith("."))
        if "plan.toml" in files:
            found.append(Path(parent, "plan.toml"))
    return sorted(found)


def _write_csv(path: Path, table: pd.DataFrame) -> None:
    write_table(path, table, BATCH)


def _json(summary: BatchSummary) -> str:
    return json.dumps(summary.document(), indent=2, sort_keys=True, allow_nan=False) + "\n"


def _unit(path: Path, base: Path, force: bool, dry_run: bool) -> UnitSummary:
    name = path.parent.relative_to(base).as_posix()
    try:
        plan = load_plan(path)
        week_start = read_contacts(plan).week_start
        week, folder = week_start.date().isoformat(), week_folder(plan, week_start)
        if not force and is_current(folder, plan_fingerprint(plan, week_start)):
            return _up_to_date(name, week, plan, folder)
        if dry_run:
            return UnitSummary(name, week, "to do", 0)
        outcome = run_unit(path)
    except StaffingError as error:
        return UnitSummary(name, "", FAILED, error.exit_code, message=str(error))
    except Exception as error:  # one broken plan must not end the others
        return UnitSummary(name, "", FAILED, 1, message=f"unexpected {type(error).__name__}: {error}")
    roster = outcome.result.roster
    return UnitSummary(
        name, week, "planned", outcome.exit_code, round(outcome.result.paid_cost, 2), outcome.result.currency,
        round(roster.gap, 6), "; ".join(outcome.misses),
    )  # fmt: skip


def _up_to_date(name: str, week: str, plan: Plan, folder: Path) -> UnitSummary:
    manifest = read_manifest(folder) or {}
    found = manifest.get("solver", {}).get("roster", {})
    missed = [
        note.removeprefix("missed: ") for note in manifest.get("notes", []) if note.startswith("missed: ")
    ]
    return UnitSummary(
        name, week, "up to date", 5 if missed else 0, round(found["paid_cost"], 2), plan.settings.plan.currency,
        round(found["gap"], 6), "; ".join(missed),
    )  # fmt: skip
