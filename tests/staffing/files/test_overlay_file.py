"""overlay.csv and exclusions.csv: what a planner may write, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from staffing.errors import BadInput
from staffing.files.exclusions import read_exclusions
from staffing.files.overlay import parse_change, read_overlay

ZONE = "Europe/Berlin"
QUEUES = ("phone", "chat")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_dates_times_shares_and_contacts_are_read(tmp_path: Path) -> None:
    table = read_overlay(
        written(
            tmp_path,
            "queue,start,end,change,reason\nphone,2026-02-16,2026-02-17,+10%,mailing\n"
            "chat,2026-02-18 10:00,2026-02-18 12:00,-50,\n,2026-02-19,,-2.5%,strike\n",
        ),
        ZONE,
        QUEUES,
    )
    assert list(table["start"]) == [
        pd.Timestamp(t, tz=ZONE) for t in ("2026-02-16", "2026-02-18 10:00", "2026-02-19")
    ]
    assert list(table["end"]) == [
        pd.Timestamp(t, tz=ZONE) for t in ("2026-02-18", "2026-02-18 12:00", "2026-02-20")
    ]
    np.testing.assert_allclose(table["share"], [0.1, np.nan, -0.025])
    np.testing.assert_allclose(table["contacts"], [np.nan, -50, np.nan])
    assert list(table["reason"]) == ["mailing", "", "strike"]


@pytest.mark.parametrize(
    ("text", "share", "contacts"), [("10%", 0.1, None), ("50", None, 50.0), ("- 5 %", None, None)]
)
def test_a_sign_that_a_spreadsheet_dropped_is_a_plus(
    text: str, share: float | None, contacts: float | None
) -> None:
    if share is None and contacts is None:
        with pytest.raises(BadInput):
            parse_change(text)
        return
    found = parse_change(text)
    np.testing.assert_allclose(
        found, [np.nan if share is None else share, np.nan if contacts is None else contacts]
    )


@pytest.mark.parametrize(
    ("row", "field", "accepted"),
    [
        ("fax,2026-02-16,,+10%", "queue", "phone, chat"),
        ("phone,16.02.2026,,+10%", "start", "YYYY-MM-DD"),
        ("phone,2026-02-16,2026-02-15,+10%", "end", "an end after"),
        ("phone,2026-02-16,,more", "change", "+10%"),
        ("phone,2026-02-16,,0.1", "change", "+10%"),
        ("phone,2026-02-16,,-120%", "change", "+10%"),
        ("phone,2026-02-16,,", "change", "+10%"),
        (",2026-02-16,,+50", "queue", "phone, chat"),
        ("phone,2026-03-29 02:30,,+10%", "start", "local clock shows"),
    ],
)
def test_a_bad_row_is_named_with_what_is_accepted(
    tmp_path: Path, row: str, field: str, accepted: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read_overlay(written(tmp_path, f"queue,start,end,change\n{row}\n"), ZONE, QUEUES)
    assert (caught.value.line, caught.value.field) == (2, field)
    assert accepted in str(caught.value)


@pytest.mark.parametrize("read", [read_overlay, read_exclusions])
def test_a_header_alone_is_an_empty_table(
    tmp_path: Path, read: Callable[[Path, str, tuple[str, ...]], pd.DataFrame]
) -> None:
    table = read(written(tmp_path, "start,change\n" if read is read_overlay else "start\n"), ZONE, QUEUES)
    assert table.empty
    assert isinstance(table["start"].dtype, pd.DatetimeTZDtype)


def test_exclusions_know_two_actions(tmp_path: Path) -> None:
    table = read_exclusions(
        written(
            tmp_path,
            "queue,start,end,action,reason\nphone,2026-01-05T10:00:00+01:00,2026-01-05T12:00:00+01:00,exclude,outage\n"
            ",2026-01-07,,keep,it was so\n,2026-01-08,,,\n",
        ),
        ZONE,
        QUEUES,
    )
    assert list(table["action"]) == ["exclude", "keep", "exclude"]
    assert table["start"].iloc[0] == pd.Timestamp("2026-01-05 10:00", tz=ZONE)


@pytest.mark.parametrize(
    ("row", "field"),
    [("fax,2026-01-05,,keep", "queue"), (",2026-01-05,,drop", "action"), (",today,,keep", "start")],
)
def test_a_bad_exclusion_is_named(tmp_path: Path, row: str, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_exclusions(written(tmp_path, f"queue,start,end,action\n{row}\n"), ZONE, QUEUES)
    assert (caught.value.line, caught.value.field) == (2, field)
