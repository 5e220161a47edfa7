"""One writer per plan folder: a lock that the system drops when its process ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from staffing.errors import BadInput, Locked

LOCK_FILE = ".staffing.lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one run.

    The lock is on an open file, not on the file's existence: nothing has to be cleaned up after a
    killed run, and the file stays. It binds processes and threads of one machine; on a network
    drive it is as good as the drive's locks.

    Raises
    ------
    Locked
        If another run holds it.
    BadInput
        If the folder cannot be written.
    """
    path = folder / LOCK_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise BadInput(
            f"cannot be written: {error.strerror}",
            file=folder,
            accepted="a plan folder with the right to write",
        ) from error
    try:
        if not _take(descriptor):
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() if os.name != "nt" else ""
            by = f" by process {holder}" if holder.isdigit() else ""
            raise Locked(f"{folder}: another run{by} is writing this plan; wait for it, or end it")
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        yield
    finally:
        os.close(descriptor)  # which also gives the lock back


if sys.platform == "win32":
    import msvcrt

    FAR_BYTE = 1 << 30  # beyond what is written: a locked byte cannot be read on Windows

    def _take(descriptor: int) -> bool:
        os.lseek(descriptor, FAR_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise BadInput(
                f"cannot be locked: {error.strerror}", accepted="a plan folder on a file system with locks"
            ) from error
        return True
