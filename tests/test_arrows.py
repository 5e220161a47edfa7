"""The arrows between packages: who may import whom, who prints, who writes."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("forecasts", "schedules", "staffing")

# Inside staffing: a room may import the rooms listed, itself, and errors.
ROOMS = {
    "queueing": set(),
    "sizing": {"queueing"},
    "files": set(),
    "plan": {"queueing", "sizing", "files"},
    "report": {"queueing", "sizing", "plan"},
    "batch": {"queueing", "sizing", "files", "plan", "report"},
    "cli": {"queueing", "sizing", "files", "plan", "report", "batch"},
}
WRITERS = {"write_text", "write_bytes", "to_csv", "to_excel", "mkdir", "unlink", "rmtree", "symlink_to"}


def sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "staffing" and len(parts) > 2 else ""


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_arrows(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    tops = {name.split(".")[0] for name in imported(path)}
    if package == "forecasts":
        assert not tops & {"schedules", "staffing"}
    elif package == "schedules":
        assert not tops & {"forecasts", "staffing"}
    elif room(path):
        rooms = {
            name.split(".")[1]
            for name in imported(path)
            if name.startswith("staffing.") and name.count(".") >= 1
        }
        allowed = ROOMS[room(path)] | {room(path), "errors"}
        assert rooms <= allowed, f"{path.relative_to(ROOT)} imports {sorted(rooms - allowed)}"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "staffing" / "queueing").rglob("*.py")), ids=lambda path: path.name
)
def test_queueing_never_sees_pandas(path: Path) -> None:
    tops = {name.split(".")[0] for name in imported(path)}
    assert tops - sys.stdlib_module_names <= {"numpy", "scipy", "staffing"}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_command_line_prints(path: Path) -> None:
    if room(path) == "cli":
        return
    calls = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    assert not [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_files_and_report_write(path: Path) -> None:
    if room(path) in ("files", "report"):
        return
    written = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
            # A table turned into text, DataFrame.to_csv without a path, writes nothing.
            if node.func.attr == "to_csv" and not node.args:
                continue
            written.append(node.func.attr)
        if isinstance(node.func, ast.Name) and node.func.id == "open":
            written.append("open")
    assert not written


def test_every_room_of_the_map_stands() -> None:
    rooms = {
        path.name for path in (ROOT / "staffing").iterdir() if path.is_dir() and path.name != "__pycache__"
    }
    assert rooms == set(ROOMS)
