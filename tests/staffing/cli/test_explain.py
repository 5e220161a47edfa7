"""The roster answers questions, about people, wishes, hiring and what stands in the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from staffing.cli.main import run


@pytest.fixture(scope="module")
def planned(make_quick: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    shop = make_quick(tmp_path_factory.mktemp("explained") / "shop")
    assert run(["plan", str(shop.folder), "-q"]) == 0
    return shop


def answers(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert run(["explain", *arguments, "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_why_a_person_works_a_shift(planned: Any, capsys: pytest.CaptureFixture[str]) -> None:
    found = answers(capsys, str(planned.folder), "--agent", "p2", "--day", "2026-02-17")
    assert list(found) == ["shift"]
    assert "p2" in found["shift"]["question"]
    assert found["shift"]["sentences"]
    assert {"alternative", "extra_cost", "possible"} <= set(found["shift"]["rows"][0])


def test_what_the_wishes_cost(planned: Any, capsys: pytest.CaptureFixture[str]) -> None:
    everybody = answers(capsys, str(planned.folder), "--wish", "all")["wishes"]
    assert [(row["agent"], row["day"]) for row in everybody["rows"]] == [("p1", "2026-02-18")]
    own = answers(capsys, str(planned.folder), "--wish", "p1")["wishes"]
    assert own["rows"] == everybody["rows"]
    assert "day off" in own["sentences"][0]
    none = answers(capsys, str(planned.folder), "--wish", "p2")["wishes"]
    assert none["rows"] == []
    assert "p2 has no wish" in none["sentences"][0]


def test_what_one_more_person_would_save(planned: Any, capsys: pytest.CaptureFixture[str]) -> None:
    rows = answers(capsys, str(planned.folder), "--next-agent")["next_agent"]["rows"]
    assert [row["contract"] for row in rows] == ["full"]
    assert rows[0]["saves_per_week"] < 0, "five people are already more than enough"


def test_which_rule_costs_most(planned: Any, capsys: pytest.CaptureFixture[str]) -> None:
    found = answers(capsys, str(planned.folder), "--rules")["rules"]
    assert found["sentences"]
    assert "minimum rest" in [row["rule"] for row in found["rows"]]


def test_several_questions_are_answered_in_words(planned: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", str(planned.folder), "--wish", "all", "--infeasible"]) == 0
    out = capsys.readouterr().out
    assert "What the wishes cost" in out
    assert "legal week" in out


def test_4_why_no_roster_exists_before_anything_is_published(
    quick: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    quick.edit("agents.csv", "p2,full,phone,", "p2,full,phone,mon-wed 09:00-17:00")
    found = answers(capsys, str(quick.folder), "--infeasible", code=4)["infeasible"]
    people = [row for row in found["rows"] if row["about"] == "person"]
    assert [row["who"] for row in people] == ["p2"]
    assert people[0]["repair"]
    assert not quick.week.exists()


@pytest.mark.parametrize(
    "options",
    [[], ["--agent", "p1"], ["--day", "2026-02-17"], ["--agent", "p1", "--day", "tuesday"]],
)
def test_2_a_question_that_is_none(
    planned: Any, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", str(planned.folder), *options]) == 2
    assert "Usage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        (["--agent", "p9", "--day", "2026-02-17"], "--agent", "p9"),
        (["--agent", "p1", "--day", "2026-02-27"], "--day", "2026-02-27"),
        (["--wish", "p9"], "--wish", "p9"),
    ],
)
def test_3_somebody_or_a_day_that_the_plan_does_not_have(
    planned: Any, options: list[str], field: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", str(planned.folder), *options]) == 3
    text = capsys.readouterr().err
    assert field in text
    assert value in text
    assert "accepted" in text


def test_3_a_roster_that_is_not_there(quick: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forecast", str(quick.folder), "-q"]) == 0
    assert run(["size", str(quick.folder), "-q"]) == 0
    assert run(["explain", str(quick.folder), "--wish", "all"]) == 3
    assert "--roster" in capsys.readouterr().err


def test_another_roster_may_be_explained(
    planned: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (planned.week / "roster.csv").read_text(encoding="utf-8").splitlines()
    other = tmp_path / "other.csv"
    other.write_text(
        "\n".join(line for line in text if not line.startswith("p2,2026-02-17")) + "\n", encoding="utf-8"
    )
    options = [str(planned.folder), "--agent", "p2", "--day", "2026-02-17"]
    found = answers(capsys, *options, "--roster", str(other))["shift"]
    assert found != answers(capsys, *options)["shift"]


def test_the_laws_are_listed_with_their_limits(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "laws"]) == 0
    listed = capsys.readouterr().out
    assert "DE" in listed
    assert "not legal advice" in listed
    assert run(["config", "laws", "uk", "--json"]) == 0
    (law,) = json.loads(capsys.readouterr().out).values()
    assert law["limitations"]
    assert all(article["article"] and article["source"] for article in law["articles"])
    assert run(["config", "laws", "XX"]) == 3
    assert "US-CA" in capsys.readouterr().err


def test_a_value_of_the_law_is_shown_with_its_article(quick: Any, capsys: pytest.CaptureFixture[str]) -> None:
    quick.add('[rules]\nlaw = "DE"\nmax_shift_h = 9')
    assert run(["config", "show", str(quick.folder), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["rules.weekly_rest_h"]["value"] == "35.0"
    assert shown["rules.weekly_rest_h"]["from"].startswith("law DE: § 11(4)")
    assert shown["rules.max_shift_h"]["from"].startswith("plan.toml:")
