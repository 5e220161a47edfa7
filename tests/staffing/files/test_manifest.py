"""The manifest: stable, complete, and able to say what of a result has changed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from staffing.files.manifest import (
    Manifest,
    differences,
    file_record,
    file_records,
    fingerprint,
    is_current,
    read_manifest,
    versions,
    write_manifest,
)

FINISHED = datetime(2024, 3, 4, 12, 0, 1, 999, tzinfo=UTC)


@pytest.fixture
def result(tmp_path: Path) -> Path:
    """A result with two files."""
    folder = tmp_path / "week"
    (folder / "calendars").mkdir(parents=True)
    (folder / "roster.csv").write_text("agent\n")
    (folder / "calendars" / "a.ics").write_text("BEGIN:VCALENDAR")
    return folder


def manifest(**changes: object) -> Manifest:
    """What a run could say."""
    values: dict[str, object] = {
        "plan": "centre",
        "inputs": {"history.csv": {"sha256": "0" * 64, "bytes": 3}},
        "parameters": {"week": date(2024, 3, 4), "targets": {"phone": {"answer_within_s": np.float64(20.0)}}},
        "seed": 7,
        "solver": {
            "roster": {"status": "feasible", "cost": 12.5, "bound": float("nan"), "gap": float("inf")}
        },
        "checks": pd.DataFrame({"rule": ["rest"], "checked": [3], "broken": [0]}).to_dict("records"),
        "notes": ("too short for a season",),
        "timings_s": {"forecast": 1.23456},
        "finished": FINISHED,
    }
    return Manifest(**{**values, **changes})  # type: ignore[arg-type]


def test_a_manifest_says_what_went_in_came_out_and_how_sure(result: Path) -> None:
    write_manifest(result, manifest())
    found = read_manifest(result)
    assert found is not None
    assert found["outputs"]["calendars/a.ics"] == {
        "sha256": hashlib.sha256(b"BEGIN:VCALENDAR").hexdigest(),
        "bytes": 15,
    }
    assert set(found["outputs"]) == {"roster.csv", "calendars/a.ics"}
    assert found["solver"]["roster"] == {"status": "feasible", "cost": 12.5, "bound": None, "gap": "inf"}
    assert found["parameters"] == {"week": "2024-03-04", "targets": {"phone": {"answer_within_s": 20.0}}}
    assert found["checks"] == [{"rule": "rest", "checked": 3, "broken": 0}]
    assert found["run"]["timings_s"] == {"forecast": 1.235}
    assert found["run"]["finished"] == "2024-03-04T12:00:01+00:00"
    assert found["versions"]["pandas"] == pd.__version__


def test_the_same_run_gives_the_same_bytes_with_sorted_keys(result: Path) -> None:
    write_manifest(result, manifest())
    first = (result / "manifest.json").read_bytes()
    write_manifest(result, manifest())
    assert (result / "manifest.json").read_bytes() == first
    document = json.loads(first)
    assert list(document) == sorted(document)
    assert first.endswith(b"}\n")


def test_times_and_durations_stand_in_one_place_and_leave_the_fingerprint_alone(result: Path) -> None:
    write_manifest(result, manifest())
    first = read_manifest(result)
    write_manifest(result, manifest(finished=None, timings_s={"forecast": 99.0}))
    second = read_manifest(result)
    assert first is not None
    assert second is not None
    assert first.pop("run") != second.pop("run")
    assert first == second


def test_a_fingerprint_changes_with_inputs_parameters_and_seed_and_not_with_their_order() -> None:
    inputs = {"a": {"sha256": "1"}, "b": {"sha256": "2"}}
    base = fingerprint(inputs, {"x": 1, "y": 2}, 0)
    assert fingerprint(dict(reversed(inputs.items())), {"y": 2, "x": 1}, 0) == base
    assert fingerprint({**inputs, "b": {"sha256": "3"}}, {"x": 1, "y": 2}, 0) != base
    assert fingerprint(inputs, {"x": 1, "y": 3}, 0) != base
    assert fingerprint(inputs, {"x": 1, "y": 2}, 1) != base


def test_a_result_is_current_until_a_file_or_the_question_changes(result: Path) -> None:
    told = manifest()
    write_manifest(result, told)
    same = fingerprint(told.inputs, told.parameters, told.seed)
    assert is_current(result, same)
    assert not is_current(result, fingerprint(told.inputs, told.parameters, 8))
    (result / "roster.csv").write_text("edited\n")
    (result / "calendars" / "a.ics").unlink()
    (result / "more.txt").write_text("")
    assert differences(result) == [
        "calendars/a.ics: missing",
        "more.txt: not in the manifest",
        "roster.csv: changed",
    ]
    assert not is_current(result, same)


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"format": 0}'])
def test_a_manifest_that_cannot_be_read_is_none(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    assert read_manifest(tmp_path) is None
    assert differences(tmp_path) == ["manifest.json: missing or not readable"]
    assert not is_current(tmp_path, "")


def test_inputs_are_named_by_their_place_in_the_plan_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "b.csv").write_text("b")
    (tmp_path / "a.csv").write_text("a")
    records = file_records([tmp_path / "data" / "b.csv", tmp_path / "a.csv"], tmp_path)
    assert list(records) == ["a.csv", "data/b.csv"]
    assert records["a.csv"] == file_record(tmp_path / "a.csv")
    outside = file_records([tmp_path / "a.csv"], tmp_path / "data")
    assert list(outside) == ["a.csv"]


def test_versions_name_python_and_what_is_installed() -> None:
    found = versions()
    assert found["numpy"] == np.__version__
    assert found["python"].startswith("3.")
