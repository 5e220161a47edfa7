"""Levels, teams, rotations and what people bring from earlier weeks come out of agents.csv as it says."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from schedules.agents import Before, Contract
from staffing.errors import BadInput
from staffing.files.agents import read_agents
from staffing.files.skills import parse_skills

CONTRACTS = {"full": Contract("full", ("early", "late"), 32, 40, 4, 5, 25.0)}
QUEUES = ("phone", "chat", "desk:2")
COLUMNS = (
    "agent_id", "contract", "skills", "team", "site", "rotation", "hours_before", "nights_before", "last_kind",
    "weekends_before", "late_before", "refused_before", "hours_balance",
)  # fmt: skip


def read(path):
    return read_agents(path, CONTRACTS, QUEUES, "Europe/Berlin", kinds=("early", "late", "night"))


def row(**cells):
    values = {"agent_id": "anna", "contract": "full", "skills": "phone", **cells}
    return ",".join(COLUMNS) + "\n" + ",".join(str(values.get(name, "")) for name in COLUMNS) + "\n"


def test_every_further_column_reaches_the_agent(write):
    (agent,) = read(
        write(
            "agents.csv",
            row(
                skills="phone:2; chat", team="North", site="Bonn", rotation="early | late;early",
                hours_before=120.5, nights_before=2, last_kind="night", weekends_before=1, late_before=4,
                refused_before=3, hours_balance=-2.5,
            ),
        )
    )  # fmt: skip
    assert agent.skills == {"phone", "chat"}
    assert agent.levels == (("phone", 2),)
    assert (agent.level("phone"), agent.level("chat"), agent.level("desk:2")) == (2, 1, 0)
    assert (agent.team, agent.site) == ("North", "Bonn")
    assert agent.rotation == (("early",), ("late", "early"))
    assert agent.before == Before(120.5, 2, "night", 1, 4, 3, -2.5)


def test_blank_cells_bring_nothing(write):
    (agent,) = read(write("agents.csv", row()))
    assert agent.before == Before()
    assert (agent.levels, agent.team, agent.site, agent.rotation) == ((), "", "", ())


def test_a_file_without_the_columns_brings_nothing(write):
    (agent,) = read(write("agents.csv", "agent_id,contract,skills\nanna,full,phone\n"))
    assert asdict(agent.before) == asdict(Before())


@pytest.mark.parametrize(
    ("text", "skills", "levels"),
    [
        ("phone", {"phone"}, ()),
        ("phone:1 ; chat:12", {"phone", "chat"}, (("phone", 1), ("chat", 12))),
        ("desk:2", {"desk:2"}, ()),
        ("desk:2:3|phone", {"desk:2", "phone"}, (("desk:2", 3),)),
    ],
)
def test_skills_and_their_levels(text, skills, levels):
    assert parse_skills(text, QUEUES) == (frozenset(skills), levels)


@pytest.mark.parametrize("text", ["phone:", "phone:0", "phone:100", "phone:high", "phone:-1", "phone:1.5"])
def test_a_level_that_is_none_is_refused_with_an_example(text):
    with pytest.raises(BadInput, match="as phone:2"):
        parse_skills(text, QUEUES)


@pytest.mark.parametrize(
    ("field", "cell", "value", "problem", "accepted"),
    [
        ("skills", "fax:2", "fax", "unknown skill", "phone, chat"),
        ("rotation", "early|noon", "noon", "unknown shift of the contract", "early, late"),
        ("rotation", "early||late", "early||late", "a week of the rotation without a shift", "parted by |"),
        ("last_kind", "noon", "noon", "unknown shift", "early, late, night"),
        ("nights_before", "1.5", "1.5", "out of range", "whole number"),
        ("weekends_before", "-1", "-1", "out of range", "whole number"),
        ("late_before", "many", "many", "not a number", "whole number"),
        ("refused_before", "1e9", "1e9", "out of range", "0 to 1000"),
        ("hours_before", "-3", "-3", "out of range", "0 to 10000"),
        ("hours_balance", "inf", "inf", "not a number", "-10000 to 10000"),
        ("team", "x" * 65, "x" * 65, "not a name", "64 characters"),
    ],
)
def test_a_defect_of_one_cell_is_told_with_its_place(write, refused, field, cell, value, problem, accepted):
    path = write("one_bad_cell.csv", row(**{field: cell}))
    refused(lambda: read(path), problem, file=path, line=2, field=field, value=value, accepted=accepted)
