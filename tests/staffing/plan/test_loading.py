"""Each defect of a plan.toml is named by file, line, key, value and what is accepted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from staffing.errors import BadInput
from staffing.plan.example_centre import template
from staffing.plan.loading import load_plan
from staffing.plan.rulebook import rulebook
from staffing.plan.targets import opening_hours, queue_targets


def plan_file(folder: Path, old: str = "", new: str = "") -> Path:
    text = template("plan.toml")
    assert old in text
    path = folder / "plan.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def line_with(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


@pytest.mark.parametrize("name", ["plan.toml", "demo.toml"])
def test_templates_load_and_build(tmp_path: Path, name: str) -> None:
    (tmp_path / "plan.toml").write_text(template(name), encoding="utf-8")
    plan = load_plan(tmp_path)
    assert rulebook(plan).kinds
    assert queue_targets(plan)
    assert opening_hours(plan, "phone", [2026]) is not None


@pytest.mark.parametrize(
    ("old", "new", "field", "value", "accepted"),
    [
        (
            'timezone = "Europe/Berlin"',
            'timezone = "Europe/Berlim"',
            "plan.timezone",
            "Europe/Berlim",
            "IANA",
        ),
        ('country = "DE"', 'country = "XX"', "plan.country", "XX", "ISO 3166"),
        ('country = "DE"', 'country = "DE"\nsubdivision = "ZZ"', "plan.subdivision", "ZZ", "BY"),
        ("interval_min = 30", "interval_min = 7", "plan.interval_min", 7, "5, 10, 15, 20, 30 or 60"),
        ("slot_min = 15", "slot_min = 20", "plan.slot_min", 20, "divisor"),
        ("service_level = 0.80", "service_level = 80", "queues.phone.service_level", 80, "less than 1"),
        (
            'channel = "phone"',
            'channel = "fax"',
            "queues.phone.channel",
            "fax",
            "'ticket' or 'email'",
        ),
        ('channel = "phone"', 'channel = "ticket"', "queues.phone.resolve_within_h", None, "hours > 0"),
        ("seed = 1", "sead = 1", "plan.sead", 1, "staffing init"),
        ('start_from = "08:00"', 'start_from = "8 am"', "shifts[1].start_from", "8 am", "HH:MM"),
        ("days_per_week = [4, 5]", "days_per_week = [4, 9]", "contracts.full_time.days_per_week[2]", 9, "7"),
    ],
)
def test_a_value_that_is_not_accepted_is_named(
    tmp_path: Path, old: str, new: str, field: str, value: object, accepted: str
) -> None:
    path = plan_file(tmp_path, old, new)
    with pytest.raises(BadInput) as caught:
        load_plan(path)
    error = caught.value
    assert error.field == field
    assert error.value == value
    assert accepted in str(error)
    assert error.file == str(path)
    expected_line = line_with(path, "[queues.phone]" if value is None else new.splitlines()[-1])
    assert error.line == expected_line


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('shifts = ["full"]', 'shifts = ["fall"]', "unknown shift, got 'fall'; accepted: one of full, short"),
        ("hours_per_week = [36, 40]", "hours_per_week = [40, 36]", "the least is above the most"),
        ('# queue = "phone"', 'queue = "fon"', "unknown queue, got 'fon'; accepted: one of phone"),
        ('name = "short"', 'name = "full"', "declared twice"),
    ],
)
def test_names_must_be_declared(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = plan_file(tmp_path, old, new)
    with pytest.raises(BadInput, match=r"plan\.toml:\d+") as caught:
        load_plan(path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("latest_h = 5, paid = false", "latest_h = 3, paid = false", "earliest_min <= latest_min"),
        ("lengths_h = [8, 8.5]", "lengths_h = [8.1]", "slots of 15 min"),
        ("hours_per_week = [36, 40]", "hours_per_week = [50, 60]", "stay below"),
        ("days_per_week = [3, 5]", "days_per_week = [7, 7]", "exceed"),
        ('weekdays = "sat"', 'weekdays = "caturday"', "not a weekday"),
        ("min_rest_h = 11", "min_rest_h = 11\nmax_start_spread_h = -0.0", ""),
    ],
)
def test_rules_that_contradict_each_other_are_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    plan = load_plan(plan_file(tmp_path, old, new))
    if not message:
        assert rulebook(plan).rules.max_start_spread_min == 0
        return
    with pytest.raises(BadInput, match=r"plan\.toml:\d+: ") as caught:
        rulebook(plan)
    assert message in str(caught.value)


def test_opening_hours_that_are_none_are_named(tmp_path: Path) -> None:
    plan = load_plan(plan_file(tmp_path, 'sat = "09:00-16:00"', 'sat = "09:00 to 16:00"'))
    with pytest.raises(BadInput, match=r"plan\.toml:\d+: opening_hours\.sat"):
        opening_hours(plan, "phone", [2026])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "plan.toml:1: the file is empty"),
        (b"[plan\n", "plan.toml:1: not valid TOML"),
        (b"[plan]\nname = 'a'\n\xff\xfe", "plan.toml:3: not UTF-8"),
        (b"[plan]\n", "plan.toml: queues: the table is missing"),
        (b"x" * 1_100_000, "too large"),
    ],
)
def test_a_file_that_is_no_plan_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "plan.toml").write_bytes(content)
    with pytest.raises(BadInput) as caught:
        load_plan(tmp_path)
    assert message in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_missing_plan_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such plan"):
        load_plan(tmp_path / "nothing.toml")


def test_an_input_outside_the_folder_is_refused(tmp_path: Path) -> None:
    plan = load_plan(plan_file(tmp_path, 'agents = "agents.csv"', 'agents = "../agents.csv"'))
    with pytest.raises(BadInput, match="outside the plan's folder"):
        plan.input_path(plan.settings.people.agents or "", "people", "agents")


def test_every_rule_that_the_starter_shows_behind_a_hash_is_accepted(tmp_path: Path) -> None:
    text = template("plan.toml")
    begin, end = text.index("[contracts.full_time]"), text.index("[[premiums]]")
    shown = re.sub(r"(?m)^# ((?:\[+[\w.]+\]+|\w+ = ).*)$", r"\1", text[begin:end])
    assert shown.count("\n#") < 8, "only comments that go on are left"
    shown = shown.replace('["late", "early"]', '["short", "full"]')
    (tmp_path / "plan.toml").write_text(text[:begin] + shown + text[end:], encoding="utf-8")
    plan = load_plan(tmp_path)
    book = rulebook(plan)
    assert book.rules.forbidden_successions == (("short", "full"),)
    assert book.contracts["full_time"].cost_per_shift == 15
    assert book.contracts["full_time"].rules is not None
    settings = plan.settings
    assert settings.presence[0].level == 2
    assert settings.pairs[0].together
    assert settings.fairness.weekend == 20
    given = settings.rules.model_fields_set
    assert given == set(type(settings.rules).model_fields), "the starter shows every rule"
