"""Results appear whole: a folder is written elsewhere, synced, and exchanged for the old one.

A killed run leaves the old result or the new one, never a mixture. How, by platform:

* Linux and macOS: the finished folder and the old one change names in one step
  (``renameat2(RENAME_EXCHANGE)``, ``renamex_np(RENAME_SWAP)``). There is no moment without a result.
* Elsewhere, and on file systems that do not know the exchange: the old folder steps aside and the
  new one takes its name. A run killed between these two renames leaves no folder under the name
  but both complete ones beside it; :func:`recover` (called by the next :func:`publish`) puts the
  new one in place. A symbolic link to a versioned folder would close that moment too, but people
  open, copy and mail these folders, and links need a privilege on Windows.

Beside ``2024-W10`` the working names are ``.2024-W10.<pid>-<random>.new`` (being written),
``….ready`` (complete and synced), ``….old`` (complete, replaced) and ``….gone`` (being removed).
One writer at a time is assumed (:mod:`staffing.files.lock`); the next run removes what a killed one
left, by these names alone.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from staffing.errors import BadInput
from staffing.files.durable import SyncedFolder, sync
from staffing.files.exchange import exchange

UNWRITABLE = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.EBUSY,
        errno.ENOSPC,
        errno.ENOTDIR,
        errno.EEXIST,
        errno.ENAMETOOLONG,
        errno.ELOOP,
        getattr(errno, "EDQUOT", errno.ENOSPC),
    }
)


def publish(target: Path, write: Callable[[Path], None], carry: Iterable[str] = ()) -> None:
    """Replace the folder ``target`` by what ``write`` puts into an empty one, all or nothing.

    Parameters
    ----------
    target
        The folder that people open; made with its parents if it does not exist.
    write
        Called once with an empty folder beside the target. If it raises, the target is as before.
    carry
        Names inside the old target that are copied into the new one before ``write``; names that
        do not exist are passed over.

    Raises
    ------
    BadInput
        If the place cannot be written.
    """
    target = Path(os.path.abspath(target))
    with _unwritable(target):
        new = _working_folder(target)
        ready = new.with_suffix(".ready")
        try:
            with SyncedFolder.watched(new) as folder:
                for name in carry:
                    _copy(target / name, new / name)
                write(new)
                folder.sync()
            os.rename(new, ready)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        _swap(ready, target)


def ensure_writable(target: Path) -> None:
    """Find out before long work whether :func:`publish` could write there.

    Raises
    ------
    BadInput
        If the place cannot be written.
    """
    target = Path(os.path.abspath(target))
    with _unwritable(target):
        _working_folder(target).rmdir()


def _working_folder(target: Path) -> Path:
    """An empty folder beside the target, after what killed runs left has been put right."""
    target.parent.mkdir(parents=True, exist_ok=True)
    recover(target)
    if target.exists() and not target.is_dir():
        raise BadInput("not a folder", file=target, accepted="a folder or a name that is free")
    new = target.parent / f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.new"
    new.mkdir()
    return new


def publish_file(target: Path, write: Callable[[Path], None]) -> None:
    """Replace one file by what ``write`` puts at the path it is given, all or nothing.

    Raises
    ------
    BadInput
        If the place cannot be written.
    """
    target = Path(os.path.abspath(target))
    with _unwritable(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise BadInput("a folder", file=target, accepted="a file or a name that is free")
        _clean(target)
        new = target.parent / f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.new"
        try:
            write(new)
            sync(new)
            os.replace(new, target)
        finally:
            new.unlink(missing_ok=True)
        sync(target.parent)


def recover(target: Path) -> None:
    """Put a complete folder back under the name, if a killed run left none, and remove left-overs."""
    target = Path(os.path.abspath(target))
    if not os.path.lexists(target):
        for suffix in (".ready", ".old"):
            for left in _left_overs(target):
                if left.suffix == suffix and not os.path.lexists(target):
                    os.rename(left, target)
                    sync(target.parent)
    _clean(target)


def _swap(ready: Path, target: Path) -> None:
    """Give ``ready`` the target's name, and drop what had it before."""
    old = ready.with_suffix(".old")
    if not os.path.lexists(target):
        os.rename(ready, target)
        sync(target.parent)
        return
    if exchange(ready, target):
        old = ready
    else:
        os.rename(target, old)
        try:
            os.rename(ready, target)
        except OSError:
            os.rename(old, target)
            raise
    sync(target.parent)
    # Only complete folders carry the other names: a half-removed one must not be taken for a result.
    gone = ready.with_suffix(".gone")
    os.rename(old, gone)
    shutil.rmtree(gone, ignore_errors=True)  # what stays is removed by the next run


def _left_overs(target: Path) -> list[Path]:
    """Working folders and files of earlier runs for this target."""
    ours = re.compile(re.escape(f".{target.name}.") + r"\d+-[0-9a-f]{8}\.(new|ready|old|gone)")
    try:
        return sorted(path for path in target.parent.iterdir() if ours.fullmatch(path.name))
    except FileNotFoundError:
        return []


def _clean(target: Path) -> None:
    for left in _left_overs(target):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _copy(source: Path, to: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, to)
    elif source.exists():
        shutil.copy2(source, to)


def _concerns(error: OSError, folder: Path) -> bool:
    """Whether an error is about the folder, what is in it or what it is in; ``write`` may meet others."""
    if not isinstance(error.filename, str | os.PathLike):
        return True
    place = Path(os.path.abspath(error.filename))
    return place.is_relative_to(folder) or folder.is_relative_to(place)


@contextlib.contextmanager
def _unwritable(target: Path) -> Iterator[None]:
    """Turn the system's refusal to write into a message that names the place."""
    try:
        yield
    except OSError as error:
        if error.errno not in UNWRITABLE or not _concerns(error, target.parent):
            raise
        raise BadInput(
            f"cannot be written: {error.strerror}",
            file=target,
            accepted="a place with room and the right to write",
        ) from error
