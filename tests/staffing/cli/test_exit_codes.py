"""Every way to end has its documented exit code and one message."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from staffing.cli.main import run
from staffing.files.lock import locked

Shop = Callable[..., Path]


def edit(path: Path, old: str, new: str) -> None:
    """Replace one text in a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def folder_state(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def planned(make_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_shop(tmp_path_factory.mktemp("planned") / "shop")
    assert run(["plan", str(folder), "-q"]) == 0
    return folder


def test_0_a_plan_that_meets_its_targets(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    week = planned / "out" / "2026-02-16"
    names = {path.name for path in week.iterdir()}
    assert names == {
        "forecast.csv", "leaderboard.csv", "cleaning.csv", "cleaning_days.csv", "explanation.csv", "requirement.csv",
        "shifts.csv", "roster.csv", "coverage.csv", "service.csv", "proof.csv", "wishes.csv", "balance.csv",
        "rules.csv", "roster.xlsx", "calendars", "report.html", "manifest.json",
    }  # fmt: skip
    assert run(["check", str(week / "roster.csv"), "--plan", str(planned)]) == 0
    assert "Every rule holds." in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["--version"], ["plan", "--help"], ["config", "--help"]]
)
def test_0_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments or ["--help"]) == 0
    assert capsys.readouterr().out


def test_1_an_unexpected_error_says_how_to_see_more(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("staffing.cli.plan_command.run_unit", broken)
    assert run(["plan", str(shop)]) == 1
    message = capsys.readouterr().err
    assert "RuntimeError: boom" in message
    assert "-v" in message
    assert "Traceback" not in message


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["plan"], ["plan", "x", "--seed", "minus"], ["compare", "x"], ["batch", "/nowhere"]],
)
def test_2_a_wrong_command_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Usage" in capsys.readouterr().err


BAD_INPUTS = {
    "missing column": ("history.csv", "queue,start,contacts", "queue,start,calls", "contacts"),
    "not a date": ("history.csv", "2026-01-05 09:00", "2026-13-05 09:00", "2026-13-05 09:00"),
    "repeated interval": ("history.csv", "2026-01-05 10:00", "2026-01-05 09:00", "already on line 2"),
    "negative contacts": ("history.csv", "2026-01-05 09:00,", "2026-01-05 09:00,-", "-"),
    "unknown zone": ("plan.toml", "Europe/Berlin", "Europe/Bonn", "Europe/Bonn"),
    "unknown queue": ("history.csv", "phone,2026-01-05 09:00", "fone,2026-01-05 09:00", "fone"),
    "unknown skill": ("agents.csv", "p1,full,phone", "p1,full,fax", "fax"),
    "unknown contract": ("agents.csv", "p1,full", "p1,fool", "fool"),
    "unknown country": ("plan.toml", "seed = 3", 'country = "ZZ"', "ZZ"),
    "unknown agent": ("wishes.csv", "p1,", "nobody,", "nobody"),
    "contradicting rules": ("plan.toml", "hours_per_week = [30, 37.5]", "hours_per_week = [60, 70]", "60"),
    "break that does not fit": ("plan.toml", "latest_h = 4.5", "latest_h = 2", "lunch"),
    "TOML error": ("plan.toml", "[plan]", "[plan", "TOML"),
}


@pytest.mark.parametrize("defect", BAD_INPUTS)
def test_3_bad_input_is_named_and_nothing_on_disk_changes(
    make_shop: Shop, tmp_path: Path, defect: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_shop(tmp_path / "shop")
    (folder / "out").mkdir()
    (folder / "out" / "kept.txt").write_text("kept", encoding="utf-8")
    name, old, new, named = BAD_INPUTS[defect]
    edit(folder / name, old, new)
    before = folder_state(folder / "out")
    assert run(["plan", str(folder)]) == 3
    message = capsys.readouterr().err
    assert message.count("staffing:") == 1
    assert "Traceback" not in message
    assert name in message
    assert named in message
    assert "accepted" in message
    assert any(f"{name}:{line}" in message for line in range(1, 1200)), message
    assert folder_state(folder / "out") == before


def test_3_a_local_hour_that_the_clock_skips(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (shop / "history.csv").open("a", encoding="utf-8") as file:
        file.write("phone,2025-03-30 02:00,4\n")
    assert run(["plan", str(shop)]) == 3
    message = capsys.readouterr().err
    assert "2025-03-30 02:00" in message
    assert "history.csv:" in message


def test_3_a_handling_time_of_zero_with_contacts(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (shop / "history.csv").read_text(encoding="utf-8").splitlines()
    rows = [rows[0] + ",aht_s"] + [row + ",240" for row in rows[1:]]
    rows[7] = rows[7].removesuffix("240") + "0"
    (shop / "history.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert run(["plan", str(shop)]) == 3
    message = capsys.readouterr().err
    assert "history.csv:8" in message
    assert "aht_s" in message


@pytest.mark.parametrize("name", ["history.csv", "agents.csv", "plan.toml"])
def test_3_an_empty_file(shop: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / name).write_bytes(b"")
    assert run(["plan", str(shop)]) == 3
    assert name in capsys.readouterr().err


def test_3_a_folder_that_cannot_be_written(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # A file where the results' folder should be: unwritable for every user, the superuser included.
    (shop / "out").write_text("in the way", encoding="utf-8")
    assert run(["plan", str(shop)]) == 3
    assert "out" in capsys.readouterr().err
    assert (shop / "out").read_text(encoding="utf-8") == "in the way"


def test_4_hard_rules_that_leave_somebody_no_roster(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(shop / "agents.csv", "p2,full,phone,", "p2,full,phone,mon-wed 09:00-17:00")
    assert run(["plan", str(shop)]) == 4
    message = capsys.readouterr().err
    assert "p2" in message
    assert "availability" in message
    assert "repair" in message
    assert not list((shop / "out").glob("*"))


def test_5_a_target_that_is_missed(make_shop: Shop, shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_shop(shop, people=1)
    assert run(["plan", str(shop)]) == 5
    out = capsys.readouterr().out
    assert "Missed" in out
    assert (shop / "out" / "2026-02-16" / "roster.csv").is_file()


def test_5_a_roster_that_breaks_a_rule(
    planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (planned / "out" / "2026-02-16" / "roster.csv").read_text(encoding="utf-8")
    changed = tmp_path / "changed.csv"
    changed.write_text(
        "\n".join(line for line in text.splitlines() if ",lunch," not in line) + "\n", encoding="utf-8"
    )
    assert run(["check", str(changed), "--plan", str(planned), "--json"]) == 5
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["ok"] is False
    assert verdict["violations"]


def test_6_a_batch_with_a_broken_plan(
    make_shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_shop(tmp_path / "teams" / "good")
    broken = make_shop(tmp_path / "teams" / "north" / "broken")
    edit(broken / "plan.toml", "Europe/Berlin", "Europe/Bonn")
    assert run(["batch", str(tmp_path / "teams"), "--jobs", "1", "--json"]) == 6
    document = json.loads(capsys.readouterr().out)
    states = {unit["plan"]: unit["state"] for unit in document["plans"]}
    assert states == {"good": "planned", "north/broken": "failed"}
    assert (tmp_path / "teams" / "batch.csv").is_file()
    edit(broken / "plan.toml", "Europe/Bonn", "Europe/Berlin")
    assert run(["batch", str(tmp_path / "teams"), "--jobs", "1", "--json"]) == 0
    states = {unit["plan"]: unit["state"] for unit in json.loads(capsys.readouterr().out)["plans"]}
    assert states == {"good": "up to date", "north/broken": "planned"}


def test_7_a_plan_that_another_run_holds(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with locked(shop):
        assert run(["plan", str(shop)]) == 7
    assert "another run" in capsys.readouterr().err


def test_130_an_interruption(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("staffing.cli.plan_command.run_unit", interrupted)
    assert run(["plan", str(shop)]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_3_an_error_is_json_where_json_was_asked_for(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(shop / "plan.toml", "seed = 3", "seed = -3")
    assert run(["plan", str(shop), "--json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["exit_code"] == 3
    assert (document["error"]["field"], document["error"]["value"], document["error"]["line"]) == (
        "plan.seed",
        -3,
        6,
    )
