"""A centre that never closes, with every rule that a plan can declare, week after week."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from staffing.cli.main import run

LUNCH = 'breaks = [{ name = "lunch", length_min = 30, earliest_h = 3, latest_h = 4.5, paid = false }]'


def kind(name: str, start: str) -> str:
    return f'[[shifts]]\nname = "{name}"\nlengths_h = [8]\nstart_from = "{start}"\nstart_until = "{start}"\n{LUNCH}\n'


PLAN = f"""\
[plan]
timezone = "Europe/Berlin"
interval_min = 60
slot_min = 30
seed = 3
week = 2026-02-09
period_from = 2026-02-09
period_weeks = 4

[people]
agents = "agents.csv"
wishes = "wishes.csv"
fixed = "fixed.csv"
activities = "activities.csv"
previous = "last"

[opening_hours]
mon-sun = "00:00-24:00"

[queues.phone]
aht_s = 300

{kind("early", "06:00")}
{kind("late", "14:00")}
{kind("night", "22:00")}
[contracts.full]
shifts = ["early", "late", "night"]
hours_per_week = [22.5, 45]
days_per_week = [3, 6]
cost_per_hour = 20
hours_per_period = [100, 170]
target_hours = 37.5
target_price_per_hour = 3
overtime_after_hours = 37.5
overtime_share = 0.25
daily_overtime_after_hours = 7
cost_per_shift = 2

[contracts.full.rules]
max_weekends = 3

[rules]
law = "DE"
max_nights_in_a_row = 4
forbidden_successions = [["night", "early"], ["late", "early"], ["night", "late"]]
min_consecutive_days = 2
min_consecutive_days_off = 2

[[presence]]
name = "a lead"
at_least = 1
skill = "phone"
level = 2
start = "08:00"
end = "16:00"
weekdays = "mon-fri"
price_per_hour = 50

[[pairs]]
agents = ["p1", "p2"]
together = false
price_per_hour = 10

[fairness]
weekend = 20
late_shift = 2
refused_wish = 0.5

[proof]
enabled = false
"""


def round_the_clock(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    hours = pd.date_range("2026-01-05", periods=42 * 24, freq="h")
    contacts = np.random.default_rng(5).poisson(3, len(hours))
    history = {"queue": "phone", "start": hours.strftime("%Y-%m-%d %H:%M"), "contacts": contacts}
    pd.DataFrame(history).to_csv(folder / "history.csv", index=False)
    rows = [f"p{n},full,phone{':2' if n % 3 == 1 else ''},{'A' if n % 2 else 'B'}" for n in range(1, 13)]
    (folder / "agents.csv").write_text(
        "agent_id,contract,skills,team\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    (folder / "wishes.csv").write_text(
        "agent_id,day,wish,shift,weight\np1,2026-02-11,day_off,,5\np2,2026-02-12,shift,early,8\n"
        "p3,2026-02-13,not_shift,night,8\n",
        encoding="utf-8",
    )
    (folder / "fixed.csv").write_text("agent,day,shift\np4,2026-02-17,early\n", encoding="utf-8")
    (folder / "activities.csv").write_text(
        "name,agents,length_min,start,end,price\nteam A,team:A,60,wed 06:00,22:00,80\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The centre after two weeks, planned one after the other."""
    folder = round_the_clock(tmp_path_factory.mktemp("clock") / "centre")
    assert run(["plan", str(folder), "-q"]) in (0, 5)
    plan = folder / "plan.toml"
    plan.write_text(PLAN.replace("week = 2026-02-09", "week = 2026-02-16"), encoding="utf-8")
    assert run(["plan", str(folder), "-q"]) in (0, 5)
    return folder


def manifest(week: Path) -> dict:
    found: dict = json.loads((week / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_every_rule_holds_by_the_independent_check(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    week = centre / "out" / "2026-02-16"
    assert run(["check", str(week / "roster.csv"), "--plan", str(centre), "--json"]) == 0
    verdict = json.loads(capsys.readouterr().out)
    checked = {row["rule"]: row["checked"] for row in verdict["rules"]}
    for rule in (
        "weekly rest",
        "nights in a row",
        "forbidden succession",
        "weekends",
        "period hours",
        "fixed shift",
    ):
        assert checked[rule] > 0, rule
    assert verdict["cost"] == pytest.approx(manifest(week)["solver"]["roster"]["objective"], abs=0.01)
    assert verdict["cost_parts"]["shift_fees"] > 0
    assert verdict["cost_parts"]["overtime"] > 0


def test_mondays_first_hours_are_those_of_sundays_night(centre: Path) -> None:
    first, second = (centre / "out" / week for week in ("2026-02-09", "2026-02-16"))
    nights = pd.read_csv(first / "roster.csv")
    on_sunday = nights[nights["shift_id"].str.startswith("2026-02-15-night")]["agent"].nunique()
    assert on_sunday > 0, "somebody works the Sunday night"
    early = {}
    for week in (first, second):
        coverage = pd.read_csv(week / "coverage.csv")
        hours = coverage[coverage["start"].str.startswith(week.name + "T00")]
        early[week.name] = float(hours["scheduled"].max())
    assert early == {"2026-02-09": 0.0, "2026-02-16": float(on_sunday)}
    notes = manifest(first)["notes"]
    assert any("no roster of an earlier week" in note for note in notes)
    assert any("nobody is at work" in note for note in notes)


def test_the_roster_before_is_an_input_of_the_week(centre: Path) -> None:
    inputs = manifest(centre / "out" / "2026-02-16")["inputs"]
    assert "out/2026-02-09/roster.csv" in inputs
    assert {"fixed.csv", "activities.csv"} <= set(inputs)


def test_a_settled_shift_and_the_meeting_stand_in_the_roster(centre: Path) -> None:
    rows = pd.read_csv(centre / "out" / "2026-02-16" / "roster.csv")
    assert ((rows["agent"] == "p4") & (rows["shift_id"] == "2026-02-17-early-0600-480")).any()
    meeting = rows[rows["activity"] == "team A"]
    assert len(meeting) > 0
    assert meeting["queue"].isna().all()
    assert meeting["paid"].all()
    assert set(meeting["agent"]) <= {f"p{number}" for number in range(1, 13, 2)}


def test_the_balance_of_one_week_is_what_the_next_begins_with(centre: Path) -> None:
    first, second = (
        pd.read_csv(centre / "out" / week / "balance.csv").set_index("agent")
        for week in ("2026-02-09", "2026-02-16")
    )
    assert len(first) == 12
    assert first["weekends"].sum() > 0
    assert first["late_shifts"].sum() > 0
    for count in ("weekends", "late_shifts", "refused_wishes", "hours_balance_min"):
        assert (first[f"{count}_before"] == 0).all()
        pd.testing.assert_series_equal(
            second[f"{count}_before"], first[f"{count}_total"], check_names=False, check_dtype=False
        )
    report = (centre / "out" / "2026-02-16" / "report.html").read_text(encoding="utf-8")
    assert "Weekends worked" in report


def test_the_law_is_named_in_the_report(centre: Path) -> None:
    report = (centre / "out" / "2026-02-16" / "report.html").read_text(encoding="utf-8")
    assert "not legal advice" in report


def test_two_weeks_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = round_the_clock(tmp_path / "two")
    plan = folder / "plan.toml"
    plan.write_text(PLAN.replace("seed = 3", "seed = 3\nweeks = 2"), encoding="utf-8")
    assert run(["plan", str(folder), "--json"]) in (0, 5)
    told = json.loads(capsys.readouterr().out)
    assert told["rules_broken"] == 0
    week = folder / "out" / "2026-02-09"
    days = pd.read_csv(week / "service.csv")["day"]
    assert len(days) == 15
    assert days.iloc[13] == "2026-02-22"
    rows = pd.read_csv(week / "roster.csv")
    assert set(rows.loc[rows["activity"].str.startswith("team A"), "activity"]) == {
        "team A 2026-02-11",
        "team A 2026-02-18",
    }
    assert "Sun 22 Feb" in (week / "report.html").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_bytes(centre: Path) -> None:
    week = centre / "out" / "2026-02-16"
    before = {path.name: path.read_bytes() for path in week.glob("*.csv")}
    assert run(["plan", str(centre), "-q"]) in (0, 5)
    assert {path.name: path.read_bytes() for path in week.glob("*.csv")} == before
