"""A history file is read as it was meant, or refused with file, line, column, value and what is accepted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.errors import BadInput
from staffing.files.defects import BadTable
from staffing.files.history import HistorySpec, read_history

HEAD = "queue,start,contacts,handled,aht_s\n"
GOOD = HEAD + "phone,2026-03-02 07:00,10,9,300\nphone,2026-03-02 07:30,12,12,280.5\n"


def spec(*files, **changes):
    return HistorySpec(
        **{"files": files, "queue_names": ("phone", "chat"), "timezone": "Europe/Berlin", **changes}
    )


def starts_of(history, queue="phone"):
    table = history.table
    return [start.isoformat() for start in table.loc[table["queue"] == queue, "start"]]


def finding(history, name):
    rows = history.findings[history.findings["finding"] == name]
    return [(row.queue, row.count_) for row in rows.rename(columns={"count": "count_"}).itertuples()]


def test_a_plain_file_gives_the_documented_table(write):
    history = read_history(spec(write("plain.csv", GOOD)))
    assert list(history.table.columns) == ["queue", "start", "contacts", "handled", "aht_s"]
    assert history.table["queue"].tolist() == ["phone", "phone"]
    assert starts_of(history) == ["2026-03-02T07:00:00+01:00", "2026-03-02T07:30:00+01:00"]
    assert history.table[["contacts", "handled", "aht_s"]].to_numpy().tolist() == [
        [10, 9, 300],
        [12, 12, 280.5],
    ]
    assert str(history.table["start"].dt.tz) == "Europe/Berlin"
    assert history.interval_min == {"phone": 30}
    assert history.findings.empty


def test_encoding_delimiter_decimal_comma_and_names_of_a_german_spreadsheet(write):
    text = (
        "Warteschlange;Beginn;Anrufe;Ø AHT\nphone;2026-03-02T07:00;10;300,5\nphone;2026-03-02T07:15;12;280\n"
    )
    columns = {"queue": "Warteschlange", "start": "Beginn", "contacts": "Anrufe", "aht_s": "Ø AHT"}
    history = read_history(spec(write("german.csv", text, "cp1252"), columns=columns))
    assert history.table["aht_s"].tolist() == [300.5, 280]
    assert history.interval_min == {"phone": 15}


def test_rows_may_come_in_any_order_and_queues_have_their_own_interval(write):
    text = HEAD + (
        "phone,2026-03-02 07:15,2,2,300\nchat,2026-03-02 08:00,4,4,600\n"
        "phone,2026-03-02 07:00,1,1,300\nchat,2026-03-02 07:00,3,3,600\n"
    )
    history = read_history(spec(write("unsorted.csv", text)))
    assert history.table["contacts"].tolist() == [1, 2, 3, 4]
    assert history.interval_min == {"phone": 15, "chat": 60}


def test_a_constant_queue_stands_in_for_a_missing_column(write):
    path = write("one_queue.csv", "start,contacts,aht_s\n2026-03-02 07:00,1,60\n2026-03-02 07:05,2,60\n")
    assert read_history(spec(path, queue="chat")).table["queue"].tolist() == ["chat", "chat"]


def test_stamps_with_offsets_are_converted_to_the_local_zone(write):
    text = HEAD + "phone,2026-03-02T06:00Z,1,1,60\nphone,2026-03-02T12:00:00+05:30,2,2,60\n"
    assert starts_of(read_history(spec(write("offsets.csv", text)))) == [
        "2026-03-02T07:00:00+01:00",
        "2026-03-02T07:30:00+01:00",
    ]


def test_missing_is_not_zero(write):
    rows = [
        f"phone,2026-03-02 {7 + i // 2:02d}:{i % 2 * 30:02d},{cell},,60"
        for i, cell in enumerate(["", "--", "N/A", "0"])
    ]
    history = read_history(spec(write("missing.csv", HEAD + "\n".join(rows))))
    assert history.table["contacts"].isna().tolist() == [True, True, True, False]
    assert history.table["contacts"].iloc[3] == 0
    assert finding(history, "contacts missing") == [("phone", 3)]


def test_fractional_contacts_are_kept_and_told(write):
    history = read_history(spec(write("fractions.csv", GOOD.replace(",10,", ",10.5,"))))
    assert history.table["contacts"].tolist() == [10.5, 12]
    assert finding(history, "fractional contacts") == [("phone", 1)]


def test_optional_columns_come_along(write):
    head = "queue,start,contacts,aht_s,abandoned,wait_s\n"
    text = head + "phone,2026-03-02 07:00,9,60,1,5\nphone,2026-03-02 07:05,9,60,,\n"
    history = read_history(spec(write("optional.csv", text)))
    assert list(history.table.columns) == [
        "queue",
        "start",
        "contacts",
        "handled",
        "aht_s",
        "abandoned",
        "wait_s",
    ]
    assert history.table["handled"].tolist() == [9, 9]
    assert finding(history, "handled not recorded") == [("phone", 2)]


def test_a_queue_without_handling_times_takes_its_default_or_is_refused(write, refused):
    path = write(
        "no_handling_time.csv", "queue,start,contacts\nphone,2026-03-02 07:00,1\nphone,2026-03-02 07:05,2\n"
    )
    history = read_history(spec(path, aht_default_s={"phone": 240}))
    assert history.table["aht_s"].tolist() == [240, 240]
    assert finding(history, "handling time not recorded") == [("phone", 2)]
    act = lambda: read_history(spec(path))  # noqa: E731
    refused(
        act,
        "no handling time for queue 'phone'",
        file=path,
        field="aht_s",
        accepted="a default for the queue",
    )


def test_a_handling_time_of_zero_where_nothing_was_handled_is_missing(write):
    text = (
        HEAD + "phone,2026-03-02 07:00,0,0,0\nphone,2026-03-02 07:30,3,0,0\nphone,2026-03-02 08:00,3,3,60\n"
    )
    history = read_history(spec(write("idle.csv", text)))
    assert history.table["aht_s"].isna().tolist() == [True, True, False]
    assert finding(history, "handling time 0 where nothing was handled") == [("phone", 2)]


def test_several_files_are_joined(write):
    one, two = (
        write("one.csv", GOOD),
        write("two.csv", GOOD.replace("03-02", "03-01").replace("phone", "chat")),
    )
    history = read_history(spec(two, one))
    assert history.table["queue"].tolist() == ["phone", "phone", "chat", "chat"]


CELL_DEFECTS = [
    ("start", "2026-02-30 07:30", "not a date and time", "YYYY-MM-DD HH:MM"),
    ("start", "02.03.2026 07:30", "not a date and time", "YYYY-MM-DD HH:MM"),
    ("start", "2026-03-02", "not a date and time", "YYYY-MM-DD HH:MM"),
    ("start", "", "not a date and time", "YYYY-MM-DD HH:MM"),
    ("start", "2026-03-29 02:30", "does not exist in Europe/Berlin (the clocks go forward)", "offset"),
    ("start", "2026-03-02T07:30Z", "with and without an offset", "every row, or in none"),
    ("queue", "fax", "unknown queue", "phone, chat"),
    ("queue", "", "unknown queue", "phone, chat"),
    ("contacts", "-1", "negative contacts", "a count from 0"),
    ("contacts", "twelve", "not a number", "blank where not recorded"),
    ("contacts", "1,5", "not a number", "with a point for decimals"),
    ("contacts", "inf", "infinite", "a count from 0"),
    ("contacts", "1e12", "too large", "to 1e+09"),
    ("handled", "-1", "a negative number", "a count from 0"),
    ("aht_s", "0", "a handling time of 0 with contacts", "seconds above 0"),
    ("aht_s", "-5", "a negative number", "seconds from 0"),
    ("aht_s", "05:00", "not a number", "seconds from 0"),
    ("aht_s", "300000", "too large", "seconds from 0 to 86400"),
]


@pytest.mark.parametrize(("field", "value", "problem", "accepted"), CELL_DEFECTS)
def test_a_defect_of_one_cell_is_told_with_its_place(write, refused, field, value, problem, accepted):
    row = {
        "queue": "phone",
        "start": "2026-03-02 07:30",
        "contacts": "12",
        "handled": "12",
        "aht_s": "280",
        field: value,
    }
    cells = ",".join(f'"{cell}"' for cell in row.values())
    text = HEAD + "phone,2026-03-02 07:00,10,9,300\n" + cells + "\nphone,2026-03-02 08:00,10,9,300\n"
    path = write("one_bad_cell.csv", text)
    error = refused(lambda: read_history(spec(path)), problem, file=path, line=3, field=field, value=value)
    assert accepted in error.accepted
    assert not isinstance(error, BadTable)


def test_a_defect_is_told_in_the_files_own_column_name(write, refused):
    path = write("negative.csv", GOOD.replace("contacts", "Offered").replace(",12,", ",-12,", 1))
    act = lambda: read_history(spec(path, columns={"contacts": "Offered"}))  # noqa: E731
    refused(act, "negative contacts", file=path, line=3, field="Offered", value="-12")


def test_missing_column(write, refused):
    path = write("missing_column.csv", GOOD.replace("contacts", "offered"))
    act = lambda: read_history(spec(path))  # noqa: E731
    accepted = "queue, start, offered, handled, aht_s"
    refused(act, "missing column 'contacts'", file=path, line=1, field="contacts", accepted=accepted)


def test_missing_queue_column_without_a_constant(write, refused):
    path = write("missing_queue.csv", "start,contacts\n2026-03-02 07:00,1\n")
    refused(lambda: read_history(spec(path)), "missing column 'queue'", file=path, line=1, field="queue")


@pytest.mark.parametrize("content", ["", HEAD])
def test_nothing_to_read(write, refused, content):
    path = write("empty.csv", content)
    with pytest.raises(BadInput) as caught:
        read_history(spec(path))
    assert caught.value.file == str(path)


def test_a_repeated_interval_names_both_lines(write, refused):
    path = write("repeated_interval.csv", GOOD + "phone,2026-03-02 07:00,11,9,300\n")
    refused(
        lambda: read_history(spec(path)),
        "repeated interval of queue 'phone', already on line 2",
        file=path,
        line=4,
        field="start",
        value="2026-03-02T07:00:00+01:00",
        accepted="one row for each queue and interval",
    )


def test_an_interval_repeated_in_another_file_names_both_files(write, refused):
    one, two = write("one.csv", GOOD), write("two.csv", HEAD + "phone,2026-03-02 07:30,13,12,280.5\n")
    act = lambda: read_history(spec(one, two))  # noqa: E731
    refused(act, f"already on {one}:3", file=two, line=2, field="start", value="2026-03-02T07:30:00+01:00")


def test_a_row_that_two_exports_share_counts_once_and_is_told(write):
    one, two = (
        write("one.csv", GOOD),
        write("two.csv", HEAD + GOOD.splitlines()[2] + "\nphone,2026-03-02 08:00,8,8,290\n"),
    )
    history = read_history(spec(one, two))
    assert history.table["contacts"].tolist() == [10, 12, 8]
    assert finding(history, "repeated rows") == [("phone", 1)]
    assert "two.csv:2" in history.findings["detail"].iloc[0]


def test_a_history_read_twice_is_the_history_read_once(write):
    path = write("whole.csv", GOOD)
    once, twice = read_history(spec(path)), read_history(spec(path, path))
    pd.testing.assert_frame_equal(once.table, twice.table)
    assert finding(twice, "repeated rows") == [("phone", 2)]


def test_the_same_interval_with_one_number_missing_still_contradicts(write, refused):
    path = write("nearly.csv", GOOD + "phone,2026-03-02 07:00,10,,300\n")
    refused(
        lambda: read_history(spec(path)),
        "already on line 2",
        file=path,
        line=4,
        field="start",
        value="2026-03-02T07:00:00+01:00",
    )


def test_an_irregular_start_is_told_with_its_line(write, refused):
    rows = [f"phone,2026-03-02 {7 + i // 2:02d}:{i % 2 * 30:02d},1,1,60\n" for i in range(24)]
    rows[5] = "phone,2026-03-02 09:35,1,1,60\n"
    path = write("irregular.csv", HEAD + "".join(rows))
    refused(
        lambda: read_history(spec(path)),
        "a start off the 30-minute grid of the other rows (queue 'phone')",
        file=path,
        line=7,
        field="start",
        value="2026-03-02T09:35:00+01:00",
        accepted="5, 10, 15, 20, 30 or 60 minutes",
    )


def test_daily_counts_are_refused(write, refused):
    path = write("daily.csv", HEAD + "phone,2026-03-02 00:00,1,1,60\nphone,2026-03-03 00:00,1,1,60\n")
    refused(
        lambda: read_history(spec(path)),
        "1440 minutes apart (queue 'phone')",
        file=path,
        line=2,
        field="start",
        value="2026-03-02T00:00:00+01:00",
        accepted="60 minutes",
    )


def test_all_defects_are_counted_and_the_first_line_is_told_first(write):
    text = HEAD + "phone,2026-03-02 07:00,-1,9,300\n" + "fax,yesterday,x,9,300\n" * 50
    with pytest.raises(BadTable) as caught:
        read_history(spec(write("many.csv", text)))
    assert (caught.value.line, caught.value.field, caught.value.count) == (2, "contacts", 151)
    assert str(caught.value).endswith("(and 150 more)")


def test_a_point_in_a_file_of_decimal_commas_is_refused(write, refused):
    path = write(
        "both_marks.csv",
        "queue;start;contacts;aht_s\nphone;2026-03-02 07:00;1.234;60\nphone;2026-03-02 07:30;5;60,5\n",
    )
    act = lambda: read_history(spec(path))  # noqa: E731
    refused(
        act,
        "not a number",
        file=path,
        line=2,
        field="contacts",
        value="1.234",
        accepted="a comma for decimals",
    )


@pytest.mark.parametrize(
    ("changes", "problem", "field", "value", "accepted"),
    [
        ({"timezone": "Europe/Berlni"}, "unknown time zone", "timezone", "Europe/Berlni", "Europe/Berlin"),
        ({"queue": "fax"}, "unknown queue", "queue", "fax", "phone, chat"),
        ({"aht_default_s": {"fax": 1.0}}, "unknown queue", "queue", "fax", "phone, chat"),
        ({"columns": {"aht": "AHT"}}, "unknown column name", "columns", "aht", "aht_s"),
        ({"repeated_hour": "merge"}, "unknown policy", "repeated_hour", "merge", "order, first, second"),
        ({"files": ()}, "no history file", "files", None, "at least one"),
    ],
)
def test_a_spec_that_contradicts_itself_is_refused_before_reading(
    refused, changes, problem, field, value, accepted
):
    act = lambda: read_history(spec("absent.csv", **changes))  # noqa: E731
    refused(act, problem, field=field, value=value, accepted=accepted)


AUTUMN = {
    "Europe/Berlin": (
        "2026-10-25",
        "+02:00",
        "+01:00",
        ["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"],
    ),
    "America/New_York": (
        "2026-11-01",
        "-04:00",
        "-05:00",
        ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"],
    ),
    "Australia/Lord_Howe": (
        "2026-04-05",
        "+11:00",
        "+10:30",
        ["00:30", "01:00", "01:30", "01:30", "02:00", "02:30"],
    ),
}


def autumn_rows(zone, order):
    day, _, _, clocks = AUTUMN[zone]
    return HEAD + "".join(f"phone,{day} {clocks[i]},{i},,60\n" for i in order)


@pytest.mark.parametrize("zone", AUTUMN)
@pytest.mark.parametrize("order", ["oldest first", "newest first"])
def test_the_repeated_hour_is_told_apart_by_the_order_of_rows(write, zone, order):
    rows = range(6) if order == "oldest first" else range(5, -1, -1)
    history = read_history(spec(write("repeated_clock_hour.csv", autumn_rows(zone, rows)), timezone=zone))
    assert history.table["contacts"].tolist() == [0, 1, 2, 3, 4, 5]
    elapsed = history.table["start"].diff().dropna().unique()
    assert elapsed.tolist() == [pd.Timedelta(minutes=30)]
    repeated = 4 if zone != "Australia/Lord_Howe" else 2
    assert finding(history, "repeated local hour") == [("phone", repeated)]


def test_the_repeated_hour_may_be_sorted_by_the_wall_clock(write):
    text = autumn_rows("Europe/Berlin", [0, 1, 3, 2, 4, 5])
    history = read_history(spec(write("repeated_clock_hour.csv", text)))
    assert history.table["contacts"].tolist() == [0, 1, 2, 3, 4, 5]


def test_queues_tell_their_repeated_hours_apart_each_alone(write):
    both = autumn_rows("Europe/Berlin", range(6))
    text = both + both.removeprefix(HEAD).replace("phone", "chat")
    history = read_history(spec(write("repeated_clock_hour.csv", text)))
    assert finding(history, "repeated local hour") == [("phone", 4), ("chat", 4)]
    assert starts_of(history, "chat") == starts_of(history, "phone")


def test_a_repeated_hour_recorded_once_is_the_first_and_is_told(write):
    text = autumn_rows("Europe/Berlin", [0, 1, 2, 5])
    history = read_history(spec(write("merged_clock_hour.csv", text)))
    assert [start[-6:] for start in starts_of(history)] == ["+02:00", "+02:00", "+02:00", "+01:00"]
    assert finding(history, "repeated local hour recorded once") == [("phone", 2)]


@pytest.mark.parametrize(("policy", "offset"), [("first", "+02:00"), ("second", "+01:00")])
def test_a_declared_policy_decides_the_repeated_hour(write, policy, offset):
    path = write("merged_clock_hour.csv", autumn_rows("Europe/Berlin", [1, 2]))
    history = read_history(spec(path, repeated_hour=policy))
    assert {start[-6:] for start in starts_of(history)} == {offset}
    assert finding(history, "repeated local hour") == [("phone", 2)]


def test_three_rows_of_a_repeated_hour_are_one_too_many(write, refused):
    path = write("thrice.csv", autumn_rows("Europe/Berlin", [0, 1, 2, 3, 3]))
    value = "2026-10-25T02:00:00+01:00"
    act = lambda: read_history(spec(path))  # noqa: E731
    refused(
        act,
        "repeated interval of queue 'phone', already on line 5",
        file=path,
        line=6,
        field="start",
        value=value,
    )


def test_overlapping_files_do_not_pass_as_the_two_showings_of_an_hour(write, refused):
    one = write("one.csv", autumn_rows("Europe/Berlin", [0, 1]))
    two = write("two.csv", autumn_rows("Europe/Berlin", [1, 2]))
    value = "2026-10-25T02:00:00+02:00"
    act = lambda: read_history(spec(one, two))  # noqa: E731
    refused(act, f"already on {one}:3", file=two, line=2, field="start", value=value)


@pytest.mark.parametrize(
    ("zone", "day", "clock"),
    [
        ("Europe/Berlin", "2026-03-29", "02:00"),
        ("America/New_York", "2026-03-08", "02:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:00"),
    ],
)
def test_a_local_hour_that_the_clock_skips_is_told_with_its_line(write, refused, zone, day, clock):
    path = write("skipped_clock_hour.csv", HEAD + f"phone,{day} 01:30,1,1,60\nphone,{day} {clock},1,1,60\n")
    act = lambda: read_history(spec(path, timezone=zone))  # noqa: E731
    refused(act, f"does not exist in {zone}", file=path, line=3, field="start", value=f"{day} {clock}")


@settings(deadline=None, max_examples=40)
@given(
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
    first_day=st.sampled_from(
        ["2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31"]
    ),
    interval_min=st.sampled_from([5, 15, 30]),
    naive=st.booleans(),
    newest_first=st.booleans(),
    delimiter=st.sampled_from(",;|\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_history_through_a_clock_change_round_trips(
    tmp_path_factory, zone, first_day, interval_min, naive, newest_first, delimiter, encoding, seed
):
    random = np.random.default_rng(seed)
    start = pd.date_range(first_day, periods=60 * 60 // interval_min, freq=f"{interval_min}min", tz=zone)
    contacts = np.where(random.random(len(start)) < 0.1, np.nan, random.poisson(5, len(start)))
    table = pd.DataFrame(
        {
            "queue": "phone",
            "start": start,
            "contacts": contacts,
            "handled": contacts,
            "aht_s": random.gamma(9, 30, len(start)),
        }
    )
    written = table.assign(start=[(s.tz_localize(None) if naive else s).isoformat() for s in start])
    path = tmp_path_factory.mktemp("history") / "history.csv"
    written[:: -1 if newest_first else 1].to_csv(path, sep=delimiter, encoding=encoding, index=False)
    history = read_history(spec(path, timezone=zone))
    pd.testing.assert_frame_equal(history.table, table, check_dtype=False, check_freq=False, check_exact=True)
    assert history.interval_min == {"phone": interval_min}
