"""The pocket calculator."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from staffing.cli.calc_command import CALCULATIONS
from staffing.cli.main import run
from staffing.queueing import erlang_a, erlang_b, erlang_c, required_agents_both
from staffing.queueing.targets import Targets
from staffing.sizing.risk import rate_factor

LOAD = ["--contacts", "120", "--interval", "30min", "--aht", "300"]


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert run(["calc", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def table(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["calc", *arguments]) == 0
    return capsys.readouterr().out


def test_erlang_a_as_a_planner_types_it(capsys):
    found = answer(capsys, "erlang-a", *LOAD, "--patience", "120", "--target", "80/20")
    whole, real = required_agents_both(20.0, 300.0, Targets(service_level=0.8, answer_within_s=20.0), 120.0)
    assert found["agents"] == int(whole) == 22
    assert found["agents_exact"] == pytest.approx(float(real.agents))
    here = next(row for row in found["table"] if row["agents"] == 22)
    assert here["service_level"] == float(erlang_a(22.0, 20.0, 300.0, 120.0, 20.0).service_level)
    assert here["service_level"] == pytest.approx(0.816, abs=5e-4)
    assert "Erlang-A" in found["formula"] or "Mandelbaum" in found["formula"]


def test_a_person_reads_the_answer_and_its_neighbours(capsys):
    text = table(capsys, "erlang-a", *LOAD, "--patience", "2min", "--target", "80/20")
    assert "Load 20.00 erlangs" in text
    assert "22 agents (21.68 exactly; service level decides)" in text
    assert "22 <     81.6 %" in text
    assert "Formula: " in text


def test_units_do_not_matter(capsys):
    seconds = answer(capsys, "erlang-c", *LOAD, "--target", "80/20")
    hours = answer(
        capsys, "erlang-c", "--contacts", "240", "--interval", "1h", "--aht", "5min", "--target", "80%/20s"
    )
    assert seconds["table"] == hours["table"]


def test_erlang_c_with_agents_given(capsys):
    found = answer(capsys, "erlang-c", *LOAD, "--agents", "24")
    row = next(row for row in found["table"] if row["agents"] == 24)
    assert row["asa_s"] == float(erlang_c(24.0, 20.0, 300.0).asa_s)


def test_too_few_agents_are_shown_as_an_endless_wait(capsys):
    assert "endless" in table(capsys, "erlang-c", *LOAD, "--agents", "19")
    found = answer(capsys, "erlang-c", *LOAD, "--agents", "19")
    assert found["table"][0]["asa_s"] is None


def test_shrinkage_and_occupancy_enter(capsys):
    found = answer(
        capsys, "erlang-c", *LOAD, "--target", "80/20", "--max-occupancy", "70%", "--shrinkage", "30%"
    )
    assert (found["agents"], found["scheduled"], found["binding_target"]) == (29, 42, "max_occupancy")


def test_lines_for_a_blocking_of_one_percent(capsys):
    found = answer(capsys, "erlang-b", *LOAD, "--max-blocking", "1%")
    assert found["lines"] == 30
    assert float(erlang_b(29, 20.0)) > 0.01 >= float(erlang_b(30, 20.0))


def test_redials_raise_the_load(capsys):
    found = answer(capsys, "erlang-a", *LOAD, "--patience", "120", "--agents", "18", "--redial", "40%")
    assert found["load_with_redials_erlangs"] > 20.0
    again = next(row for row in found["table"] if row["agents"] == 18)["abandonment"]
    assert found["load_with_redials_erlangs"] == pytest.approx(20.0 / (1 - 0.4 * again))


def test_premium_and_others_keep_their_promises(capsys):
    found = answer(
        capsys, "premium", *LOAD, "--target", "80/30", "--premium-share", "20%", "--premium-target", "95/10"
    )
    here = next(row for row in found["table"] if row["agents"] == found["agents"])
    fewer = next(row for row in found["table"] if row["agents"] == found["agents"] - 1)
    assert here["premium_service_level"] >= 0.95 > fewer["premium_service_level"]
    assert here["standard_service_level"] >= 0.80


def test_chat_with_a_handling_time_per_chat_held(capsys):
    found = answer(capsys, "chat", "--contacts", "200", "--aht", "300,380,480", "--target", "80/60")
    assert found["aht_s_by_concurrency"] == [300.0, 380.0, 480.0]
    one = answer(
        capsys, "chat", "--contacts", "120", "--aht", "300", "--target", "80/20", "--patience", "120"
    )
    assert one["agents"] == 22  # one chat at once is Erlang A


def test_three_chats_at_once_keep_replies_within_a_minute(capsys):
    found = answer(capsys, "messages", "--think", "60", "--reply", "30", "--within", "60")
    assert found["concurrency"] == 3
    assert found["reply_s_by_concurrency"][:4] == pytest.approx([30.0, 40.0, 54.0, 72.6], abs=0.1)


def test_tickets_spread_over_their_deadline(capsys):
    found = answer(
        capsys, "tickets", "--contacts", "40,60,80,50,30,30,40,20", "--aht", "10min", "--within", "6h"
    )
    assert sum(found["agents"]) == pytest.approx(sum(found["work_h"]))
    assert max(found["agents"]) < max(found["work_h"])


def test_a_promise_in_minutes_is_cheaper_than_one_in_seconds(capsys):
    found = answer(capsys, "callback", *LOAD, "--within", "20s,5min,15min,1h")
    agents = [row["agents"] for row in found["table"]]
    assert agents == sorted(agents, reverse=True)
    assert agents[0] > agents[-1] == 21
    assert all(row["kept"] >= 0.95 for row in found["table"])


def test_keeping_agents_free_trades_other_work_for_the_promise(capsys):
    found = answer(
        capsys, "blend", "--contacts", "60", "--aht", "300", "--agents", "16", "--background-aht", "10min",
        "--target", "80/20",
    )  # fmt: skip
    levels = [row["service_level"] for row in found["table"]]
    work = [row["background_per_h"] for row in found["table"]]
    assert levels == sorted(levels)
    assert work == sorted(work, reverse=True)
    assert levels[found["reserve"] - 1] < 0.8 <= levels[found["reserve"]]


def test_an_outbound_list(capsys):
    found = answer(
        capsys, "outbound", "--customers", "500", "--aht", "4min", "--connect-rate", "50%", "--attempt", "30s",
        "--max-attempts", "2", "--hours", "8h",
    )  # fmt: skip
    # 75 % reached with 1.5 attempts each on average: 375 × 240 s + 375 × 30 s.
    assert (found["reached"], found["attempts"]) == (375.0, 750.0)
    assert found["work_h"] == pytest.approx((375 * 240 + 375 * 30) / 3600)
    assert found["agents"] == 4


def test_the_risk_of_an_uncertain_forecast(capsys):
    found = answer(
        capsys, "risk", "--contacts", "1200", "--aht", "300", "--spread", "10%", "--target", "80/20"
    )
    by_chance = {row["probability"]: row for row in found["table"]}
    assert (by_chance[0.5]["agents"], by_chance[0.9]["agents"]) == (210, 237)
    assert by_chance[0.9]["contacts"] == pytest.approx(1200 * float(rate_factor(0.01, 0.9)))


@pytest.mark.parametrize(
    "loss", [["--loss", "20%"], ["--patience", "45"], ["--first-loss", "4%", "--growth", "20%"]]
)
def test_the_best_number_is_the_cheapest_of_the_table(capsys, loss):
    found = answer(
        capsys, "value", "--contacts", "150", "--interval", "15min", "--aht", "300", "--value", "10", "--cost", "30",
        *loss,
    )  # fmt: skip
    cheapest = min(found["table"], key=lambda row: row["total_cost"])
    assert cheapest["agents"] == found["agents"]
    assert cheapest["next_agent_worth"] < cheapest["next_agent_cost"]


def write_log(path: Path, rows: int = 3000) -> Path:
    rng = np.random.default_rng(3)
    patience, offered = rng.exponential(100.0, rows), rng.exponential(80.0, rows)
    lines = ["caller,start,wait_s,outcome,service_s,queued"]
    for number in range(rows):
        gone = patience[number] < offered[number]
        start = f"2026-11-23 {8 + number // 600:02d}:{number // 10 % 60:02d}:00"
        lines.append(
            f"c{number % 1500},{start},{min(patience[number], offered[number]):.0f},"
            f"{'HANG' if gone else 'AGENT'},{0 if gone else 200 + number % 100},1"
        )
    lines += ["m,2026-11-23 08:00:00,0,HANG,0,0", "m,2026-11-23 08:00:00,9,PHANTOM,0,1"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_patience_from_a_log(capsys, tmp_path):
    found = answer(capsys, "patience", str(write_log(tmp_path / "calls.csv")))
    assert found["patience_s"] == pytest.approx(100.0, rel=0.06)
    assert found["abandoned"] < found["waits"] <= 3000
    assert found["handling"]["mean_s"] == pytest.approx(249.5, abs=3.0)
    assert 0 <= found["redial"]["share"] <= 1
    assert "hang up in 10 s" in table(capsys, "patience", str(tmp_path / "calls.csv"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("wait_s", "waiting", "wait_s"),
        ("c5,2026", "c5,yesterday", "not a time"),
        (",HANG,", ",GONE,", None),
    ],
)
def test_a_log_with_a_defect_is_named(capsys, tmp_path, old, new, message):
    path = write_log(tmp_path / "calls.csv", 300)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(old, new) if message is None else text.replace(old, new, 1), encoding="utf-8"
    )
    assert run(["calc", "patience", str(path)]) == 3
    assert (message or "at least one contact that hung up") in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["erlang-c", "--contacts", "nan", "--aht", "300", "--target", "80/20"],
            "contacts >= 0 expected, got nan",
        ),
        (
            ["erlang-c", "--contacts", "-5", "--aht", "300", "--target", "80/20"],
            "contacts >= 0 expected, got -5.0",
        ),
        (
            ["erlang-c", "--contacts", "inf", "--aht", "300", "--target", "80/20"],
            "contacts >= 0 expected, got inf",
        ),
        (["erlang-c", *LOAD, "--target", "100/20"], "service_level in (0, 1) expected, got 1.0"),
        (["erlang-c", *LOAD, "--target", "0/20"], "service_level in (0, 1) expected, got 0.0"),
        (
            ["erlang-c", *LOAD, "--target", "80/20", "--shrinkage", "1"],
            "0 <= shrinkage < 1 expected, got 1.0",
        ),
        (["erlang-c", "--contacts", "9", "--aht", "0", "--target", "80/20"], "aht > 0 expected, got 0.0"),
        (["erlang-a", *LOAD, "--patience", "0", "--target", "80/20"], "patience_s > 0 expected, got 0.0"),
        (
            ["erlang-a", *LOAD, "--patience", "9", "--agents", "1", "--redial", "2"],
            "redial <= 1 expected, got 2.0",
        ),
        (["erlang-b", *LOAD, "--max-blocking", "0"], "0 < max_blocking < 1 expected, got 0"),
        (
            ["chat", "--contacts", "9", "--aht", "300", "--concurrency", "0", "--agents", "2"],
            "concurrency >= 1 expected, got 0",
        ),
        (
            ["tickets", "--contacts", "5", "--aht", "2h", "--within", "1h"],
            "within > aht (2.0 h) expected, got 60.0 min",
        ),
        (["tickets", "--contacts", "-1", "--aht", "60", "--within", "1h"], "contacts >= 0 expected, got -1"),
        (["callback", *LOAD, "--within", "0"], "within_min > 0 expected, got 0"),
        (["outbound", "--customers", "9", "--aht", "60", "--hours", "0h"], "hours > 0 expected, got 0"),
        (["messages", "--think", "0", "--reply", "30"], "customer_think_s > 0 expected, got 0"),
        (
            ["risk", *LOAD, "--spread", "-0.1", "--target", "80/20"],
            "spread >= 0 expected, got -0.1",
        ),
        (
            ["value", *LOAD, "--value", "0", "--cost", "1", "--loss", "0.2"],
            "value_per_contact > 0 expected, got 0",
        ),
    ],
)
def test_3_a_value_that_cannot_be_is_named_with_its_inequality(capsys, arguments, message):
    assert run(["calc", *arguments]) == 3
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["erlang-c"],
        ["erlang-c", *LOAD],
        ["erlang-c", *LOAD, "--target", "80/20", "--agents", "24"],
        ["erlang-c", *LOAD, "--target", "eighty"],
        ["erlang-c", "--contacts", "9", "--aht", "five", "--agents", "2"],
        ["erlang-a", *LOAD, "--patience", "60", "--target", "80/20", "--redial", "10%"],
        ["value", *LOAD, "--value", "1", "--cost", "1"],
        ["value", *LOAD, "--value", "1", "--cost", "1", "--first-loss", "4%"],
    ],
)
def test_2_a_question_that_is_not_one(capsys, arguments):
    assert run(["calc", *arguments]) == 2
    assert "Usage" in capsys.readouterr().err


@pytest.mark.parametrize("name", CALCULATIONS)
def test_every_calculation_has_help_with_an_example_that_runs(capsys, tmp_path, monkeypatch, name):
    assert run(["calc", name, "--help"]) == 0
    text = capsys.readouterr().out
    lines = [line.replace("Example:", "").strip() for line in text.splitlines()]
    examples = [line for line in lines if line.startswith("staffing calc")]
    assert examples
    write_log(tmp_path / "calls.csv", 400)
    monkeypatch.chdir(tmp_path)
    for example in examples:
        if '"' not in example:
            assert run(example.split()[1:]) == 0, example
    assert run(["calc", "--help"]) == 0
    assert name in capsys.readouterr().out
