"""Two folders change names in one step, where the system can do that."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

RENAME_EXCHANGE = 2  # linux/fs.h and, as RENAME_SWAP, macOS sys/stdio.h
AT_FDCWD = -100

UNSUPPORTED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


def exchange(first: Path, second: Path) -> bool:
    """Exchange the names of two existing paths of one file system.

    Returns
    -------
    False if the system or the file system has no such operation; nothing has changed then.

    Raises
    ------
    OSError
        If the system has it and refuses.
    """
    if sys.platform not in ("linux", "darwin"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(first), os.fsencode(second)
    if sys.platform == "linux":
        rename = getattr(library, "renameat2", None)  # glibc 2.28, musl 1.2.6
        arguments = (AT_FDCWD, names[0], AT_FDCWD, names[1], ctypes.c_uint(RENAME_EXCHANGE))
    else:
        rename = getattr(library, "renamex_np", None)
        arguments = (names[0], names[1], ctypes.c_uint(RENAME_EXCHANGE))
    if rename is None:
        return False
    if rename(*arguments) == 0:
        return True
    code = ctypes.get_errno()
    if code in UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(first), None, str(second))
