"""Rules, contracts, teams and fairness of a plan reach the scheduling package as they are written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from schedules.agents import Agent
from schedules.rules import NightWindow, Rules
from schedules.teams import Fairness, Pair, Presence, TeamRules
from staffing.errors import BadInput
from staffing.plan.loading import Plan, load_plan
from staffing.plan.rulebook import Rulebook, rulebook
from staffing.plan.team_rules import team_rules

HEAD = """\
[queues.phone]
aht_s = 300

[[shifts]]
name = "early"
lengths_h = [8, 10]
start_from = "06:00"
start_until = "08:00"

[[shifts]]
name = "late"
lengths_h = [8]
start_from = "14:00"
start_until = "16:00"

[contracts.full]
shifts = ["early", "late"]
hours_per_week = [30, 40]
days_per_week = [4, 5]
cost_per_hour = 20
"""


def plan_of(folder: Path, further: str = "") -> Plan:
    (folder / "plan.toml").write_text(HEAD + further, encoding="utf-8")
    return load_plan(folder)


def book_of(folder: Path, further: str = "") -> Rulebook:
    return rulebook(plan_of(folder, further))


def test_a_plan_that_says_nothing_has_the_documented_rules(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    assert book.rules == Rules()
    assert book.contracts["full"].rules is None
    assert team_rules(plan_of(tmp_path), ()) == TeamRules()


def test_every_rule_is_read(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        """
[rules]
min_rest_h = 12
max_consecutive_days = 5
max_start_spread_h = 2.5
min_consecutive_days = 2
min_consecutive_days_off = 2
weekly_rest_h = 36
max_nights_in_a_row = 3
night = { start = "22:00", end = "05:30", at_least_h = 2 }
max_weekends = 1
complete_weekends = true
forbidden_successions = [["late", "early"], ["late", "late"]]
max_shift_h = 8
""",
    )
    assert book.rules == Rules(
        12,
        5,
        150,
        2,
        2,
        36,
        3,
        NightWindow(1320, 330, 120),
        1,
        True,
        (("late", "early"), ("late", "late")),
        8,
    )


def test_a_contract_changes_single_rules_and_lifts_others(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        """
[contracts.full.rules]
max_weekends = "none"
min_rest_h = 10

[rules]
min_rest_h = 12
weekly_rest_h = 36
max_weekends = 1
""",
    )
    everybody = Rules(min_rest_h=12, weekly_rest_h=36, max_weekends=1)
    assert book.rules == everybody
    assert book.contracts["full"].rules == replace(everybody, max_weekends=None, min_rest_h=10)


def test_every_key_of_a_contract_is_read(tmp_path: Path) -> None:
    contract = book_of(
        tmp_path,
        """hours_per_period = [120, 150]
target_hours = 36
target_price_per_hour = 9
overtime_after_hours = 38
overtime_share = 0.25
daily_overtime_after_hours = 9
cost_per_shift = 12
""",
    ).contracts["full"]
    assert (contract.min_period_hours, contract.max_period_hours) == (120, 150)
    assert (contract.target_hours, contract.target_price_per_hour) == (36, 9)
    assert (contract.overtime_after_hours, contract.overtime_share) == (38, 0.25)
    assert (contract.daily_overtime_after_hours, contract.cost_per_shift) == (9, 12)


TEAMS = """
[[presence]]
name = "lead"
at_least = 1
at_most = 3
agents = ["anna", "bert"]
team = "North"
site = "Bonn"
skill = "phone"
level = 2
start = "08:00"
end = "24:00"
weekdays = "mon-fri"
price_per_hour = 70

[[pairs]]
agents = ["anna", "bert"]
together = false
price_per_hour = 5

[fairness]
weekend = 30
late_shift = 4
refused_wish = 0.5
late_after = "21:30"
"""


def people(folder: Path) -> tuple[Agent, ...]:
    contract = book_of(folder).contracts["full"]
    anna = Agent("anna", contract, frozenset({"phone"}), levels=(("phone", 2),), team="North", site="Bonn")
    return anna, replace(anna, id="bert")


def test_every_rule_between_people_is_read(tmp_path: Path) -> None:
    agents = people(tmp_path)
    assert team_rules(plan_of(tmp_path, TEAMS), agents) == TeamRules(
        (
            Presence(
                "lead", 1, 3, frozenset({"anna", "bert"}), "North", "Bonn", "phone", 2, 480, 1440,
                (0, 1, 2, 3, 4), 70,
            ),
        ),
        (Pair("anna", "bert", False, 5),),
        (),
        Fairness(30, 4, 0.5, 1290),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "field", "value", "problem", "accepted"),
    [
        ('team = "North"', 'team = "East"', "presence[1].team", "East", "nobody belongs to", "North"),
        ('site = "Bonn"', 'site = "Köln"', "presence[1].site", "Köln", "nobody belongs to", "Bonn"),
        ('agents = ["anna", "bert"]\nteam', 'agents = ["carl"]\nteam', "presence[1].agents", "carl",
         "unknown agent", "agents.csv"),
        ("level = 2", "level = 3", "presence[1].at_least", 1, "nobody is of those meant", "at most 0"),
        ("at_least = 1\nat_most = 3", "at_least = 3", "presence[1].at_least", 3, "only 2 are", "at most 2"),
        ('weekdays = "mon-fri"', 'weekdays = "moon"', "presence[1].weekdays", "moon", "not a weekday", "mon-fri"),
        ('agents = ["anna", "bert"]\ntogether', 'agents = ["anna", "carl"]\ntogether', "pairs[1].agents", "carl",
         "unknown agent", "agents.csv"),
    ],
)  # fmt: skip
def test_a_rule_for_people_who_are_not_there(
    tmp_path: Path, old: str, new: str, field: str, value: object, problem: str, accepted: str
) -> None:
    agents = people(tmp_path)
    assert old in TEAMS
    plan = plan_of(tmp_path, TEAMS.replace(old, new, 1))
    with pytest.raises(BadInput) as caught:
        team_rules(plan, agents)
    error = caught.value
    assert (error.field, error.value) == (field, value)
    assert error.line is not None
    assert problem in error.problem
    assert accepted in str(error.accepted)


CONTRADICTIONS = [
    ("[rules]\nmin_consecutive_days = 7", "rules", "min_consecutive_days"),
    ("[rules]\nmax_shift_h = 6", "contracts.full.shifts", "longer than 6 paid hours"),
    ("[contracts.full.rules]\nmax_shift_h = 7.5", "contracts.full.shifts", "the shortest has 8"),
    ("[contracts.full.rules]\nmax_consecutive_days = 1\nmin_consecutive_days = 2", "contracts.full.rules", "got 2"),
    ("[rules]\nnight = { start = \"22:00\", end = \"22:00\" }", "rules", "night window"),
    ("[rules]\nforbidden_successions = [[\"late\", \"noon\"]]", "rules.forbidden_successions", "noon"),
    ("[contracts.full.rules]\nforbidden_successions = [[\"dawn\", \"late\"]]",
     "contracts.full.rules.forbidden_successions", "dawn"),
    ("hours_per_period = [150, 120]", "contracts.full.hours_per_period", "150"),
    ("target_hours = 36", "contracts.full.target_price_per_hour", "above 0"),
    ("target_price_per_hour = 4", "contracts.full.target_price_per_hour", "target_hours"),
    ("overtime_share = 0.5", "contracts.full.overtime_share", "overtime_after_hours"),
    ("overtime_after_hours = 38", "contracts.full.overtime_share", "above 0"),
    ("[[presence]]\nname = \"lead\"", "presence[1].at_least", "a number of people"),
    ("[[presence]]\nname = \"lead\"\nat_least = 3\nat_most = 2", "presence[1].at_most", "at_least"),
    ("[[presence]]\nname = \"lead\"\nat_least = 3\nskill = \"fax\"", "presence[1].skill", "phone"),
    ("[[presence]]\nname = \"a\"\nat_most = 1\n" * 2, "presence[2].name", "unique"),
    ("[[pairs]]\nagents = [\"anna\", \"anna\"]\ntogether = true", "pairs[1].agents", "two different people"),
    ("[plan]\nweeks = 9", "plan.weeks", "8"),
    ("[plan]\nperiod_weeks = 4", "plan.period_weeks", "period_from"),
    ("[rules]\nweekly_rest_h = \"always\"", "rules.weekly_rest_h", "'none'"),
    ("[rules]\nmin_rest = 11", "rules.min_rest", "unknown key"),
]  # fmt: skip


@pytest.mark.parametrize(("further", "field", "told"), CONTRADICTIONS)
def test_what_cannot_hold_is_named_with_its_key_and_line(
    tmp_path: Path, further: str, field: str, told: str
) -> None:
    with pytest.raises(BadInput) as caught:
        book_of(tmp_path, further + "\n")
    assert caught.value.field == field
    assert caught.value.line is not None
    assert caught.value.accepted
    assert told in str(caught.value)


def test_a_law_gives_what_the_plan_does_not(tmp_path: Path) -> None:
    book = book_of(tmp_path, '[rules]\nlaw = "de"\nmax_shift_h = 9\n')
    assert (book.rules.weekly_rest_h, book.rules.max_shift_h, book.rules.min_rest_h) == (35, 9, 11)
    assert book.rules.night == NightWindow(1380, 360, 121)
    assert book.rules.max_consecutive_days == Rules().max_consecutive_days, "the law is silent"
    assert "DE" in book.notes[0]
    assert "not legal advice" in book.notes[0]


def test_a_law_can_be_lifted_and_is_then_named(tmp_path: Path) -> None:
    book = book_of(tmp_path, '[rules]\nlaw = "DE"\nweekly_rest_h = "none"\n')
    assert book.rules.weekly_rest_h is None
    assert any("no weekly rest; § 11(4)" in note for note in book.notes)


def test_overtime_is_the_laws_where_a_contract_says_nothing_of_it(tmp_path: Path) -> None:
    contract = book_of(tmp_path, '[rules]\nlaw = "US"\n').contracts["full"]
    assert (contract.overtime_after_hours, contract.overtime_share) == (40, 0.5)
    own = book_of(tmp_path, 'overtime_after_hours = 38\novertime_share = 0.3\n[rules]\nlaw = "US"\n')
    assert (own.contracts["full"].overtime_after_hours, own.contracts["full"].overtime_share) == (38, 0.3)


def test_an_unknown_law_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        book_of(tmp_path, '[rules]\nlaw = "XX"\n')
    assert (caught.value.field, caught.value.value) == ("rules.law", "XX")
    assert "FR" in str(caught.value.accepted)
