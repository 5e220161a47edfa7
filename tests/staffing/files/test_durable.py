"""Many files are synced in one step only where that is as good as syncing each."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from staffing.files import durable
from staffing.files.durable import FEW_FILES, SyncedFolder
from staffing.files.publish import publish

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="syncfs is a call of Linux")


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of what was synced one by one, ``all`` for the whole file system."""
    calls: list[str] = []
    monkeypatch.setattr(durable.os, "fsync", lambda descriptor: calls.append(name_of(descriptor)))

    def syncfs(descriptor: int) -> bool:
        calls.append("all")
        return True

    monkeypatch.setattr(durable, "_syncfs", syncfs)
    monkeypatch.setattr(durable, "_file_system", lambda folder: "ext4")
    monkeypatch.setattr(durable.platform, "release", lambda: "6.1.0-test")
    return calls


def name_of(descriptor: int) -> str:
    return Path(os.readlink(f"/proc/self/fd/{descriptor}")).name


def writer(files: int) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "sub").mkdir()
        for number in range(files):
            (folder / "sub" / f"{number}.ics").write_text("x")

    return write


def filled(folder: Path, files: int = FEW_FILES + 1) -> None:
    with SyncedFolder.watched(folder) as watched:
        writer(files)(folder)
        watched.sync()


def everything(folder: Path, files: int = FEW_FILES + 1) -> list[str]:
    return sorted([folder.name, "sub", *(f"{number}.ics" for number in range(files))])


def test_thousands_of_files_are_one_step_and_few_are_synced_each(tmp_path: Path, synced: list[str]) -> None:
    filled(tmp_path)
    assert synced == ["all"]
    synced.clear()
    (tmp_path / "few").mkdir()
    filled(tmp_path / "few", FEW_FILES)
    assert sorted(synced) == everything(tmp_path / "few", FEW_FILES)


@pytest.mark.parametrize("kind", ["nfs4", "overlay", "fuse.sshfs", "tmpfs", ""])
def test_other_file_systems_get_every_file_synced(
    kind: str, tmp_path: Path, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "_file_system", lambda folder: kind)
    filled(tmp_path)
    assert sorted(synced) == everything(tmp_path)


@pytest.mark.parametrize("release", ["5.7.19", "4.19.0-amd64", "unknown", "3.10"])
def test_a_linux_that_keeps_failures_to_itself_gets_every_file_synced(
    release: str, tmp_path: Path, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable.platform, "release", lambda: release)
    filled(tmp_path)
    assert sorted(synced) == everything(tmp_path)


def test_a_system_without_the_call_gets_every_file_synced(
    tmp_path: Path, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "_syncfs", lambda descriptor: False)
    filled(tmp_path)
    assert sorted(synced) == everything(tmp_path)


def test_a_failure_leaves_the_old_result(
    tmp_path: Path, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "week", writer(0))

    def fail(descriptor: int) -> bool:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(durable, "_syncfs", fail)
    with pytest.raises(OSError, match="Input/output error"):
        publish(tmp_path / "week", writer(FEW_FILES + 1))
    assert [path.name for path in tmp_path.rglob("*")] == ["week", "sub"]


def test_the_whole_result_is_synced_before_it_takes_its_name(
    tmp_path: Path, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, bool]] = []

    def look(descriptor: int) -> bool:
        folder = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        seen.append((len(list((folder / "sub").iterdir())), (tmp_path / "week").exists()))
        return True

    monkeypatch.setattr(durable, "_syncfs", look)
    publish(tmp_path / "week", writer(FEW_FILES + 1))
    assert seen == [(FEW_FILES + 1, False)]
    assert synced == [tmp_path.name]  # the new name itself


def test_the_watch_begins_before_the_first_byte_and_ends_with_it(tmp_path: Path, synced: list[str]) -> None:
    with SyncedFolder.watched(tmp_path) as watched:
        assert watched._descriptor is not None
        assert name_of(watched._descriptor) == tmp_path.name
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(watched._descriptor)


def test_the_real_call_writes_out_or_is_known_to_be_missing_and_tells_of_failures(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    try:
        there = durable._syncfs(descriptor)
    finally:
        os.close(descriptor)
    if not there:
        pytest.skip("this system has no syncfs")
    with pytest.raises(OSError, match="Bad file descriptor"):
        durable._syncfs(descriptor)


def test_the_file_system_of_a_folder_is_the_one_mounted_there() -> None:
    assert durable._file_system(Path("/proc")) in ("proc", "")
