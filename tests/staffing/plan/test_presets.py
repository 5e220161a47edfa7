"""Presets: defaults by name that a plan overrules, with their source."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from staffing.plan.presets import presets
from staffing.plan.queue_settings import QueueSection
from staffing.plan.queue_target import queue_target


@pytest.mark.parametrize("name", sorted(presets()))
def test_every_preset_is_a_queue_by_itself_and_says_where_it_comes_from(name):
    section = QueueSection.model_validate({"preset": name})
    assert section.from_preset == set(presets()[name].values)
    for key, value in presets()[name].values.items():
        assert getattr(section, key) == value
    target = queue_target("q", section, 8.0 if section.may_wait else None, 20.0)
    assert target.channel == section.channel
    assert len(presets()[name].source) > 10
    assert presets()[name].about


def test_the_named_promises_are_those_of_the_trade():
    seconds = {
        "phone-10s": 10, "phone-30s": 30, "golden-minute-chat": 60, "premium-chat": 15, "outbound-30s": 30
    }  # fmt: skip
    for name, within_s in seconds.items():
        assert presets()[name].values["answer_within_s"] == within_s
    assert presets()["ticket-24h"].values["resolve_within_days"] == 1
    assert presets()["ticket-48h"].values["resolve_within_days"] == 2
    assert "claims" in presets()["callback-5min"].source


def test_a_key_of_the_plan_overrules_and_counts_as_given():
    section = QueueSection.model_validate({"preset": "golden-minute-chat", "service_level": 0.9})
    assert (section.service_level, section.answer_within_s, section.channel) == (0.9, 60.0, "chat")
    assert section.from_preset == {"channel", "answer_within_s"}
    assert section.model_fields_set == {"preset", "service_level"}


def test_another_way_to_say_the_same_overrules_too():
    minutes = QueueSection.model_validate({"preset": "small-firm-chat", "answer_within_s": 45})
    assert (minutes.answer_within_s, minutes.answer_within_min) == (45.0, None)
    hours = QueueSection.model_validate({"preset": "ticket-24h", "resolve_within_h": 6})
    assert (hours.resolve_within_h, hours.resolve_within_days) == (6.0, None)


def test_an_unknown_preset_is_named_with_those_that_exist():
    with pytest.raises(ValidationError, match=r"preset: one of phone-10s, .* expected, got 'golden-hour'"):
        QueueSection.model_validate({"preset": "golden-hour"})
