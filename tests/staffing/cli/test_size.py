"""``staffing size``: explained, weighed in money, and by every way of sizing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from staffing.cli.main import run

AT = "2026-02-18T11:00"


@pytest.fixture(scope="module")
def forecasted(make_shop: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_shop(tmp_path_factory.mktemp("sized") / "shop", contacts_per_hour=30.0)
    assert run(["forecast", str(folder), "-q"]) == 0
    return folder


@pytest.fixture
def sized(forecasted: Path, tmp_path: Path) -> Callable[..., Path]:
    """The shop with lines put into its queue's table."""

    def build(*lines: str) -> Path:
        folder = tmp_path / "shop"
        folder.mkdir()
        for path in forecasted.rglob("*"):
            there = folder / path.relative_to(forecasted)
            if path.is_dir():
                there.mkdir(exist_ok=True)
            else:
                there.write_bytes(path.read_bytes())
        plan = folder / "plan.toml"
        text = plan.read_text(encoding="utf-8")
        plan.write_text(
            text.replace("aht_s = 300\n", "aht_s = 300\n" + "\n".join(lines) + "\n"), encoding="utf-8"
        )
        return folder

    return build


def requirement(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "out" / "2026-02-16" / "requirement.csv")


def test_an_interval_is_explained_from_formula_to_next_agent(sized, capsys):
    shop = sized("patience_s = 120", "shrinkage = 0.1", "value_per_contact = 8")
    assert run(["size", str(shop), "--explain", AT]) == 0
    text = capsys.readouterr().out
    for part in (
        "phone, Wed 18 Feb 2026 11:00, 60 min:", "Erlang A (M/M/n+M)", "Mandelbaum", "forecast.csv", "plan.toml:",
        "patience_s", "erlangs", "service level decides", "shrinkage 10 %", "targets are met in", "Next agent", "worth",
        "EUR at a cost of 22.22",
    ):  # fmt: skip
        assert part in text
    assert not (shop / "out" / "2026-02-16" / "requirement.csv").exists()


def test_the_explanation_for_machines_is_the_requirements_row(sized, capsys):
    shop = sized("patience_s = 120", 'preset = "phone-30s"')
    assert run(["size", str(shop), "-q"]) == 0
    capsys.readouterr()
    assert run(["size", str(shop), "--explain", AT, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    row = requirement(shop).set_index("start").loc[f"{AT}:00+01:00"]
    for name in ("agents", "agents_whole", "scheduled", "met_probability"):
        assert found["requirement"][name] == pytest.approx(row[name], abs=2e-6)
    assert found["inputs"]["answer_within_s"]["from"].startswith("plan.toml:")
    assert found["inputs"]["channel"]["from"].startswith("preset phone-30s: seconds from trade articles")
    assert [step["meets"] for step in found["around"]][:2] == [False, False]


def test_a_closed_interval_says_so(sized, capsys):
    assert run(["size", str(sized()), "--explain", "2026-02-18T03:00"]) == 0
    text = capsys.readouterr().out
    assert "closed" in text
    assert "Nobody is needed" in text


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--explain", "noon"], 3, "not a time"),
        (["--explain", "2026-02-18T11:07"], 3, "a start every 60 min from 2026-02-16T00:00"),
        (["--explain", AT, "--queue", "fax"], 3, "unknown queue"),
        (["--queue", "phone"], 2, "--queue belongs to --explain"),
        (["--explain", AT, "--value"], 2, "either --explain or --value"),
        (["--value"], 3, "no queue says what a contact is worth"),
    ],
)
def test_what_cannot_be_explained_is_named(sized, capsys, arguments, code, message):
    assert run(["size", str(sized()), *arguments]) == code
    assert message in capsys.readouterr().err


def test_value_weighs_the_week_in_money_and_writes_nothing(sized, capsys):
    shop = sized("patience_s = 120", "value_per_contact = 8", "loss = { per_10s = 0.2 }")
    assert run(["size", str(shop), "--value", "--json"]) == 0
    ways = {row["plan"]: row for row in json.loads(capsys.readouterr().out)["queues"]}
    assert ways["cheapest"]["total"] <= ways["as sized"]["total"]
    assert run(["size", str(shop), "--value"]) == 0
    assert "20 % of those still there" in capsys.readouterr().out
    assert not (shop / "out" / "2026-02-16" / "requirement.csv").exists()


@pytest.mark.parametrize(
    ("lines", "model"),
    [
        (['target_over = "day"'], "Erlang C; target over the day"),
        (["confidence = 0.9", "patience_s = 90"], "Erlang A (patience 90 s); sure to 90 %"),
        (
            ["premium_share = 0.2", "premium_service_level = 0.9", "premium_answer_within_s = 10"],
            "Erlang C with priority (20 % premium first)",
        ),
        (
            ["patience_s = 60", "value_per_contact = 8", 'size_by = "value"'],
            "Erlang A (patience 60 s); as many as pay",
        ),
        (['pool = "front"'], "Erlang C; pool front"),
        (['channel = "callback"'], "Erlang C (call-back list)"),
        (['channel = "email"', "resolve_within_days = 1"], "e-mails within 8 opening hours, LP"),
        (
            ['channel = "outbound"', "resolve_within_h = 4", "connect_rate = 0.5", "attempt_s = 30"],
            "list within 4 opening hours, LP",
        ),
        (["self_service_share = 0.3", "self_service_aht_factor = 1.2"], "Erlang C"),
        (["stages = { talk = { share = 0.7, factor = 0.5 }, wrap_up = { share = 0.3 } }"], "Erlang C"),
    ],
)
def test_every_way_of_sizing_plans_and_explains(sized, capsys, lines, model):
    shop = sized(*lines)
    assert run(["size", str(shop), "-q"]) == 0
    table = requirement(shop)
    busy = table[table["contacts"] > 0]
    assert set(busy["model"]) == {model}
    assert (busy["met_probability"] > 0.3).all()
    assert run(["size", str(shop), "--explain", AT]) == 0
    assert model in capsys.readouterr().out


def test_the_chance_of_the_target_rises_with_the_confidence(sized, capsys):
    shop = sized("patience_s = 90")
    chances = []
    for line in ("", "confidence = 0.95"):
        plan = shop / "plan.toml"
        text = plan.read_text(encoding="utf-8")
        plan.write_text(text.replace("patience_s = 90\n", f"patience_s = 90\n{line}\n"), encoding="utf-8")
        assert run(["size", str(shop), "--json"]) == 0
        chances.append(json.loads(capsys.readouterr().out)["queues"]["phone"]["met_probability"])
    assert chances[0] < 0.95 <= chances[1] + 2e-3


def test_presets_and_their_sources_are_shown(sized, capsys):
    assert run(["config", "presets"]) == 0
    text = capsys.readouterr().out
    assert "golden-minute-chat" in text
    assert "trade articles" in text
    shop = sized('preset = "outbound-30s"')
    assert run(["config", "show", str(shop), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["queues.phone.asa_s"]["from"].startswith("preset outbound-30s: trade articles")
    assert shown["queues.phone.service_level"]["from"].startswith("plan.toml:")
    assert shown["queues.phone.patience_s"]["from"] == "default"


def test_a_deadline_shorter_than_the_handling_time_is_refused(sized, capsys):
    shop = sized('channel = "ticket"', "resolve_within_h = 0.05")
    assert run(["size", str(shop)]) == 3
    assert "resolve_within_h > handling time (0.0833333 h) expected, got 0.05" in capsys.readouterr().err
