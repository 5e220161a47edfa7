"""People come out of their file as it says, or the file is refused with place, value and what is accepted."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.agents import Contract, Window
from staffing.errors import BadInput
from staffing.files.agents import check_agent_id, read_agents

FULL = Contract("full", ("early",), 32, 40, 4, 5, 25.0)
CONTRACTS = {"full": FULL, "part": Contract("part", ("early",), 10, 20, 2, 4, 22.0)}
QUEUES = ("phone", "chat")
HEAD = "agent_id,contract,skills,availability,last_shift_end,days_worked_before\n"


def read(path, absences=None, timezone="Europe/Berlin"):
    return read_agents(path, CONTRACTS, QUEUES, timezone, absences)


def test_three_columns_are_enough(write):
    anna, bert = read(write("short.csv", "agent_id,contract,skills\nanna,full,phone\nbert,part,chat;phone\n"))
    assert (anna.id, anna.contract, anna.skills) == ("anna", FULL, {"phone"})
    assert (anna.availability, anna.last_shift_end, anna.days_worked_before) == (None, None, 0)
    assert (anna.days_off, anna.leave, anna.absences) == (frozenset(), frozenset(), ())
    assert (bert.contract.name, bert.skills) == ("part", {"phone", "chat"})


def test_every_column_is_read(write):
    (agent,) = read(write("full.csv", HEAD + "Ånna 1,full,phone,fri 22:00-06:00,2026-03-01 22:30,3\n"))
    assert agent.id == "Ånna 1"
    assert agent.availability == (Window(4, 1320, 1800),)
    assert agent.last_shift_end == pd.Timestamp("2026-03-01 22:30", tz="Europe/Berlin")
    assert agent.days_worked_before == 3


@pytest.mark.parametrize(
    ("zone", "text", "expected"),
    [
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T02:30:00+01:00"),
        ("America/New_York", "2026-11-01T01:15", "2026-11-01T01:15:00-05:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-05T01:45:00+10:30"),
        ("Asia/Kolkata", "2026-03-01T18:00Z", "2026-03-01T23:30:00+05:30"),
    ],
)
def test_a_last_shift_that_ends_in_a_repeated_hour_leaves_the_longer_rest(write, zone, text, expected):
    (agent,) = read(write("last_end.csv", HEAD + f"anna,full,phone,,{text},\n"), timezone=zone)
    assert agent.last_shift_end.isoformat() == expected


def test_absences_reach_their_people(write):
    agents = write("agents.csv", "agent_id,contract,skills\nanna,full,phone\nbert,full,phone\n")
    absences = write("absences.csv", "agent_id,start,end,kind\nbert,2026-03-03,2026-03-04,leave\n")
    anna, bert = read(agents, absences)
    assert anna.leave == frozenset()
    assert bert.leave == {date(2026, 3, 3), date(2026, 3, 4)}


@pytest.mark.parametrize(
    ("field", "value", "problem", "accepted"),
    [
        ("agent_id", "", "not an agent id", "1 to 64 characters"),
        ("agent_id", "x" * 65, "not an agent id", "1 to 64 characters"),
        ("agent_id", "../anna", "not an agent id", "none of /"),
        ("agent_id", "a\\b", "not an agent id", "none of /"),
        ("agent_id", "an\x07na", "not an agent id", "no control characters"),
        ("agent_id", "an\u202ena", "not an agent id", "no control characters"),
        ("agent_id", "..", "not an agent id", "not . or .."),
        ("agent_id", "anna", "a repeated agent, already on line 2", "each agent once"),
        ("contract", "fulltime", "unknown contract", "full, part"),
        ("contract", "", "unknown contract", "full, part"),
        ("skills", "fax", "unknown skill", "phone, chat"),
        ("skills", "", "no skill", "one or more of phone, chat"),
        ("availability", "always", "not an availability", "mon-fri 08:00-18:00"),
        ("last_shift_end", "2026-03-01", "not a date and time", "YYYY-MM-DD HH:MM"),
        ("last_shift_end", "2026-03-29 02:30", "does not exist in Europe/Berlin", "offset"),
        ("days_worked_before", "-1", "out of range", "whole days from 0"),
        ("days_worked_before", "1.5", "out of range", "whole days from 0"),
        ("days_worked_before", "two", "not a number", "whole days from 0"),
    ],
)
def test_a_defect_of_one_cell_is_told_with_its_place(write, refused, field, value, problem, accepted):
    row = {
        "agent_id": "bert",
        "contract": "full",
        "skills": "phone",
        "availability": "",
        "last_shift_end": "",
        "days_worked_before": "",
        field: value,
    }
    path = write("one_bad_cell.csv", HEAD + "anna,full,phone,,,\n" + ",".join(row.values()) + "\n")
    refused(lambda: read(path), problem, file=path, line=3, field=field, value=value, accepted=accepted)


def test_one_unknown_skill_among_known_ones_is_named(write, refused):
    path = write("unknown_skill.csv", "agent_id,contract,skills\nanna,full,phone;fax\n")
    refused(
        lambda: read(path),
        "unknown skill",
        file=path,
        line=2,
        field="skills",
        value="fax",
        accepted="phone, chat",
    )


def test_a_misspelt_column_is_not_ignored(write, refused):
    path = write("misspelt.csv", "agent_id,contract,skills,availabilty\nanna,full,phone,mon 08:00-12:00\n")
    refused(
        lambda: read(path), "unknown column", file=path, line=1, field="availabilty", accepted="availability"
    )


def test_a_file_without_people_is_refused(write, refused):
    path = write("nobody.csv", HEAD)
    refused(lambda: read(path), "a header and no rows", file=path, line=1)


@given(
    ids=st.lists(
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=70).filter(
            lambda text: text == text.strip()
        ),
        unique=True,
        min_size=1,
        max_size=5,
    )
)
def test_any_accepted_id_round_trips_and_never_leaves_its_folder(tmp_path_factory, ids):
    kept = []
    for agent_id in ids:
        try:
            kept.append(check_agent_id(agent_id))
        except BadInput:
            continue
    folder = tmp_path_factory.mktemp("ids")
    for agent_id in kept:
        assert (folder / f"{agent_id}.ics").parent == folder
    if kept:
        quoted = "".join('"{}",full,phone\n'.format(agent_id.replace('"', '""')) for agent_id in kept)
        path = folder / "agents.csv"
        path.write_bytes(("agent_id,contract,skills\n" + quoted).encode())
        assert [agent.id for agent in read(path)] == kept


def test_a_last_shift_after_the_week_has_begun_is_refused(write):
    path = write("agents.csv", "agent_id,contract,skills,last_shift_end\nanna,full,phone,2026-03-04 22:00\n")
    contracts = {"full": Contract("full", ("day",), 0, 40, 0, 5, 20.0)}
    with pytest.raises(BadInput) as caught:
        read_agents(
            path,
            contracts,
            ("phone",),
            "Europe/Berlin",
            week_start=pd.Timestamp("2026-03-02", tz="Europe/Berlin"),
        )
    assert (caught.value.line, caught.value.field, caught.value.value) == (
        2,
        "last_shift_end",
        "2026-03-04 22:00",
    )
