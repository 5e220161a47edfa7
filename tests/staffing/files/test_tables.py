"""The product's own tables: the same bytes, the same values back, and a name for every defect."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffing.errors import BadInput
from staffing.files.cells import escape, unescape
from staffing.files.schemas import (
    CLEANING,
    COVERAGE,
    FORECAST,
    LEADERBOARD,
    REQUIREMENT,
    ROSTER,
    SERVICE,
    SHIFTS,
    WISHES,
    Column,
    Schema,
)
from staffing.files.tables import read_table, settle, write_table

ZONE = "Europe/Berlin"
SCHEMAS = (FORECAST, REQUIREMENT, COVERAGE, SHIFTS, ROSTER, WISHES, CLEANING, LEADERBOARD, SERVICE)


def example(schema: Schema, rows: int = 4) -> pd.DataFrame:
    """A table of a schema over the hours of a clock change, with gaps where they are allowed."""
    times = pd.date_range("2024-10-27 01:30", periods=rows, freq="30min", tz=ZONE)
    values: dict[str, object] = {
        "time": times,
        "date": [date(2024, 3, 4 + row) for row in range(rows)],
        "number": np.arange(rows) / 3.0,
        "whole": list(range(rows)),
        "flag": [row % 2 == 0 for row in range(rows)],
        "text": [f'={row},"ü"\n' for row in range(rows)],
    }
    frame = pd.DataFrame({column.name: values[column.kind] for column in schema.columns})
    for column in schema.columns:
        if column.blank:
            gap = {"number": np.nan, "text": ""}.get(column.kind)
            cells = frame[column.name].astype(object)
            cells.iloc[rows - 1] = gap
            frame[column.name] = cells
    return frame


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_a_table_comes_back_as_it_was_settled_and_gives_the_same_bytes_again(
    schema: Schema, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    settled = write_table(first, example(schema), schema)
    back = read_table(first, schema, ZONE)
    pd.testing.assert_frame_equal(back, settled, check_exact=True)
    write_table(second, back, schema)
    assert first.read_bytes() == second.read_bytes()
    assert list(back.columns) == list(schema.names)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_a_table_without_rows_is_written_and_read_or_refused(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    settled = write_table(path, example(schema).iloc[:0], schema)
    if schema.may_be_empty:
        back = read_table(path, schema, ZONE)
        assert len(back) == 0
        for column in schema.columns:
            if column.kind != "time":
                assert back[column.name].dtype == settled[column.name].dtype
        assert str(settled["start"].dt.tz) == ZONE if "start" in settled else True
    else:
        with pytest.raises(BadInput, match="no rows below the header"):
            read_table(path, schema, ZONE)


def test_the_bytes_are_those_of_the_documented_form(tmp_path: Path) -> None:
    start = pd.Timestamp("2024-10-27 02:30").tz_localize(ZONE, ambiguous=True)
    frame = pd.DataFrame(
        {
            "shift_id": [7],
            "agent": ["=cmd()"],
            "start": [start],
            "end": [start + pd.Timedelta(hours=1)],
            "activity": ["work"],
            "paid": [True],
            "queue": ["phone"],
        }
    )
    write_table(tmp_path / "roster.csv", frame, ROSTER)
    assert (tmp_path / "roster.csv").read_bytes() == (
        b"agent,start,end,activity,paid,queue,shift_id\n"
        b"'=cmd(),2024-10-27T02:30:00+02:00,2024-10-27T02:30:00+01:00,work,true,phone,7\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (-1e-9, "0"),
        (-2.5, "-2.5"),
        (1e20, "1e+20"),
        (123456.1234567, "123456.123457"),
        (np.nan, ""),
        (np.inf, "inf"),
    ],
)
def test_numbers_are_short_and_never_escaped(value: float, text: str, tmp_path: Path) -> None:
    schema = Schema(
        "one", (Column("x", "number", blank=True, infinite=True), Column("y", "text", blank=True))
    )
    write_table(tmp_path / "one.csv", pd.DataFrame({"x": [value], "y": "t"}), schema)
    assert (tmp_path / "one.csv").read_text().splitlines()[1] == f"{text},t"


def test_a_number_that_keeps_every_digit_loses_none(tmp_path: Path) -> None:
    schema = Schema("one", (Column("x", "number", decimals=None),))
    write_table(tmp_path / "one.csv", pd.DataFrame({"x": [1 / 3, 1e-300]}), schema)
    assert read_table(tmp_path / "one.csv", schema, ZONE)["x"].tolist() == [1 / 3, 1e-300]


@given(st.text())
def test_an_escaped_text_comes_back_and_no_cell_is_a_formula(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8"), max_size=8),
            st.floats(-1e12, 1e12),
            st.booleans(),
        ),
        max_size=6,
    )
)
def test_any_text_number_and_flag_survive_the_file(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float, bool]]
) -> None:
    schema = Schema("any", (Column("t", "text", blank=True), Column("x", "number"), Column("f", "flag")))
    path = tmp_path_factory.mktemp("any") / "any.csv"
    settled = write_table(path, pd.DataFrame(rows, columns=["t", "x", "f"]), schema)
    pd.testing.assert_frame_equal(read_table(path, schema, ZONE), settled, check_exact=True)
    assert settled["x"].tolist() == pytest.approx([row[1] for row in rows], abs=5e-7, rel=1e-12)


def test_other_columns_and_another_order_of_columns_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "shifts.csv"
    settled = write_table(path, example(SHIFTS), SHIFTS)
    with path.open(newline="") as file:
        rows = [[*reversed(row), "more"] for row in csv.reader(file)]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    pd.testing.assert_frame_equal(read_table(path, SHIFTS, ZONE), settled)


def test_times_of_any_offset_come_back_in_the_zone_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(
        "agent,start,end,activity,paid,queue,shift_id\n"
        "a,2024-03-04T07:00:00Z,2024-03-04 13:30+0530,work,true,phone,\n"
    )
    back = read_table(path, ROSTER, ZONE)
    assert back["start"].iloc[0] == pd.Timestamp("2024-03-04 08:00", tz=ZONE)
    assert back["end"].iloc[0] == pd.Timestamp("2024-03-04 09:00", tz=ZONE)
    assert str(back["end"].dt.tz) == ZONE


GOOD = "q,2024-03-04T08:00:00+01:00,1,1,0\n"
SMALL = Schema(
    "small",
    (
        Column("queue", "text"),
        Column("start", "time"),
        Column("n", "number", least=0.0),
        Column("k", "whole"),
        Column("x", "number", blank=True),
    ),
    key=("queue", "start"),
    may_be_empty=False,
)
HEADER = "queue,start,n,k,x\n"


@pytest.mark.parametrize(
    ("text", "line", "field", "value", "message"),
    [
        ("", None, None, None, "empty file"),
        (HEADER, None, None, None, "no rows below the header"),
        ("queue,start,n,x\nq,2024-03-04T08:00:00+01:00,1,0\n", 1, "k", None, "missing column"),
        ("queue,start,n,k,x,k\n", 1, "k", None, "repeated column"),
        (
            HEADER + GOOD + "q,2024-02-30T08:00:00+01:00,1,1,0\n",
            3,
            "start",
            "2024-02-30T08:00:00+01:00",
            "not a time",
        ),
        (HEADER + "q,2024-03-04T08:00:00,1,1,0\n", 2, "start", "2024-03-04T08:00:00", "without its offset"),
        (HEADER + "q,yesterday,1,1,0\n", 2, "start", "yesterday", "not a time"),
        (
            HEADER + "q,0001-03-04T08:00:00+01:00,1,1,0\n",
            2,
            "start",
            "0001-03-04T08:00:00+01:00",
            "not a time",
        ),
        (HEADER + "q,2024-03-04T08:00:00+01:00,many,1,0\n", 2, "n", "many", "not a number"),
        (HEADER + "q,2024-03-04T08:00:00+01:00,nan,1,0\n", 2, "n", "nan", "not a number"),
        (HEADER + "q,2024-03-04T08:00:00+01:00,inf,1,0\n", 2, "n", "inf", "not a number"),
        (HEADER + "q,2024-03-04T08:00:00+01:00,1e999,1,0\n", 2, "n", "1e999", "not a number"),
        (HEADER + "q,2024-03-04T08:00:00+01:00,-1,1,0\n", 2, "n", "-1", "a number >= 0"),
        (HEADER + "q,2024-03-04T08:00:00+01:00,,1,0\n", 2, "n", "", "empty cell"),
        (HEADER + "q,2024-03-04T08:00:00+01:00,1,1.5,0\n", 2, "k", "1.5", "not a whole number"),
        (HEADER + ",2024-03-04T08:00:00+01:00,1,1,0\n", 2, "queue", "", "empty cell"),
        (HEADER + GOOD + "\n" + GOOD, 4, "queue + start", None, "repeated row"),
        (HEADER + "q,2024-03-04T08:00:00+01:00,1,1\n", 2, None, None, "row of 4 cells"),
        (HEADER + '"q\nq",2024-03-04T08:00:00+01:00,1,1,0\n' + "q,1,1,1,0\n", 4, "start", "1", "not a time"),
        (HEADER + 'q,"2024,1,1,0\n', 2, None, None, "not CSV"),
    ],
)
def test_a_defect_is_named_with_file_line_field_value_and_what_is_accepted(
    text: str, line: int | None, field: str | None, value: str | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "small.csv"
    path.write_text(text)
    with pytest.raises(BadInput, match=message) as caught:
        read_table(path, SMALL, ZONE)
    assert caught.value.file == str(path)
    assert caught.value.line == line
    assert caught.value.field == field
    assert caught.value.accepted
    if value is not None:
        assert caught.value.value == value


def test_a_file_that_is_missing_or_not_utf8_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        read_table(tmp_path / "none.csv", SMALL, ZONE)
    (tmp_path / "latin.csv").write_bytes((HEADER + "Ü").encode("cp1252"))
    with pytest.raises(BadInput, match="not UTF-8"):
        read_table(tmp_path / "latin.csv", SMALL, ZONE)


def test_settling_refuses_a_missing_column_and_a_naive_time() -> None:
    with pytest.raises(ValueError, match="missing paid_h"):
        settle(example(SHIFTS).drop(columns="paid_h"), SHIFTS)
    naive = example(SHIFTS)
    naive["start"] = naive["start"].dt.tz_localize(None)
    with pytest.raises(ValueError, match="zone-aware times expected in column start"):
        settle(naive, SHIFTS)
