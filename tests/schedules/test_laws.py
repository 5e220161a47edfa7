"""Labour-law presets: what they say, that they say where it stands, and what is weaker than they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import resources
from urllib.parse import urlparse

import pytest

from schedules.agents import Contract
from schedules.errors import InvalidSchedule
from schedules.laws import NOTICE, Law, RequiredBreak, against, law, laws
from schedules.laws.loading import read
from schedules.rules import NightWindow, Rules
from schedules.shifts import Break, ShiftKind

CODES = ("CN", "DE", "EU", "FR", "GB", "US-CA", "US")
OFFICIAL = {
    "eur-lex.europa.eu",
    "www.gesetze-im-internet.de",
    "code.travail.gouv.fr",
    "www.legislation.gov.uk",
    "uscode.house.gov",
    "leginfo.legislature.ca.gov",
    "www.dir.ca.gov",
    "www.npc.gov.cn",
    "flk.npc.gov.cn",
}
LUNCH = Break("lunch", 30, 180, 270, False)
WORKED = Contract("c", ("day",), 0, 40, 0, 5, 20.0)


def day(length_min: int, *breaks: Break) -> ShiftKind:
    return ShiftKind("day", (length_min,), 480, 480, breaks=breaks, min_between_breaks_min=0)


def found(
    code: str, rules: Rules | None = None, contract: Contract = WORKED, kind: ShiftKind | None = None
) -> list:
    """Key and values of the findings against a law, from rules that are the law's own unless given."""
    kind = kind or day(450, LUNCH)
    findings = against(law(code), rules or law(code).rules, [contract], [kind])
    return [(finding.rule, finding.here, finding.law) for finding in findings]


def test_every_law_of_the_list_is_there_once() -> None:
    assert tuple(preset.code for preset in laws()) == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_law_says_that_it_is_no_advice_and_what_it_leaves_out(code: str) -> None:
    preset = law(code)
    assert preset.notice == NOTICE
    assert "not legal advice" in preset.summary()
    assert len(preset.limitations) >= 4
    assert all(limitation in preset.summary() for limitation in preset.limitations)
    date.fromisoformat(preset.checked_on)


@pytest.mark.parametrize("code", CODES)
def test_every_article_names_its_place_an_official_page_and_its_dates(code: str) -> None:
    table = law(code).articles
    assert list(table.columns) == [
        "key",
        "value",
        "article",
        "says",
        "source",
        "effective",
        "checked_on",
        "compared",
        "applied",
    ]
    for row in table.itertuples():
        assert row.article
        assert row.says.endswith(".")
        assert urlparse(row.source).hostname in OFFICIAL
        assert row.effective[:4].isdigit()
        assert row.effective <= row.checked_on
        assert row.compared in ("wording", "summary", "nothing")


@pytest.mark.parametrize("code", ["EU", "DE", "GB"])
def test_a_law_that_averages_says_that_it_is_applied_per_week(code: str) -> None:
    entry = next(entry for entry in law(code).entries if entry.key == "max_hours")
    assert "week" in entry.applied
    assert "averages" in entry.applied
    assert entry.applied in law(code).summary()


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("EU", {"min_rest_h": 11, "weekly_rest_h": 35, "max_hours": 48}),
        ("DE", {"min_rest_h": 11, "weekly_rest_h": 35, "max_shift_h": 10, "max_hours": 48}),
        (
            "FR",
            {
                "min_rest_h": 11,
                "weekly_rest_h": 35,
                "max_days": 6,
                "max_shift_h": 10,
                "max_hours": 48,
                "overtime_after_hours": 35,
                "overtime_share": 0.25,
            },
        ),
        ("GB", {"min_rest_h": 11, "weekly_rest_h": 35, "max_hours": 48}),
        ("US", {"overtime_after_hours": 40, "overtime_share": 0.5}),
        (
            "US-CA",
            {
                "overtime_after_hours": 40,
                "daily_overtime_after_hours": 8,
                "overtime_share": 0.5,
                "max_days": 6,
            },
        ),
        (
            "CN",
            {
                "max_hours": 44,
                "overtime_after_hours": 40,
                "daily_overtime_after_hours": 8,
                "overtime_share": 0.5,
                "max_days": 6,
                "weekly_rest_h": 24,
                "max_shift_h": 11,
            },
        ),
    ],
)
def test_the_numbers_of_each_law(code: str, values: dict) -> None:
    stated = {entry.key: entry.value for entry in law(code).entries if entry.key not in ("break", "night")}
    assert stated == values


@pytest.mark.parametrize(
    ("code", "night"),
    [
        ("EU", NightWindow(1380, 360, 180)),
        ("DE", NightWindow(1380, 360, 121)),
        ("FR", NightWindow(1260, 360, 180)),
        ("GB", NightWindow(1380, 360, 180)),
    ],
)
def test_the_night_of_each_law(code: str, night: NightWindow) -> None:
    assert law(code).rules.night == night


def test_rules_of_a_law_hold_what_it_asks_and_nothing_where_it_is_silent() -> None:
    assert law("DE").rules == Rules(
        min_rest_h=11.0,
        max_consecutive_days=366,
        weekly_rest_h=35.0,
        night=NightWindow(1380, 360, 121),
        max_shift_h=10.0,
    )
    assert law("US").rules == Rules(min_rest_h=0.0, max_consecutive_days=366)


def test_codes_are_read_in_any_case_and_the_united_kingdom_by_either_name() -> None:
    assert law("uk") is law("GB")
    assert law(" us_ca ").code == "US-CA"


def test_an_unknown_code_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidSchedule, match=r"one of CN, DE, EU, FR, GB, US-CA, US expected, got 'XX'"):
        law("XX")


@pytest.mark.parametrize("code", CODES)
def test_the_rules_of_a_law_are_not_weaker_than_the_law(code: str) -> None:
    preset = law(code)
    caps = preset.caps
    contract = replace(
        WORKED,
        max_hours=caps.max_hours or 60.0,
        max_days=caps.max_days or 7,
        overtime_after_hours=caps.overtime_after_hours,
        overtime_share=caps.overtime_share or 0.0,
        daily_overtime_after_hours=caps.daily_overtime_after_hours,
    )
    tea = Break("tea", 15, 60, 120, True)
    kind = day(510, tea, LUNCH, replace(tea, earliest_min=360, latest_min=400))
    assert against(preset, preset.rules, [contract], [kind]) == ()


@pytest.mark.parametrize(
    ("code", "weaker", "finding"),
    [
        ("DE", {"min_rest_h": 10.99}, ("min_rest_h", "10.99 h of rest", "11 h of rest")),
        (
            "EU",
            {"weekly_rest_h": 34.99},
            ("weekly_rest_h", "34.99 h in a row in each week", "35 h in a row in each week"),
        ),
        ("CN", {"weekly_rest_h": None}, ("weekly_rest_h", "no weekly rest", "24 h in a row in each week")),
    ],
)
def test_a_rule_just_below_the_law_is_found(code: str, weaker: dict, finding: tuple) -> None:
    assert found(code, replace(law(code).rules, **weaker)) == [finding]


def test_a_shift_longer_than_the_law_is_found_only_where_a_kind_allows_it() -> None:
    free = replace(law("DE").rules, max_shift_h=None)
    breaks = (LUNCH, Break("rest", 15, 420, 480, False))
    assert found("DE", free, kind=day(645, *breaks)) == []
    assert found("DE", free, kind=day(650, *breaks)) == [("max_shift_h", "no limit", "10 paid h in a shift")]
    assert found("DE", law("DE").rules, kind=day(650, *breaks)) == []


def test_a_contracts_own_rules_are_compared_in_place_of_everybodys() -> None:
    short = replace(law("DE").rules, min_rest_h=9.0)
    own = replace(WORKED, rules=law("DE").rules)
    assert against(law("DE"), short, [own], [day(450, LUNCH)]) == ()
    (finding,) = against(law("DE"), law("DE").rules, [replace(own, rules=short)], [day(450, LUNCH)])
    assert (finding.where, finding.article) == ("contract c", "§ 5(1) ArbZG")
    assert finding.source == "https://www.gesetze-im-internet.de/arbzg/__5.html"


@pytest.mark.parametrize(
    ("code", "changes", "finding"),
    [
        ("EU", {"max_hours": 48.5}, ("max_hours", "48.5 paid h in a week", "48 paid h in a week")),
        (
            "FR",
            {"max_days": 7, "max_hours": 35},
            ("max_days", "7 days in a week", "6 days in a week"),
        ),
        (
            "US",
            {"max_hours": 41, "overtime_share": 0.5},
            ("overtime_after_hours", "no overtime by the week", "overtime beyond 40 h in a week"),
        ),
        (
            "US",
            {"max_hours": 50, "overtime_share": 0.5, "overtime_after_hours": 42},
            ("overtime_after_hours", "overtime beyond 42 h in a week", "overtime beyond 40 h in a week"),
        ),
        (
            "US",
            {"max_hours": 50, "overtime_share": 0.4, "overtime_after_hours": 40},
            ("overtime_share", "40% on top of overtime", "50% on top of overtime"),
        ),
    ],
)
def test_a_contract_beyond_the_law_is_found(code: str, changes: dict, finding: tuple) -> None:
    assert found(code, contract=replace(WORKED, **changes)) == [finding]


def test_overtime_is_not_asked_of_whom_no_overtime_can_reach() -> None:
    assert found("US") == []
    assert found("FR", contract=replace(WORKED, max_hours=35)) == []


def test_days_that_no_shift_kind_works_do_not_count() -> None:
    weekdays = replace(day(450, LUNCH), weekdays=(0, 1, 2, 3, 4, 5))
    assert found("FR", contract=replace(WORKED, max_days=7, max_hours=35), kind=weekdays) == []


def test_daily_overtime_of_california() -> None:
    tea = Break("tea", 10, 60, 120, True)
    kind = day(525, tea, LUNCH, replace(tea, earliest_min=360, latest_min=400))
    contract = replace(WORKED, overtime_share=0.5)
    assert found("US-CA", contract=contract, kind=kind) == [
        ("daily_overtime_after_hours", "no overtime by the day", "overtime beyond 8 h in a shift")
    ]
    assert found("US-CA", contract=replace(contract, daily_overtime_after_hours=8.0), kind=kind) == []


def breaks_missing(code: str, kind: ShiftKind) -> list[tuple[str, str]]:
    contract = replace(WORKED, overtime_share=0.5, overtime_after_hours=35.0, daily_overtime_after_hours=8.0)
    findings = against(law(code), replace(law(code).rules, max_shift_h=8.0), [contract], [kind])
    assert {finding.rule for finding in findings} <= {"break"}
    return [(finding.here, finding.law) for finding in findings]


def test_german_breaks_at_six_and_nine_hours_of_work() -> None:
    asked = "30 min of breaks in pieces of at least 15 min beyond 6 h of work"
    assert breaks_missing("DE", day(360)) == []
    assert breaks_missing("DE", day(365)) == [("0 min of such breaks", asked)]
    quarter = Break("a", 15, 60, 120, False)
    assert breaks_missing("DE", day(390, quarter)) == [("15 min of such breaks", asked)]
    halves = (quarter, Break("b", 15, 240, 300, False))
    assert breaks_missing("DE", day(420, *halves)) == []
    short = (Break("a", 14, 60, 120, False), Break("b", 16, 240, 300, False))
    assert breaks_missing("DE", day(420, *short)) == [("16 min of such breaks", asked)]
    lunch = replace(LUNCH, earliest_min=200)
    assert breaks_missing("DE", day(570, lunch)) == []
    assert breaks_missing("DE", day(571, lunch)) == [
        ("30 min of such breaks", "45 min of breaks in pieces of at least 15 min beyond 9 h of work")
    ]


def test_nobody_works_more_than_six_hours_without_a_break_in_germany() -> None:
    early = Break("lunch", 30, 120, 180, False)
    assert breaks_missing("DE", day(510, early)) == []
    assert breaks_missing("DE", day(511, early))[0][1] == "at most 6 h without a break"
    late = Break("lunch", 30, 300, 361, False)
    assert breaks_missing("DE", day(450, late)) == [
        ("up to 6.017 h without a break", "at most 6 h without a break")
    ]


def test_french_and_british_breaks_begin_at_six_hours_and_beyond_them() -> None:
    twenty, less = Break("b", 20, 120, 180, False), Break("b", 19, 120, 180, False)
    assert breaks_missing("FR", day(359)) == []
    assert breaks_missing("FR", day(360)) == [
        ("0 min of such breaks", "20 min of breaks from 6 h of work on")
    ]
    assert breaks_missing("FR", day(400, twenty)) == []
    assert breaks_missing("FR", day(400, less)) == [
        ("0 min of such breaks", "20 min of breaks from 6 h of work on")
    ]
    late = replace(twenty, latest_min=375)
    assert breaks_missing("FR", day(400, late)) == [
        ("a break that may begin after 6.25 h of work", "its begin after at most 6 h of work")
    ]
    assert breaks_missing("GB", day(360)) == []
    assert breaks_missing("GB", day(361)) == [("0 min of such breaks", "20 min of breaks beyond 6 h of work")]
    assert breaks_missing("EU", day(361)) == [("0 min of such breaks", "a break beyond 6 h of work")]
    assert breaks_missing("EU", day(370, Break("b", 5, 60, 120))) == []


def test_californian_meals_and_paid_rests() -> None:
    meal = Break("meal", 30, 180, 300, False)
    tea, cocoa, milk = (
        Break(name, 10, at, at + 30) for name, at in (("tea", 60), ("cocoa", 390), ("milk", 480))
    )
    assert breaks_missing("US-CA", day(209)) == []
    assert breaks_missing("US-CA", day(210))[0][1] == "10 min of paid breaks from 3.5 h of work on"
    assert breaks_missing("US-CA", day(210, tea)) == []
    assert breaks_missing("US-CA", day(300, tea)) == []
    assert breaks_missing("US-CA", day(301, tea)) == [
        ("0 min of such breaks", "30 min of breaks beyond 5 h of work")
    ]
    assert breaks_missing("US-CA", day(510, tea, meal, cocoa)) == []
    assert breaks_missing("US-CA", day(510, tea, meal)) == [
        ("10 min of such breaks", "20 min of paid breaks in pieces of at least 10 min beyond 6 h of work")
    ]
    assert breaks_missing("US-CA", day(510, tea, replace(meal, latest_min=301), cocoa))[0][1] == (
        "its begin after at most 5 h of work"
    )
    unpaid = replace(cocoa, paid=False)
    assert len(breaks_missing("US-CA", day(510, tea, meal, unpaid))) == 1
    second = Break("supper", 30, 540, 630, False)
    assert breaks_missing("US-CA", day(720, tea, meal, cocoa, milk, second)) == []
    assert breaks_missing("US-CA", day(720, tea, meal, cocoa, milk))[0] == (
        "30 min of such breaks",
        "60 min of breaks in pieces of at least 30 min beyond 10 h of work",
    )


def test_kinds_that_nobody_works_are_left_out() -> None:
    unused = replace(day(720), name="unused")
    assert against(law("DE"), law("DE").rules, [WORKED], [day(450, LUNCH), unused]) == ()
    assert len(against(law("DE"), law("DE").rules, [], [unused])) == 2


def test_a_night_is_compared_where_nights_are_limited() -> None:
    narrow = replace(law("FR").rules, night=NightWindow(1380, 360, 180))
    assert found("FR", narrow, contract=replace(WORKED, max_hours=35)) == []
    limited = replace(narrow, max_nights_in_a_row=4)
    assert found("FR", limited, contract=replace(WORKED, max_hours=35)) == [
        (
            "night",
            "night 23:00–06:00, a night shift from 180 min in it on",
            "night 21:00–06:00, a night shift from 180 min in it on",
        )
    ]
    wide = replace(limited, night=NightWindow(1200, 420, 150))
    assert found("FR", wide, contract=replace(WORKED, max_hours=35)) == []


def test_a_finding_reads_as_a_sentence_with_its_article_and_how_it_is_applied() -> None:
    (finding,) = against(law("GB"), law("GB").rules, [replace(WORKED, max_hours=50)], [day(450, LUNCH)])
    assert str(finding) == (
        "contract c: 50 paid h in a week; reg. 4(1) asks for 48 paid h in a week "
        "(In each week; the law averages over 17 weeks, and people may opt out.)"
    )


GOOD = resources.files("schedules.laws").joinpath("US.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('key = "overtime_share"', 'key = "overtime"', "article 2: key one of"),
        ('key = "overtime_share"', 'key = "overtime_after_hours"', "each key but break once"),
        ('compared = "summary"', 'compared = "yes"', "article 1: compared one of"),
        ('checked_on = "2026-11-22"', 'checked_on = "yesterday"', "checked_on: a day as"),
        ('effective = "1940-10-24"', 'effective = "1940-13-24"', "article 1, effective: a day as"),
        ('code = "US"', 'kode = "US"', "the keys of a law expected"),
        ('article = "29 U.S.C. 207(a)(1)"', 'place = "29 U.S.C. 207(a)(1)"', "the keys of a law expected"),
    ],
)
def test_data_that_is_no_law_is_refused(old: str, new: str, message: str) -> None:
    assert isinstance(read(GOOD, "US.toml"), Law)
    with pytest.raises(InvalidSchedule, match=message):
        read(GOOD.replace(old, new), "US.toml")


def test_paid_breaks_count_as_work_only_where_the_law_says_so() -> None:
    kind = day(370, Break("tea", 15, 60, 120, True))
    assert not RequiredBreak(6.0, 30, 30).due(kind, 370)
    assert RequiredBreak(6.0, 30, 30, paid_breaks_are_work=True).due(kind, 370)
