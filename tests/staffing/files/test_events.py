"""Events keep their days and what they do to the volume."""

from __future__ import annotations

import math

import pytest

from staffing.files.events import parse_uplift, read_events

HEAD = "name,start,end,queue,uplift\n"


def read(path, timezone="Europe/Berlin"):
    return read_events(path, timezone, ("phone", "chat"))


def test_events_are_half_open_stretches_of_local_time(write):
    text = (
        HEAD
        + "sale,2026-03-28,2026-03-29,phone,+20%\n"
        + "outage,2026-03-03 10:00,2026-03-03 11:30,,-0.5\n"
        + "fair,2026-03-05,,,\n"
    )
    table = read(write("events.csv", text))
    assert [time.isoformat() for time in table["start"]] == [
        "2026-03-28T00:00:00+01:00",
        "2026-03-03T10:00:00+01:00",
        "2026-03-05T00:00:00+01:00",
    ]
    assert [time.isoformat() for time in table["end"]] == [
        "2026-03-30T00:00:00+02:00",
        "2026-03-03T11:30:00+01:00",
        "2026-03-06T00:00:00+01:00",
    ]
    assert table["name"].tolist() == ["sale", "outage", "fair"]
    assert table["queue"].tolist() == ["phone", "", ""]
    assert table["uplift"].tolist()[:2] == [0.2, -0.5]
    assert math.isnan(table["uplift"].iloc[2])


def test_a_header_alone_gives_an_empty_table_of_the_same_types(write):
    full = read(write("one.csv", HEAD + "fair,2026-03-05,,phone,0.1\n"))
    empty = read(write("none.csv", HEAD))
    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)
    assert str(empty["start"].dt.tz) == "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "share"),
    [("+20%", 0.2), ("20 %", 0.2), ("-100%", -1.0), ("0.25", 0.25), ("0", 0.0), ("+1000%", 10.0)],
)
def test_an_uplift_is_a_share_or_a_percentage(text, share):
    assert parse_uplift(text) == pytest.approx(share, abs=1e-15)


@pytest.mark.parametrize(
    ("row", "problem", "field", "value", "accepted"),
    [
        (",2026-03-05,,,", "an event without a name", "name", None, "a name"),
        ("fair,5 March,,,", "not a date and time", "start", "5 March", "YYYY-MM-DD"),
        ("fair,2026-03-29 02:30,,,", "does not exist", "start", "2026-03-29 02:30", "offset"),
        (
            "fair,2026-03-05,2026-03-04,,",
            "ends before it starts",
            "end",
            "2026-03-04",
            "an end after 2026-03-05",
        ),
        ("fair,2026-03-05,,fax,", "unknown queue", "queue", "fax", "phone, chat, or blank for all"),
        ("fair,2026-03-05,,,much", "not a number", "uplift", "much", "+20% or 0.2"),
        ("fair,2026-03-05,,,20", "out of range", "uplift", "20", "+20% or 0.2"),
        ("fair,2026-03-05,,,-101%", "out of range", "uplift", "-101", "-100%"),
        ("fair,2026-03-05,,,20%%", "not a change of volume", "uplift", "20%%", "+20% or 0.2"),
    ],
)
def test_a_defect_of_one_cell_is_told_with_its_place(write, refused, row, problem, field, value, accepted):
    path = write("one_bad_cell.csv", HEAD + "sale,2026-03-01,,,\n" + row + "\n")
    refused(lambda: read(path), problem, file=path, line=3, field=field, value=value, accepted=accepted)
