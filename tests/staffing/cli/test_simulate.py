"""``plan --prove`` and ``simulate``: a week played through its forecast, with what-ifs and named errors."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from staffing.cli.main import run

WEEK = "2026-02-16"
FEW = "\n[proof]\npaths = 40\nrounds = 2\n"


@pytest.fixture(scope="module")
def planned(make_shop: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corner shop whose five people have twice the usual work, planned and proved."""
    folder = make_shop(tmp_path_factory.mktemp("proved") / "shop", contacts_per_hour=18.0)
    with (folder / "plan.toml").open("a", encoding="utf-8") as file:
        file.write(FEW)
    assert run(["plan", str(folder), "-q"]) in (0, 5)
    return folder


def simulated(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    capsys.readouterr()
    code = run(["simulate", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)["cases"]


def level(case: dict[str, Any]) -> float:
    return float(next(row["service_level"] for row in case["service"] if row["day"] == "week"))


def test_a_plan_is_proved_unless_told_otherwise(
    planned: Path, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = pd.read_csv(planned / "out" / WEEK / "proof.csv")
    assert set(proof["day"]) >= {"week", WEEK}
    assert proof["met_probability"].between(0, 1).all()
    assert "Proof by simulation" in (planned / "out" / WEEK / "report.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert run(["plan", str(shop), "--no-prove", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["proof"] is None
    assert not (shop / "out" / WEEK / "proof.csv").exists()


def test_the_published_roster_is_played_as_it_was_proved(
    planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, cases = simulated(capsys, planned)
    proof = pd.read_csv(planned / "out" / WEEK / "proof.csv")
    proved = float(proof.loc[proof["day"] == "week", "service_level"].iloc[0])
    assert level(cases[0]) == pytest.approx(proved, abs=1e-6)
    assert [case["case"] for case in cases] == ["as planned"]
    assert simulated(capsys, planned)[1] == cases


def test_what_ifs_move_the_service_the_way_they_must(
    planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for options in (["--volume", "+30%"], ["--aht", "+120s"], ["--absent", "30%"]):
        _, (before, after) = simulated(capsys, planned, *options)
        assert level(after) < level(before) - 0.01, options
    _, (before, after) = simulated(capsys, planned, "--bot-share", "0.4")
    assert level(after) > level(before)
    code, _ = simulated(capsys, planned, "--volume", "+200%")
    assert code == 5


def test_a_requirement_is_played_without_names(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, (published,) = simulated(capsys, planned, "--requirement")
    _, (named,) = simulated(capsys, planned, "--requirement", planned / "out" / WEEK / "requirement.csv")
    assert published["service"] == named["service"]
    assert any("people of its own" in sentence for sentence in published["assumptions"])


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--bot-share", "1.5"], 2, "--bot-share: a share in [0, 1) expected, got 1.5"),
        (["--absent", "100%"], 2, "--absent: a share in [0, 1) expected, got 1"),
        (["--paths", "0"], 2, "0 is not in the range"),
        (["--roster", "no.csv", "--requirement"], 2, "either --roster or --requirement"),
        (["--roster", "no.csv"], 3, "no.csv"),
        (["--volume", "10"], 3, "--volume"),
        (["--aht", "soon"], 3, "+30s, -10s"),
    ],
)
def test_bad_input_is_named(
    planned: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, words: str
) -> None:
    assert run(["simulate", str(planned), *options]) == code
    assert words in capsys.readouterr().err


def test_a_roster_of_another_week_is_named(
    planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.csv"
    text = (planned / "out" / WEEK / "roster.csv").read_text(encoding="utf-8")
    other.write_text(text.replace("2026-02-", "2026-04-"), encoding="utf-8")
    assert run(["simulate", str(planned), "--roster", str(other)]) == 3
    said = capsys.readouterr().err
    assert "other.csv" in said
    assert "Traceback" not in said


def test_a_queue_nobody_is_skilled_for_is_named(
    planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(planned, folder)
    agents = folder / "agents.csv"
    agents.write_text(agents.read_text(encoding="utf-8").replace("phone", "chat"), encoding="utf-8")
    plan = folder / "plan.toml"
    chat = '[queues.chat]\nchannel = "chat"\naht_s = 300\n\n[queues.phone]\n'
    plan.write_text(plan.read_text(encoding="utf-8").replace("[queues.phone]\n", chat, 1), encoding="utf-8")
    history = folder / "history.csv"
    history.write_text(
        history.read_text(encoding="utf-8").replace("phone,", "chat,") + _calls(history), encoding="utf-8"
    )
    assert run(["plan", str(folder), "-q"]) == 5
    assert not (folder / "out" / WEEK / "proof.csv").exists()
    assert run(["simulate", str(folder)]) == 3
    assert "phone" in capsys.readouterr().err


def _calls(history: Path) -> str:
    return "".join(line + "\n" for line in history.read_text(encoding="utf-8").splitlines()[1:])


def test_corrections_are_what_the_roster_is_checked_against(
    planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    week = planned / "out" / WEEK
    capsys.readouterr()
    assert run(["check", str(week / "roster.csv"), "--plan", str(planned), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    manifest = json.loads((week / "manifest.json").read_text(encoding="utf-8"))
    assert said["cost"] == pytest.approx(manifest["solver"]["roster"]["objective"], abs=0.005)


def test_a_week_in_which_everybody_is_away_is_played_and_missed(
    make_shop: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_shop(tmp_path / "shop")
    rows = ["agent_id,start,end,kind"]
    rows += [f"p{number},2026-02-16,2026-02-22,leave" for number in range(1, 6)]
    (folder / "absences.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    plan = folder / "plan.toml"
    text = plan.read_text(encoding="utf-8").replace("[people]\n", '[people]\nabsences = "absences.csv"\n', 1)
    plan.write_text(text + FEW, encoding="utf-8")
    assert run(["plan", str(folder)]) == 5
    assert "simulated" in capsys.readouterr().out
    proof = pd.read_csv(folder / "out" / WEEK / "proof.csv")
    assert float(proof.loc[proof["day"] == "week", "service_level"].iloc[0]) == 0.0
