"""Rules that cannot hold, people who cannot work, work that nobody can do: the exit code and the names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from staffing.cli.main import run

RULES = "[rules]\n"


def message(capsys: pytest.CaptureFixture[str]) -> str:
    text = capsys.readouterr().err
    assert "Traceback" not in text
    return text


CONTRADICTIONS = {
    "weekly rest": ("[rules]\nweekly_rest_h = 168", "weekly rest"),
    "days in a row": ("[rules]\nmax_consecutive_days = 1\nmin_consecutive_days_off = 3", "free days"),
    "days worked and days off that do not add up": (
        "[rules]\nmax_consecutive_days = 3\nmin_consecutive_days_off = 4", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_4_rules_that_leave_nobody_a_week_name_everybody(
    quick: Any, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rules, told = CONTRADICTIONS[case]
    quick.add(rules)
    assert run(["plan", str(quick.folder)]) == 4
    text = message(capsys)
    assert all(f"p{number}" in text for number in range(1, 6))
    assert told in text
    assert "cheapest repair" in text
    assert not quick.week.exists()


def test_3_rules_that_contradict_each_other_by_themselves(
    quick: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    quick.add("[rules]\nmin_consecutive_days = 7")
    assert run(["plan", str(quick.folder)]) == 3
    text = message(capsys)
    assert "plan.toml:" in text
    assert "min_consecutive_days" in text


def test_4_a_person_who_can_never_work(quick: Any, capsys: pytest.CaptureFixture[str]) -> None:
    quick.edit("agents.csv", "p3,full,phone,", "p3,full,phone,sat-sun 02:00-04:00")
    assert run(["plan", str(quick.folder)]) == 4
    text = message(capsys)
    assert "p3" in text
    assert "availability" in text
    assert "p2" not in text


def test_0_a_person_who_can_never_work_and_need_not(quick: Any) -> None:
    quick.edit("plan.toml", "hours_per_week = [30, 37.5]\ndays_per_week = [4, 5]",
               "hours_per_week = [0, 37.5]\ndays_per_week = [0, 5]")  # fmt: skip
    quick.edit("agents.csv", "p3,full,phone,", "p3,full,phone,sat-sun 02:00-04:00")
    assert run(["plan", str(quick.folder), "-q"]) == 0
    assert "p3" not in (quick.week / "roster.csv").read_text(encoding="utf-8")


def test_5_a_skill_that_nobody_has(quick: Any, capsys: pytest.CaptureFixture[str]) -> None:
    quick.edit(
        "plan.toml",
        "[[shifts]]",
        '[queues.desk]\nlike = "phone"\nlike_share = 0.5\naht_s = 300\n\n[[shifts]]',
    )
    assert run(["plan", str(quick.folder)]) == 5
    assert "desk: nobody has this skill" in capsys.readouterr().out


FIXED = {
    "a day of leave": ("p2,2026-02-17,day", "leave", True),
    "no availability": ("p3,2026-02-17,day", "availability", False),
    "a sixth day in a row": ("p4,2026-02-17,day\np4,2026-02-18,day\np4,2026-02-19,day", "", False),
}


@pytest.mark.parametrize("case", FIXED)
def test_4_a_fixed_shift_that_breaks_a_rule(
    quick: Any, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, told, leave = FIXED[case]
    quick.file("fixed.csv", f"agent,day,shift\n{rows}\n", "fixed")
    if leave:
        quick.file("absences.csv", "agent_id,start,end,kind\np2,2026-02-17,,leave\n", "absences")
    elif "p3" in rows:
        quick.edit("agents.csv", "p3,full,phone,", "p3,full,phone,mon 08:00-18:00; wed-sun 08:00-18:00")
    else:
        quick.add("[rules]\nmax_consecutive_days = 2")
    assert run(["plan", str(quick.folder)]) == 4
    text = message(capsys)
    assert rows[:2] in text
    assert "fixed" in text
    assert told in text


def test_3_a_fixed_shift_of_nobody(quick: Any, capsys: pytest.CaptureFixture[str]) -> None:
    quick.file("fixed.csv", "agent,day,shift\np9,2026-02-17,day\n", "fixed")
    assert run(["plan", str(quick.folder)]) == 3
    text = message(capsys)
    assert "fixed.csv:2" in text
    assert "p9" in text


def test_5_a_demand_that_no_staff_can_meet_spreads_its_shortage(
    make_quick: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = make_quick(tmp_path / "shop", contacts_per_hour=200.0)
    assert run(["plan", str(shop.folder)]) == 5
    out = capsys.readouterr().out
    assert "Missed    phone" in out
    assert (shop.week / "roster.csv").is_file()
    assert run(["check", str(shop.week / "roster.csv"), "--plan", str(shop.folder), "-q"]) == 0


def test_3_nobody_at_all(quick: Any, capsys: pytest.CaptureFixture[str]) -> None:
    (quick.folder / "agents.csv").write_text("agent_id,contract,skills\n", encoding="utf-8")
    assert run(["plan", str(quick.folder)]) == 3
    assert "agents.csv" in message(capsys)
    quick.edit("plan.toml", 'agents = "agents.csv"\n', "").edit("plan.toml", 'wishes = "wishes.csv"\n', "")
    assert run(["plan", str(quick.folder)]) == 3
    assert "nobody to schedule" in message(capsys)


def test_3_more_people_than_a_group_may_have(quick: Any, capsys: pytest.CaptureFixture[str]) -> None:
    quick.add('[[groups]]\nname = "crowd"\ncontract = "full"\nskills = ["phone"]\ncount = 20_001')
    assert run(["plan", str(quick.folder)]) == 3
    text = message(capsys)
    assert "groups[1].count" in text
    assert "20000" in text


@pytest.mark.slow
def test_twenty_thousand_people_end_with_a_roster(quick: Any, capsys: pytest.CaptureFixture[str]) -> None:
    quick.edit("plan.toml", "seed = 3", "seed = 3\ntime_limit_s = 5")
    quick.add('[[groups]]\nname = "crowd"\ncontract = "full"\nskills = ["phone"]\ncount = 20_000')
    assert run(["plan", str(quick.folder), "--dry-run"]) == 5
    assert "stopped at a limit" in capsys.readouterr().out


def test_3_a_law_that_is_not_known_here(quick: Any, capsys: pytest.CaptureFixture[str]) -> None:
    quick.add('[rules]\nlaw = "XX"')
    assert run(["plan", str(quick.folder)]) == 3
    text = message(capsys)
    assert "rules.law" in text
    assert "US-CA" in text


def test_0_where_a_plan_is_weaker_than_its_law_the_article_is_named(
    quick: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    quick.add('[rules]\nlaw = "DE"\nmin_rest_h = 9')
    assert run(["plan", str(quick.folder)]) == 0
    out = capsys.readouterr().out
    assert "9 h of rest; § 5(1) ArbZG asks for 11 h of rest" in out
    assert "not legal advice" in out
    report = (quick.week / "report.html").read_text(encoding="utf-8")
    assert "§ 5(1) ArbZG" in report
    assert "not legal advice" in report
