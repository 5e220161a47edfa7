"""From ``[queues.NAME]`` to the target that sizing wants."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from staffing.errors import BadInput
from staffing.plan.contacts import read_contacts
from staffing.plan.loading import load_plan
from staffing.plan.queue_settings import QueueSection
from staffing.plan.queue_target import queue_target
from staffing.plan.targets import queue_targets


def target(**keys: object):
    section = QueueSection.model_validate(keys)
    return queue_target("q", section, section.resolve_within_h, 18.0)


def add(shop: Path, *lines: str) -> Path:
    """Put lines into the queue's table."""
    path = shop / "plan.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("aht_s = 300\n", "aht_s = 300\n" + "\n".join(lines) + "\n"), encoding="utf-8"
    )
    return shop


def test_voice_is_phone():
    assert target(channel="voice").channel == "phone"


def test_minutes_are_seconds():
    assert target(channel="callback", answer_within_min=15).answer_within_s == 900.0


def test_planned_and_unplanned_shrinkage_make_one():
    assert target(shrinkage_planned=0.1, shrinkage_unplanned=0.08).shrinkage == 0.172
    additive = target(shrinkage_planned=0.1, shrinkage_unplanned=0.08, shrinkage_rule="additive")
    assert additive.shrinkage == 0.18


def test_an_agents_hour_costs_the_wage_of_those_on_shift():
    found = target(value_per_contact=5, patience_s=90, shrinkage=0.1).economics
    assert found is not None
    assert found.cost_per_agent_hour == pytest.approx(20.0)
    assert found.loss.mean_s == 90.0
    own = target(value_per_contact=5, loss={"per_10s": 0.2}, cost_per_agent_hour=31).economics
    assert own is not None
    assert own.cost_per_agent_hour == 31.0
    growing = target(value_per_contact=5, loss={"first_10s": 0.04, "growth_per_10s": 0.2}).economics
    assert growing is not None
    assert "multiplying" in growing.loss.name
    seen = target(value_per_contact=5, loss={"after_s": [0, 60], "lost_per_10s": [0.04, 0.02]}).economics
    assert seen is not None
    assert float(seen.loss.lost_after(70.0)) == pytest.approx(1 - 0.96**6 * 0.98)


def test_everything_at_once_reaches_the_target():
    found = target(
        self_service_share=0.3,
        self_service_aht_factor=1.2,
        stages={"talk": {"share": 0.6, "factor": 0.5}, "wrap_up": {"share": 0.4}},
        premium_share=0.2,
        premium_service_level=0.95,
        premium_answer_within_s=10,
        confidence=0.9,
        min_agents=2,
    )
    assert found.workload.self_service_share == 0.3
    assert found.workload.stage_factor == pytest.approx(0.7)
    assert found.premium is not None
    assert found.premium.answer_within_s == 10.0
    assert (found.confidence, found.min_agents) == (0.9, 2)
    listed = target(channel="outbound", resolve_within_h=8, connect_rate=0.4, attempt_s=20).workload.dialling
    assert listed is not None
    assert listed.connect_rate == 0.4


@pytest.mark.parametrize(
    ("lines", "field", "message"),
    [
        (["answer_within_min = 5"], "answer_within_min", None),
        (["shrinkage = 0.1", "shrinkage_planned = 0.1"], "shrinkage", "either shrinkage or its planned"),
        (
            ["premium_share = 0.2"],
            "premium_share",
            "premium_service_level and premium_answer_within_s",
        ),
        (["premium_service_level = 0.9"], "premium_service_level", "premium_share > 0"),
        (["size_by = 'value'"], "size_by", "value_per_contact > 0"),
        (["connect_rate = 0.5"], "connect_rate", "channel 'outbound' beside it"),
        (["preset = 'golden-hour'"], "preset", "one of phone-10s"),
        (
            ["loss = { per_10s = 0.2, first_10s = 0.1 }"],
            "loss",
            "either per_10s, or first_10s and growth_per_10s, or after_s",
        ),
        (["channel = 'outbound'"], "resolve_within_h", "resolve_within_days"),
        (["confidence = 1.0"], "confidence", "less than 1"),
        (["target_over = 'month'"], "target_over", "'interval', 'day' or 'week'"),
    ],
)
def test_keys_that_do_not_go_together_are_named_with_their_line(shop, lines, field, message):
    if message is None:
        lines = [*lines, "answer_within_s = 30"]
        path = shop / "plan.toml"
        text = path.read_text(encoding="utf-8").replace("answer_within_s = 20\n", "")
        path.write_text(text, encoding="utf-8")
        message = "either answer_within_s or answer_within_min"
    with pytest.raises(BadInput) as caught:
        load_plan(add(shop, *lines))
    text = str(caught.value)
    assert f"queues.phone.{field}" in text
    assert message in text
    assert re.search(r"plan\.toml:\d+", text)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["value_per_contact = 5"], "loss or patience_s with value_per_contact expected, got neither"),
        (["patience_s = 60", "channel = 'callback'"], "no patience_s for callback expected, got 60.0"),
        (["target_over = 'day'", "pool = 'front'"], "target_over 'interval' with pool expected, got 'day'"),
    ],
)
def test_targets_that_contradict_each_other_are_named(shop, lines, message):
    with pytest.raises(BadInput) as caught:
        queue_targets(load_plan(add(shop, *lines)))
    assert message in str(caught.value)
    assert "queues.phone" in str(caught.value)


def test_a_deadline_in_days_is_so_many_opening_hours(shop):
    path = shop / "plan.toml"
    text = path.read_text(encoding="utf-8").replace("answer_within_s = 20\n", "")
    path.write_text(text.replace("service_level = 0.80\n", "preset = 'ticket-48h'\n"), encoding="utf-8")
    found = queue_targets(load_plan(shop))["phone"]
    assert found.resolve_within_h == 16.0  # two days from nine to five
    path.write_text(path.read_text(encoding="utf-8").replace('mon-fri = "09:00-17:00"', ""), encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("[opening_hours]\n", "")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="needs to know how long a day is open"):
        queue_targets(load_plan(shop))


def test_those_who_hung_up_are_weighed_before_the_forecast(shop):
    history = shop / "history.csv"
    lines = history.read_text(encoding="utf-8").splitlines()
    rows = [f"{line},{int(line.split(',')[2]) // 2}" for line in lines[1:]]
    history.write_text("\n".join([lines[0] + ",abandoned", *rows]) + "\n", encoding="utf-8")
    plain = read_contacts(load_plan(shop)).series("phone", "contacts")
    weighed = read_contacts(load_plan(add(shop, "abandoned_weight = 0.5", "short_abandoned_weight = 1.0")))
    got = weighed.series("phone", "contacts")
    assert got.sum() == pytest.approx((plain - 0.5 * (plain // 2)).sum())


def test_a_weight_without_its_count_is_refused(shop):
    with pytest.raises(BadInput, match="the history has no column short_abandoned"):
        read_contacts(load_plan(add(shop, "short_abandoned_weight = 0")))


def test_the_template_names_every_key_and_every_key_that_it_names_is_known():
    text = files("staffing.plan").joinpath("templates/plan.toml").read_text(encoding="utf-8")
    part = text[text.index("[queues.phone]") : text.index("[[shifts]]")]
    named = set(re.findall(r"^(?:# )?([a-z_0-9]+) = ", part, flags=re.MULTILINE))
    of_a_queue = set(QueueSection.model_fields) - {"stages"}
    assert of_a_queue - named <= {"like", "like_share", "group", "site"}
    assert named - of_a_queue == {"understanding", "doing", "wrap_up"}
