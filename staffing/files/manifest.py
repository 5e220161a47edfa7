"""The manifest of a result: what went in, what came out, with what, and how sure.

It is the only file of a result that carries times of day and durations; every table beside it is
the same for the same inputs, seed and version.
"""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
FORMAT = 1
PACKAGES = (
    "staffing",
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "PuLP",
    "highspy",
    "numba",
    "holidays",
    "openpyxl",
    "icalendar",
)


@dataclass(frozen=True)
class Manifest:
    """Everything worth knowing about how a result came about.

    Attributes
    ----------
    plan
        Name of the plan.
    inputs
        Per name the file that was read, as from :func:`file_record`.
    parameters
        Settings as they were used, defaults included.
    seed
        Of everything that draws lots.
    solver
        Per stage: status, cost, bound, gap …
    checks
        ``rule, checked, broken`` of the independent check, or any other list of records.
    notes
        Fallbacks, limits that struck, models that are simple.
    timings_s
        Seconds of each stage.
    finished
        End of the run; ``None`` for now.
    """

    plan: str
    inputs: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, Any]
    seed: int
    solver: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    checks: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[str] = ()
    timings_s: Mapping[str, float] = field(default_factory=dict)
    finished: datetime | None = None


def file_record(path: Path) -> dict[str, Any]:
    """``sha256`` and ``bytes`` of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size}


def file_records(paths: Iterable[Path], base: Path) -> dict[str, dict[str, Any]]:
    """The records of files under their names relative to ``base``, with forward slashes."""
    records = {}
    for path in paths:
        inside = path.is_relative_to(base)
        records[path.relative_to(base).as_posix() if inside else path.name] = file_record(path)
    return dict(sorted(records.items()))


def versions() -> dict[str, str]:
    """Python and the packages that a result depends on; those not installed are left out."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def fingerprint(inputs: Mapping[str, Mapping[str, Any]], parameters: Mapping[str, Any], seed: int) -> str:
    """A hash that is the same exactly if a new run would give the same tables.

    It covers the inputs' hashes, the parameters, the seed and the versions.
    """
    told = _plain({"inputs": inputs, "parameters": parameters, "seed": seed, "versions": versions()})
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest.json`` beside the finished files of a result, whose hashes it records."""
    outputs = [path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST]
    finished = manifest.finished or datetime.now(UTC)
    document = {
        "format": FORMAT,
        "plan": manifest.plan,
        "fingerprint": fingerprint(manifest.inputs, manifest.parameters, manifest.seed),
        "inputs": manifest.inputs,
        "outputs": file_records(outputs, folder),
        "parameters": manifest.parameters,
        "seed": manifest.seed,
        "solver": manifest.solver,
        "checks": list(manifest.checks),
        "notes": list(manifest.notes),
        "versions": versions(),
        "run": {
            "finished": finished.astimezone(UTC).isoformat(timespec="seconds"),
            "platform": platform.platform(),
            "timings_s": {name: round(seconds, 3) for name, seconds in manifest.timings_s.items()},
        },
    }
    text = json.dumps(_plain(document), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a result, or ``None`` if there is none that can be read."""
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and document.get("format") == FORMAT else None


def differences(folder: Path) -> list[str]:
    """What of a result is not as its manifest says: missing, changed or additional files."""
    manifest = read_manifest(folder)
    if manifest is None:
        return [f"{MANIFEST}: missing or not readable"]
    recorded = manifest.get("outputs", {})
    present = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    found = [f"{name}: missing" for name in recorded if name not in present]
    found += [f"{name}: not in the manifest" for name in present if name not in recorded]
    found += [
        f"{name}: changed"
        for name, record in recorded.items()
        if name in present and file_record(present[name]) != record
    ]
    return sorted(found)


def is_current(folder: Path, expected_fingerprint: str) -> bool:
    """Whether a result is whole and would come out the same again."""
    manifest = read_manifest(folder)
    return (
        manifest is not None
        and manifest.get("fingerprint") == expected_fingerprint
        and not differences(folder)
    )


def _plain(value: Any) -> Any:
    """The value in JSON's own types; a number without a finite value becomes a text or nothing."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, frozenset | set):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):  # numpy scalars and arrays
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, date):  # datetime and pandas.Timestamp are dates too
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
