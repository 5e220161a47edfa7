"""A roster is read back as it was written, and one made elsewhere is never guessed at."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.files.roster_file import COLUMNS, Implied, read_roster

HEAD = "agent,start,end,activity,paid,queue,shift_id\n"


def read(path, timezone="Europe/Berlin"):
    return read_roster(path, timezone)


def test_a_roster_has_the_documented_columns_and_order(write):
    text = HEAD + (
        "bert,2026-03-02T08:00:00+01:00,2026-03-02T12:00:00+01:00,work,True,phone,s1\n"
        "anna,2026-03-02 12:00,2026-03-02 12:30,lunch,no,,s2\n"
        "anna,2026-03-02T07:00Z,2026-03-02 12:00,work,1,chat,s2\n"
    )
    table = read(write("roster.csv", text))
    assert tuple(table.columns) == COLUMNS
    assert table["agent"].tolist() == ["anna", "anna", "bert"]
    assert [time.isoformat() for time in table["start"]] == [
        "2026-03-02T08:00:00+01:00",
        "2026-03-02T12:00:00+01:00",
        "2026-03-02T08:00:00+01:00",
    ]
    assert table["paid"].tolist() == [True, False, True]
    assert table["queue"].tolist() == ["chat", "", "phone"]
    assert str(table["end"].dt.tz) == "Europe/Berlin"


def test_a_roster_made_elsewhere_may_say_agent_id_and_have_no_shift_id_and_more_columns(write):
    head = "agent_id;site;start;end;activity;paid;queue\n"
    text = head + "anna;Bonn;2026-03-02 22:00;2026-03-03 06:00;work;yes;phone\n"
    table = read(write("elsewhere.csv", text))
    assert table["agent"].tolist() == ["anna"]
    assert table["shift_id"].tolist() == [""]
    assert (table["end"] - table["start"]).tolist() == [pd.Timedelta(hours=8)]


def test_a_night_through_the_clock_change_is_as_long_as_it_is(write):
    text = (
        HEAD
        + "anna,2026-10-24 22:00,2026-10-25 06:00,work,yes,phone,\n"
        + "bert,2026-03-28 22:00,2026-03-29 06:00,work,yes,phone,\n"
    )
    table = read(write("night.csv", text))
    assert (table["end"] - table["start"]).tolist() == [pd.Timedelta(hours=9), pd.Timedelta(hours=7)]


@pytest.mark.parametrize(
    ("field", "value", "problem", "accepted"),
    [
        ("agent", "", "not an agent id", "1 to 64 characters"),
        ("agent", "a/b", "not an agent id", "none of /"),
        ("start", "8 o'clock", "not a date and time", "YYYY-MM-DD HH:MM"),
        ("start", "2026-03-29 02:30", "does not exist in Europe/Berlin", "offset"),
        ("start", "2025-10-26 02:30", "a local time that Europe/Berlin has twice", "a time with its offset"),
        ("end", "2026-03-30 08:00", "an end that is not after its start", "next date"),
        ("end", "", "not a date and time", "YYYY-MM-DD HH:MM"),
        ("activity", "", "no activity", "work, or the name of a break"),
        ("paid", "maybe", "neither paid nor unpaid", "true or false"),
        ("paid", "", "neither paid nor unpaid", "true or false"),
    ],
)
def test_a_defect_of_one_cell_is_told_with_its_place(write, refused, field, value, problem, accepted):
    row = {
        "agent": "anna",
        "start": "2026-03-30 08:00",
        "end": "2026-03-30 12:00",
        "activity": "work",
        "paid": "yes",
        "queue": "phone",
        "shift_id": "s",
        field: value,
    }
    path = write(
        "one_bad_cell.csv",
        HEAD + "bert,2026-03-02 08:00,2026-03-02 12:00,work,yes,phone,s\n" + ",".join(row.values()),
    )
    refused(lambda: read(path), problem, file=path, line=3, field=field, value=value, accepted=accepted)


def test_missing_agent_column(write, refused):
    path = write(
        "missing_agent.csv",
        "who,start,end,activity,paid,queue\nanna,2026-03-02 08:00,2026-03-02 09:00,work,1,q\n",
    )
    refused(
        lambda: read(path),
        "missing column 'agent'",
        file=path,
        line=1,
        field="agent",
        accepted="who, start, end",
    )


@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 24 * 60), st.integers(1, 600), st.sampled_from(["anna", "bert"]), st.booleans()
        ),
        min_size=1,
        max_size=6,
    ),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
    first_day=st.sampled_from(["2026-03-28", "2026-10-24", "2026-10-31", "2026-04-04", "2026-10-03"]),
)
def test_a_written_roster_comes_back(tmp_path_factory, rows, zone, first_day):
    midnight = pd.Timestamp(first_day, tz=zone)
    table = pd.DataFrame(
        [
            (
                who,
                midnight + pd.Timedelta(minutes=at),
                midnight + pd.Timedelta(minutes=at + length),
                "work",
                paid,
                "q",
                "s",
            )
            for at, length, who, paid in rows
        ],
        columns=list(COLUMNS),
    ).sort_values(["agent", "start"], kind="stable", ignore_index=True)
    path = tmp_path_factory.mktemp("roster") / "roster.csv"
    written = table.assign(
        start=table["start"].map(pd.Timestamp.isoformat), end=table["end"].map(pd.Timestamp.isoformat)
    )
    written.to_csv(path, index=False)
    pd.testing.assert_frame_equal(read_roster(path, zone), table, check_dtype=False)


def test_text_written_behind_an_apostrophe_is_read_without_it(write):
    text = (
        "agent,start,end,activity,paid,queue,shift_id\n"
        "'=anna,2026-03-02T08:00:00+01:00,2026-03-02T12:00:00+01:00,work,true,'-q,\n"
    )
    (row,) = read_roster(write("roster.csv", text), "Europe/Berlin").to_dict("records")
    assert (row["agent"], row["queue"]) == ("=anna", "-q")


IMPLIED = Implied({"work": True, "lunch": False}, {"anna": "phone"})
SHORT = "agent,start,end,activity\n"


def test_what_the_file_leaves_out_follows_from_the_plan(write):
    text = SHORT + (
        "anna,2026-03-02 08:00,2026-03-02 12:00,work\nanna,2026-03-02 12:00,2026-03-02 12:30,lunch\n"
    )
    table = read_roster(write("short.csv", text), "Europe/Berlin", IMPLIED)
    assert table["paid"].tolist() == [True, False]
    assert table["queue"].tolist() == ["phone", ""]


def test_what_the_file_says_is_not_overruled_by_the_plan(write):
    text = "agent,start,end,activity,paid,queue\nanna,2026-03-02 08:00,2026-03-02 12:00,work,no,chat\n"
    table = read_roster(write("full.csv", text), "Europe/Berlin", IMPLIED)
    assert (table["paid"].tolist(), table["queue"].tolist()) == ([False], ["chat"])


@pytest.mark.parametrize(
    ("row", "field", "value", "column"),
    [
        ("anna,2026-03-02 08:00,2026-03-02 12:00,tea", "activity", "tea", "a column paid"),
        ("bert,2026-03-02 08:00,2026-03-02 12:00,work", "agent", "bert", "a column queue"),
    ],
)
def test_what_does_not_follow_names_the_column_that_is_missing(write, refused, row, field, value, column):
    path = write("short.csv", SHORT + "anna,2026-03-02 08:00,2026-03-02 12:00,work\n" + row + "\n")
    refused(
        lambda: read_roster(path, "Europe/Berlin", IMPLIED),
        "the file has no column",
        file=path, line=3, field=field, value=value, accepted=column,
    )  # fmt: skip
