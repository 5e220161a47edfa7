"""Results appear whole, whatever happens to the run that writes them."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from staffing.errors import BadInput, Locked
from staffing.files import publish as publishing
from staffing.files.exchange import exchange
from staffing.files.lock import LOCK_FILE, locked
from staffing.files.publish import publish, publish_file, recover

ROOT = Path(__file__).parents[3]
NAMES = ("a.csv", "b.csv", "calendars/one.ics", "calendars/two.ics")

LOOP = """
import sys
from pathlib import Path
from staffing.files import publish as publishing
if sys.argv[2] == "two renames":
    publishing.exchange = lambda first, second: False

def write(folder):
    (folder / "calendars").mkdir()
    for name in {names!r}:
        (folder / name).write_text(f"{{number:06d}}" * 1000)

number = int(sys.argv[3])
print(0, flush=True)
while True:
    publishing.publish(Path(sys.argv[1]), write)
    print(number, flush=True)
    number += 1
"""


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


def version(text: str):  # type: ignore[no-untyped-def]
    """A writer of a small result."""

    def write(folder: Path) -> None:
        (folder / "sub").mkdir()
        (folder / "one.csv").write_text(text)
        (folder / "sub" / "two.csv").write_text(text)

    return write


@pytest.fixture(params=["exchange", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of taking the old result's place."""
    if request.param == "two renames":
        monkeypatch.setattr(publishing, "exchange", lambda first, second: False)
    return str(request.param)


def test_a_result_replaces_the_old_one_as_a_whole(way: str, tmp_path: Path) -> None:
    target = tmp_path / "out" / "2024-W10"
    publish(target, version("old"))
    (target / "stray.txt").write_text("of the old result")
    publish(target, version("new"))
    assert contents(target) == {"one.csv": "new", "sub/two.csv": "new"}
    assert [path.name for path in target.parent.iterdir()] == ["2024-W10"]


def test_a_failing_or_interrupted_writer_leaves_the_old_result(way: str, tmp_path: Path) -> None:
    target = tmp_path / "week"
    publish(target, version("old"))

    def fail(folder: Path) -> None:
        (folder / "one.csv").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(target, fail)
    assert contents(target) == {"one.csv": "old", "sub/two.csv": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["week"]


def test_what_is_carried_over_stays_and_what_is_written_wins(tmp_path: Path) -> None:
    target = tmp_path / "week"
    publish(target, version("old"), carry=("one.csv",))  # nothing to carry yet
    publish(target, lambda folder: (folder / "new.csv").write_text("new") and None, carry=("sub", "none"))
    assert contents(target) == {"sub/two.csv": "old", "new.csv": "new"}


@pytest.mark.parametrize("suffix", ["ready", "old"])
def test_a_run_killed_between_two_renames_is_repaired_by_the_next(suffix: str, tmp_path: Path) -> None:
    left = tmp_path / f".week.1-0123abcd.{suffix}"
    version("whole")(left.mkdir() or left)
    recover(tmp_path / "week")
    assert contents(tmp_path / "week") == {"one.csv": "whole", "sub/two.csv": "whole"}
    assert [path.name for path in tmp_path.iterdir()] == ["week"]


def test_the_new_result_is_preferred_to_the_old_and_a_half_written_one_to_none(tmp_path: Path) -> None:
    for suffix, text in (("old", "old"), ("ready", "new"), ("new", "half"), ("gone", "half")):
        left = tmp_path / f".week.1-0123abcd.{suffix}"
        version(text)(left.mkdir() or left)
    recover(tmp_path / "week")
    assert contents(tmp_path / "week")["one.csv"] == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["week"]
    half = tmp_path / ".other.1-0123abcd.new"
    half.mkdir()
    recover(tmp_path / "other")
    assert not half.exists()
    assert not (tmp_path / "other").exists()


def test_only_our_own_left_overs_are_removed(tmp_path: Path) -> None:
    others = [
        ".week.new",
        ".week.1-0123abcd.new.txt",
        ".week.backup",
        "week.1-0123abcd.new",
        ".weekly.1-0123abcd.new",
    ]
    for name in others:
        (tmp_path / name).mkdir()
    (tmp_path / ".week.99-00000000.new").mkdir()
    publish(tmp_path / "week", version("new"))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*others, "week"])


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInput, match="cannot be written") as caught:
        publish(tmp_path / "file" / "out" / "week", version("new"))
    assert caught.value.exit_code == 3
    assert caught.value.file == str(tmp_path / "file" / "out" / "week")
    with pytest.raises(BadInput, match="not a folder"):
        publish(tmp_path / "file", version("new"))
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_folder_without_the_right_to_write_is_named(tmp_path: Path) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("the superuser may write everywhere")
    tmp_path.chmod(0o500)
    try:
        for call in (
            lambda: publish(tmp_path / "week", version("new")),
            lambda: publish_file(tmp_path / "file", lambda path: path.write_text("x") and None),
            lambda: locked(tmp_path).__enter__(),
        ):
            with pytest.raises(BadInput, match="cannot be written"):
                call()
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_is_said_and_leaves_the_old_result(tmp_path: Path) -> None:
    publish(tmp_path / "week", version("old"))

    def full(folder: Path) -> None:
        (folder / "one.csv").write_text("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder / "one.csv"))

    with pytest.raises(BadInput, match="cannot be written: No space left"):
        publish(tmp_path / "week", full)
    assert contents(tmp_path / "week")["one.csv"] == "old"


def test_an_error_about_another_place_is_not_blamed_on_the_target(tmp_path: Path) -> None:
    def unreadable(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "denied", "/elsewhere/input.csv")

    with pytest.raises(PermissionError):
        publish(tmp_path / "week", unreadable)


def test_one_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "summary.csv"
    publish_file(target, lambda path: path.write_text("old") and None)

    def fail(path: Path) -> None:
        path.write_text("half")
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        publish_file(target, fail)
    assert target.read_text() == "old"
    publish_file(target, lambda path: path.write_text("new") and None)
    assert contents(tmp_path) == {"summary.csv": "new"}
    with pytest.raises(BadInput, match="a folder"):
        publish_file(tmp_path, lambda path: None)


@pytest.mark.skipif(sys.platform != "linux", reason="the exchange of names is asked for on Linux here")
def test_the_exchange_swaps_two_folders_and_says_when_it_cannot(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not exchange(tmp_path / "one", tmp_path / "two"):
        pytest.skip("this file system cannot exchange names")
    assert (tmp_path / "one" / "two").exists()
    assert (tmp_path / "two" / "one").exists()
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "one", tmp_path / "none")


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of Unix")
@pytest.mark.parametrize(("way_of_child", "kills"), [("exchange", 50), ("two renames", 15)])
def test_a_run_killed_at_any_moment_leaves_a_whole_result(
    way_of_child: str, kills: int, tmp_path: Path
) -> None:
    target = tmp_path / "out" / "week"
    draw = random.Random(11)
    published = 0
    for kill in range(kills):
        child = subprocess.Popen(
            [
                sys.executable,
                "-c",
                LOOP.format(names=NAMES),
                str(target),
                way_of_child,
                str(1 + 10_000 * kill),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        # Every other run is killed after its first publication at the earliest, the rest at once.
        for _ in range(1 + kill % 2):
            published = max(published, int(child.stdout.readline()))
        time.sleep(draw.uniform(0.0, 0.03))
        child.send_signal(signal.SIGKILL)
        child.wait()
        said = child.stdout.read().splitlines(keepends=True)
        child.stdout.close()
        published = max([published, *(int(line) for line in said if line.endswith(b"\n"))])
        if way_of_child == "two renames":
            recover(target)
        if not target.exists():
            assert published == 0  # there was no result to keep yet
            continue
        found = contents(target)
        assert set(found) == set(NAMES)
        (text,) = set(found.values())
        assert text == text[:6] * 1000
        assert int(text[:6]) >= published  # what a run has called published is never lost
    publish(target, version("last"))
    assert [path.name for path in target.parent.iterdir()] == ["week"]


def test_a_second_run_is_refused_and_told_who_holds_the_folder(tmp_path: Path) -> None:
    with locked(tmp_path):
        with (
            pytest.raises(Locked, match=f"another run by process {os.getpid()} is writing") as caught,
            locked(tmp_path),
        ):
            pass
        assert caught.value.exit_code == 7
    with locked(tmp_path):
        pass


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of Unix")
def test_the_lock_vanishes_with_a_killed_run(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom staffing.files.lock import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    with pytest.raises(Locked, match=f"process {child.pid} "), locked(tmp_path):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with locked(tmp_path):
        assert (tmp_path / LOCK_FILE).read_text() == f"{os.getpid()}\n"


def test_a_plan_folder_that_cannot_be_locked_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be written"), locked(tmp_path / "file"):
        pass
