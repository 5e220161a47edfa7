"""A published week is planned again: little changes, the roster before is kept, and every difference is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from staffing.batch.manifest import plan_fingerprint
from staffing.cli.main import run
from staffing.files.lock import locked
from staffing.files.manifest import is_current
from staffing.plan.loading import load_plan

ILL = "agent_id,start,end,kind\np2,2026-02-17,2026-02-18,leave\n"


@pytest.fixture(scope="module")
def published(make_quick: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    shop = make_quick(tmp_path_factory.mktemp("published") / "shop")
    assert run(["plan", str(shop.folder), "-q"]) == 0
    return shop


@pytest.fixture
def planned(published: Any, quick: Any) -> Any:
    """A shop with a published week of its own."""
    for path in sorted((published.folder / "out").rglob("*")):
        place = quick.folder / path.relative_to(published.folder)
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.write_bytes(path.read_bytes())
    return quick


def shifts(path: Path) -> set[tuple[str, str]]:
    table = pd.read_csv(path)
    return set(table[["agent", "shift_id"]].drop_duplicates().itertuples(index=False, name=None))


def state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_an_illness_changes_the_week_of_who_is_ill(planned: Any, capsys: pytest.CaptureFixture[str]) -> None:
    before = (planned.week / "roster.csv").read_bytes()
    planned.file("ill.csv", ILL)
    assert run(["replan", str(planned.folder), "--absences", str(planned.folder / "ill.csv")]) == 0
    told = capsys.readouterr().out
    assert (planned.week / "roster_before.csv").read_bytes() == before
    old, new = shifts(planned.week / "roster_before.csv"), shifts(planned.week / "roster.csv")
    assert not {
        (agent, shift) for agent, shift in new if agent == "p2" and shift[:10] in ("2026-02-17", "2026-02-18")
    }
    changes = pd.read_csv(planned.week / "changes.csv")
    assert {(row.agent, row.day) for row in changes.itertuples() if row.change != "breaks moved"} == {
        (agent, shift[:10]) for agent, shift in old ^ new
    }
    assert "p2: " in told
    assert "leave" in told
    assert "none broken" in told
    assert (planned.week / "forecast.csv").is_file()
    manifest = json.loads((planned.week / "manifest.json").read_text(encoding="utf-8"))
    assert any("Planned again" in note for note in manifest["notes"])
    assert "roster_before.csv" in manifest["outputs"]


def test_nothing_new_changes_nothing(planned: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["replan", str(planned.folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["replanned"]["changed"] == 0
    assert found["replanned"]["changes"] == []
    assert found["replanned"]["breaks_moved"] == 0
    columns = ["agent", "shift_id", "activity", "start", "end"]
    now, before = (pd.read_csv(planned.week / name)[columns] for name in ("roster.csv", "roster_before.csv"))
    assert now[now["activity"] != "work"].equals(before[before["activity"] != "work"])
    assert shifts(planned.week / "roster.csv") == shifts(planned.week / "roster_before.csv")


def at_work(week: Path, agent: str) -> set[str]:
    """Days on which somebody works."""
    return {shift[:10] for who, shift in shifts(week / "roster.csv") if who == agent}


def test_an_illness_is_remembered_by_whatever_reads_the_week_later(
    planned: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    ill = planned.file("ill.csv", ILL.replace("leave", "sick")).folder / "ill.csv"
    more = (
        planned.file("more.csv", ILL.replace("leave", "sick") + "p3,2026-02-20,,sick\n").folder / "more.csv"
    )
    ill_days = {"2026-02-17", "2026-02-18"}
    ran = [["replan", str(planned.folder), "--absences", str(path), "-q"] for path in (ill, more)]
    assert run(ran[0]) in (0, 5)
    assert not at_work(planned.week, "p2") & ill_days
    roster = planned.week / "roster.csv"
    assert run(["check", str(roster), "--plan", str(planned.folder), "-q"]) == 0
    before = planned.week / "roster_before.csv"
    if {shift[:10] for who, shift in shifts(before) if who == "p2"} & ill_days:
        assert run(["check", str(before), "--plan", str(planned.folder)]) == 5
        assert "leave" in capsys.readouterr().out
    frozen = ["--freeze-until", "2026-02-18"]
    assert run([*ran[1], *frozen]) in (0, 5)
    assert (planned.week / "absences.csv").read_text(encoding="utf-8") == more.read_text(encoding="utf-8")
    assert run(["replan", str(planned.folder), *frozen, "-q"]) in (0, 5)
    for command in ([], ["plan"], ["roster"]):
        if command:
            assert run([*command, str(planned.folder), "-q"]) in (0, 5)
        assert not at_work(planned.week, "p2") & ill_days, command
        assert "2026-02-20" not in at_work(planned.week, "p3"), command
    manifest = json.loads((planned.week / "manifest.json").read_text(encoding="utf-8"))
    assert "out/2026-02-16/absences.csv" in manifest["inputs"]


def test_a_replanned_week_counts_as_up_to_date(planned: Any) -> None:
    ill = planned.file("ill.csv", ILL).folder / "ill.csv"
    assert run(["replan", str(planned.folder), "--absences", str(ill), "-q"]) in (0, 5)
    plan = load_plan(planned.folder)
    first = pd.Timestamp("2026-02-16", tz="Europe/Berlin")
    assert is_current(planned.week, plan_fingerprint(plan, first))
    (planned.week / "absences.csv").write_text(ILL.replace("p2", "p3"), encoding="utf-8")
    assert not is_current(planned.week, plan_fingerprint(plan, first))


def test_somebody_who_left_the_plan_may_stand_in_the_absences_of_the_week(planned: Any) -> None:
    (planned.week / "absences.csv").write_text(ILL.replace("p2", "gone"), encoding="utf-8")
    assert run(["replan", str(planned.folder), "-q"]) in (0, 5)


def test_what_a_frozen_day_loses_is_told_once_and_in_a_sentence(planned: Any) -> None:
    ill = planned.file("ill.csv", ILL.replace("leave", "sick")).folder / "ill.csv"
    options = ["--absences", str(ill), "--freeze-until", "2026-02-20", "-q"]
    assert run(["replan", str(planned.folder), *options]) in (0, 5)
    notes = json.loads((planned.week / "manifest.json").read_text(encoding="utf-8"))["notes"]
    assert len(notes) == len(set(notes))
    told = [note for note in notes if "did not stay" in note]
    assert "The frozen Tue 2026-02-17 of p2 (day 09:00–17:00) did not stay: leave." in told
    wishes = pd.read_csv(planned.week / "wishes.csv")
    refused = wishes[~wishes["granted"]]
    assert set(refused["reason"]) <= {"refused: the day is frozen"}


def test_people_who_cannot_keep_frozen_days_are_named_once(planned: Any) -> None:
    """Four of five days are the least; who has four and loses one must work on the fifth, which was frozen free."""
    worked = {who: sorted(at_work(planned.week, who)) for who in ("p1", "p2", "p3", "p4", "p5")}
    who = next(name for name, days in worked.items() if len(days) == 4)
    planned.file("away.csv", f"agent_id,start,end,kind\n{who},{worked[who][0]},,unavailable\n")
    options = ["--absences", str(planned.folder / "away.csv"), "--freeze-until", "2026-02-22", "-q"]
    assert run(["replan", str(planned.folder), *options]) in (0, 5)
    notes = json.loads((planned.week / "manifest.json").read_text(encoding="utf-8"))["notes"]
    assert [note for note in notes if "cannot be kept by" in note] == [f"frozen days cannot be kept by {who}"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2026-02-", "2026-03-", ["2026-03-16", "shifts from 2026-02-16 to 2026-02-22"]),
        (",", ",", ["no rows"]),
        ("\np", "\nx", ["people are not in the plan", "x1, x2"]),
    ],
)
def test_3_a_roster_of_another_week_or_of_other_people(
    planned: Any, old: str, new: str, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = (planned.week / "roster.csv").read_text(encoding="utf-8").replace(old, new)
    planned.file("other.csv", text if old != new else text.splitlines()[0] + "\n")
    assert run(["replan", str(planned.folder), "--roster", str(planned.folder / "other.csv")]) == 3
    error = capsys.readouterr().err
    assert "other.csv" in error
    for part in told:
        assert part in error


def test_the_same_seed_gives_the_same_bytes(planned: Any) -> None:
    planned.file("ill.csv", ILL)
    arguments = ["replan", str(planned.folder), "--absences", str(planned.folder / "ill.csv"), "-q"]
    roster = (planned.week / "roster.csv").read_bytes()
    assert run(arguments) == 0
    first = state(planned.week)
    (planned.week / "roster.csv").write_bytes(roster)
    assert run(arguments) == 0
    again = state(planned.week)
    tables = [name for name in first if name.endswith(".csv")]
    assert {name: again[name] for name in tables} == {name: first[name] for name in tables}


def test_frozen_days_stay(planned: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = planned.week / "requirement.csv"
    table = pd.read_csv(path)
    table["scheduled"] *= 4
    table.to_csv(path, index=False)
    options = [
        "--price-per-change",
        "0",
        "--freeze-until",
        "2026-02-17",
        "--freeze",
        "fri",
        "--json",
        "--dry-run",
    ]
    code = run(["replan", str(planned.folder), *options])
    found = json.loads(capsys.readouterr().out)
    assert code == found["exit_code"]
    changed = {row["day"] for row in found["replanned"]["changes"]}
    assert not changed & {"2026-02-16", "2026-02-17", "2026-02-20"}
    assert found["replanned"]["not_kept"] == []


def lunches(path: Path) -> dict[tuple[str, str], str]:
    """Person and shift to the start of the lunch."""
    table = pd.read_csv(path)
    rows = table[table["activity"] == "lunch"]
    return dict(zip(zip(rows["agent"], rows["shift_id"], strict=True), rows["start"], strict=True))


def test_breaks_of_frozen_days_stay_and_others_that_move_are_named_apart(
    planned: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """All at once are wanted from noon to one: lunches leave that hour, but on Monday."""
    path = planned.week / "requirement.csv"
    table = pd.read_csv(path)
    table.loc[table["start"].str[11:13] == "12", "scheduled"] = 9
    table.to_csv(path, index=False)
    assert run(["replan", str(planned.folder), "--freeze", "mon", "--json"]) in (0, 5)
    found = json.loads(capsys.readouterr().out)["replanned"]
    changes = pd.read_csv(planned.week / "changes.csv")
    moved = changes[changes["change"] == "breaks moved"]
    assert found["breaks_moved"] == len(moved) > 0
    assert found["changed"] == len(changes) - len(moved)
    before, now = lunches(planned.week / "roster_before.csv"), lunches(planned.week / "roster.csv")
    other = {
        (who, shift[:10])
        for who, shift in before.keys() & now.keys()
        if before[who, shift] != now[who, shift]
    }
    assert other == set(moved[["agent", "day"]].itertuples(index=False, name=None))
    monday = [key for key in before if key[1].startswith("2026-02-16")]
    assert any(before[key][11:13] == "12" for key in monday)
    assert [now[key] for key in monday] == [before[key] for key in monday]
    assert run(["check", str(planned.week / "roster.csv"), "--plan", str(planned.folder), "--json"]) == 0
    cost = json.loads(capsys.readouterr().out)["cost"]
    assert cost == pytest.approx(found["cost_after"], abs=0.005)


def test_a_dry_run_writes_nothing(planned: Any, capsys: pytest.CaptureFixture[str]) -> None:
    planned.file("ill.csv", ILL)
    before = state(planned.folder)
    assert (
        run(["replan", str(planned.folder), "--absences", str(planned.folder / "ill.csv"), "--dry-run"]) == 0
    )
    assert "Changed" in capsys.readouterr().out
    assert state(planned.folder) == before


def test_another_roster_may_be_what_people_have(planned: Any, capsys: pytest.CaptureFixture[str]) -> None:
    text = (planned.week / "roster.csv").read_text(encoding="utf-8")
    planned.file("mine.csv", text.replace("p1,", "tmp,").replace("p2,", "p1,").replace("tmp,", "p2,"))
    mine = planned.folder / "mine.csv"
    assert run(["replan", str(planned.folder), "--roster", str(mine), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["replanned"]["changed"] == 0
    assert shifts(planned.week / "roster_before.csv") == shifts(mine)


def test_4_somebody_who_has_no_week_left(planned: Any, capsys: pytest.CaptureFixture[str]) -> None:
    planned.file("away.csv", "agent_id,start,end,kind\np2,2026-02-16,2026-02-19,unavailable\n")
    before = state(planned.folder / "out")
    assert run(["replan", str(planned.folder), "--absences", str(planned.folder / "away.csv")]) == 4
    text = capsys.readouterr().err
    assert "p2" in text
    assert "repair" in text
    assert "enter it as leave or sick, which takes its hours and days off the contract" in text
    assert state(planned.folder / "out") == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--roster", "nowhere.csv"], "nowhere.csv"),
        (["--absences", "nowhere.csv"], "nowhere.csv"),
        (["--freeze", "2026-03-17"], "2026-03-17"),
    ],
)
def test_3_bad_input(planned: Any, options: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["replan", str(planned.folder), *options]) == 3
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--freeze", "someday"], ["--freeze-until", "soon"], ["--price-per-change", "-1"]]
)
def test_2_a_wrong_command_line(planned: Any, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["replan", str(planned.folder), *options]) == 2
    assert options[0] in capsys.readouterr().err


def test_3_nothing_was_published_yet(quick: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["replan", str(quick.folder)]) == 3
    assert "staffing forecast" in capsys.readouterr().err


def test_7_another_run_holds_the_plan(planned: Any) -> None:
    with locked(planned.folder):
        assert run(["replan", str(planned.folder)]) == 7


def test_a_new_plan_drops_what_was_said_of_the_change(planned: Any) -> None:
    assert run(["replan", str(planned.folder), "-q"]) == 0
    assert (planned.week / "changes.csv").is_file()
    assert run(["plan", str(planned.folder), "-q"]) == 0
    assert not (planned.week / "changes.csv").exists()
    assert not (planned.week / "roster_before.csv").exists()


def test_a_week_that_was_played_through_is_played_through_again(
    make_shop: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_shop(tmp_path / "shop")
    assert run(["plan", str(folder), "-q"]) == 0
    assert run(["replan", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "Changed   0 shifts" in out, "the roster is judged by the requirement that its proof asked for"
    assert "Played    through" in out
    assert (folder / "out" / "2026-02-16" / "proof.csv").is_file()
    assert run(["check", str(folder / "out" / "2026-02-16" / "roster.csv"), "--plan", str(folder)]) == 0
