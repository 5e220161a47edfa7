"""Files that survive a power cut: each synced, or thousands of them in one step.

A planned week of 20,000 people is as many calendars, and ``fsync`` makes the journal commit for nearly
each of them. ``syncfs`` writes the file system of a folder out at once, with one commit.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path

FEW_FILES = 64  # so few are synced one by one, whatever else waits to be written to the disk
TRUSTED = frozenset({"ext3", "ext4", "xfs", "btrfs", "f2fs"})
REPORTS_ERRORS = (5, 8)  # the Linux from which syncfs tells of data that could not be written


class SyncedFolder:
    """A folder that is going to be filled, and then has to be on the disk before it takes a name.

    Why one ``syncfs`` is as good as an ``fsync`` of every file, where it is used at all:

    * It returns only when all data and metadata of the file system that were dirty when it was called
      have been written and the disk's cache has been flushed, as ``fsync`` does for one file. All
      files are closed by then, and the folder has its final name only afterwards.
    * Data that could not be written is an error, also where the system had tried in the background
      before: a descriptor is told of every such failure since it was opened, and this one is opened
      before the first byte is written. Linux before 5.8 kept such failures to itself.
    * Only file systems on a disk of this machine are trusted with it. Network, layered and user-space
      ones may do less than for an ``fsync``.

    In all other cases, and if ``syncfs`` cannot be called, each file is synced.
    """

    def __init__(self, folder: Path, descriptor: int | None) -> None:
        self._folder = folder
        self._descriptor = descriptor

    @classmethod
    @contextlib.contextmanager
    def watched(cls, folder: Path) -> Iterator[SyncedFolder]:
        """The still empty folder, watched for failures from now on."""
        if not _syncs_at_once(folder):
            yield cls(folder, None)
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            yield cls(folder, descriptor)
        finally:
            os.close(descriptor)

    def sync(self) -> None:
        """Make every file and folder below survive a power cut.

        Raises
        ------
        OSError
            If something could not be written.
        """
        found = [(Path(parent), files) for parent, _, files in os.walk(self._folder)]
        many = sum(len(files) for _, files in found) > FEW_FILES
        if many and self._descriptor is not None and _syncfs(self._descriptor):
            return
        for parent, files in found:
            for name in files:
                sync(parent / name)
            sync(parent)


def sync(path: Path) -> None:
    """``fsync`` a file or, where the platform can, a folder."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems have no fsync for folders; the rename is still one step there.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF) or not path.is_dir():
            raise
    finally:
        os.close(descriptor)


def _syncs_at_once(folder: Path) -> bool:
    """Whether one ``syncfs`` is enough for the folder's file system."""
    release = re.match(r"(\d+)\.(\d+)", platform.release())
    if sys.platform != "linux" or release is None:
        return False
    return (int(release[1]), int(release[2])) >= REPORTS_ERRORS and _file_system(folder) in TRUSTED


def _file_system(folder: Path) -> str:
    """Type of the mounted file system that holds a folder, nothing if that cannot be found out."""
    if sys.platform == "win32":
        return ""
    device = os.stat(folder).st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    for line in mounts.split("\n"):
        place, dash, kind = line.partition(" - ")
        if dash and place.split(" ")[2:3] == [wanted]:
            return kind.split(" ", 1)[0]
    return ""


def _syncfs(descriptor: int) -> bool:
    """Write a whole file system out; ``False`` if this system has no such call."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        return False
    if call(descriptor) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EPERM):  # EPERM: a sandbox forbids the call
        return False
    raise OSError(code, os.strerror(code))
