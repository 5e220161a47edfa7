"""A stage run alone continues from the files of the stage before, to the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from staffing.cli.main import run

WEEK = "2026-02-16"


def tables(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("manifest.json", "report.html")
    }


@pytest.fixture(scope="module")
def planned(make_shop: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_shop(tmp_path_factory.mktemp("whole") / "shop")
    assert run(["plan", str(folder), "-q"]) == 0
    return folder / "out" / WEEK


def test_the_same_inputs_give_the_same_bytes(planned: Path, shop: Path) -> None:
    assert run(["plan", str(shop), "-q"]) == 0
    again = shop / "out" / WEEK
    assert tables(again) == tables(planned)
    assert (again / "report.html").read_bytes() == (planned / "report.html").read_bytes()


def test_the_stages_one_by_one_give_the_bytes_of_the_whole(planned: Path, shop: Path) -> None:
    for stage in ("forecast", "size", "roster"):
        assert run([stage, str(shop), "-q"]) == 0
    assert tables(shop / "out" / WEEK) == tables(planned)


def test_a_stage_needs_the_one_before(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["size", str(shop)]) == 3
    assert "staffing forecast" in capsys.readouterr().err
    assert run(["forecast", str(shop)]) == 0
    assert run(["roster", str(shop)]) == 3
    assert "staffing size" in capsys.readouterr().err


def test_an_edited_forecast_is_what_is_sized(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", str(shop), "-q"]) == 0
    path = shop / "out" / WEEK / "forecast.csv"
    before = (shop / "out" / WEEK / "requirement.csv").read_text(encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    row = next(number for number, line in enumerate(lines) if f"{WEEK}T11:00" in line)
    cells = lines[row].split(",")
    cells[2] = "60"
    lines[row] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["size", str(shop)]) == 0
    assert "out of date" in capsys.readouterr().err
    after = (shop / "out" / WEEK / "requirement.csv").read_text(encoding="utf-8")
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert len(changed) == 1
    assert f"{WEEK}T11:00" in changed[0]


@pytest.mark.parametrize("command", ["plan", "roster", "forecast", "size"])
def test_a_dry_run_writes_nothing(
    planned: Path, make_shop: Callable[..., Path], tmp_path: Path, command: str
) -> None:
    shop = make_shop(tmp_path / "shop")
    if command in ("roster", "size"):
        assert run(["forecast", str(shop), "-q"]) == 0
        assert run(["size", str(shop), "-q"]) == 0
    before = {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()}
    assert run([command, str(shop), "--dry-run", "-q"]) == 0
    assert {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()} == before


def test_a_row_that_is_missing_from_an_edited_file_is_named(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["forecast", str(shop), "-q"]) == 0
    path = shop / "out" / WEEK / "forecast.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:20] + lines[21:]) + "\n", encoding="utf-8")
    assert run(["size", str(shop)]) == 3
    message = capsys.readouterr().err
    assert "forecast.csv" in message
    assert f"{WEEK}T19:00" in message
