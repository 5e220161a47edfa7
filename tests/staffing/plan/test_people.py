"""People meet their week: turns of rotations, settled shifts and activities of the planned days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from schedules.agents import FixedShift
from staffing.errors import BadInput
from staffing.plan.loading import load_plan
from staffing.plan.people import People, read_people

WEEK = pd.Timestamp("2026-02-16", tz="Europe/Berlin")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def read(shop: Path, people: str = "", week: pd.Timestamp = WEEK) -> People:
    if people:
        edit(shop / "plan.toml", "[people]\n", f"[people]\n{people}\n")
    return read_people(load_plan(shop), week)


@pytest.fixture
def rotating(shop: Path) -> Path:
    edit(
        shop / "plan.toml",
        "[contracts.full]\nshifts = [\"day\"]",
        """[[shifts]]
name = "late"
lengths_h = [8]
start_from = "10:00"
start_until = "10:00"

[contracts.full]
shifts = ["day", "late"]""",
    )  # fmt: skip
    (shop / "agents.csv").write_text(
        "agent_id,contract,skills,rotation\np1,full,phone,day|late|day;late\np2,full,phone,\n",
        encoding="utf-8",
    )
    return shop


@pytest.mark.parametrize(
    ("anchor", "first"),
    [
        ("", ("day",)),
        ("rotation_from = 2026-02-16", ("day",)),
        ("rotation_from = 2026-02-09", ("late",)),
        ("rotation_from = 2026-01-26", ("day",)),
        ("rotation_from = 2026-02-23", ("day", "late")),
    ],
)
def test_a_rotation_goes_on_from_the_week_it_began(
    rotating: Path, anchor: str, first: tuple[str, ...]
) -> None:
    p1, p2 = read(rotating, anchor).agents
    assert p1.rotation[0] == first
    assert sorted(p1.rotation) == [("day",), ("day", "late"), ("late",)]
    assert p2.rotation == ()


def test_fixed_shifts_of_other_weeks_are_told_and_left_out(shop: Path) -> None:
    (shop / "fixed.csv").write_text(
        "agent,day,shift\np1,2026-02-17,day\np1,2026-02-23,day\np2,2026-02-15,day\n", encoding="utf-8"
    )
    people = read(shop, 'fixed = "fixed.csv"')
    assert people.agents[0].fixed == (FixedShift(date(2026, 2, 17), "day"),)
    assert people.agents[1].fixed == ()
    assert any("2 fixed shifts are for other days" in note for note in people.notes)


def test_two_weeks_reach_further(shop: Path) -> None:
    edit(shop / "plan.toml", "seed = 3", "seed = 3\nweeks = 2")
    (shop / "fixed.csv").write_text("agent,day,shift\np1,2026-02-23,day\n", encoding="utf-8")
    (shop / "activities.csv").write_text(
        "name,agents,length_min,start,end\nmeeting,all,60,wed,\n", encoding="utf-8"
    )
    people = read(shop, 'fixed = "fixed.csv"\nactivities = "activities.csv"')
    assert people.agents[0].fixed == (FixedShift(date(2026, 2, 23), "day"),)
    assert [activity.start.date() for activity in people.team_rules.activities] == [
        date(2026, 2, 18),
        date(2026, 2, 25),
    ]


@pytest.mark.parametrize("key", ["fixed", "activities", "previous"])
def test_a_file_that_is_named_must_be_there(shop: Path, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(shop, f'{key} = "nowhere.csv"')
    assert (caught.value.field, caught.value.value) == (f"people.{key}", "nowhere.csv")


def test_a_file_outside_the_plans_folder_is_not_read(shop: Path) -> None:
    (shop.parent / "fixed.csv").write_text("agent,day,shift\n", encoding="utf-8")
    with pytest.raises(BadInput, match="outside the plan's folder"):
        read(shop, 'fixed = "../fixed.csv"')
