"""An explained interval for a person and for a machine."""

from __future__ import annotations

import math
from typing import Any

from staffing.cli.calc.answer import plain
from staffing.cli.quantities import share_text, time_text
from staffing.cli.terminal import Terminal
from staffing.plan.loading import Plan
from staffing.plan.presets import presets
from staffing.plan.queue_target import queue_shrinkage
from staffing.plan.toml_lines import line_of
from staffing.sizing.explanation import Explanation

_FORECAST = "forecast.csv"
# Keys of the queue's table that enter the formula, if they are given.
_KEYS = (
    "channel",
    "service_level", "answer_within_s", "answer_within_min", "resolve_within_h", "resolve_within_days", "asa_s",
    "max_occupancy", "max_abandonment", "patience_s", "definition", "target_over", "confidence", "concurrency",
    "aht_s_by_concurrency", "self_service_share", "self_service_aht_factor", "connect_rate", "attempt_s",
    "max_attempts", "premium_share", "premium_service_level", "premium_answer_within_s", "pool", "min_agents",
    "value_per_contact", "cost_per_agent_hour",
)  # fmt: skip
_DECIDES = {
    "resolve_within_h": "the deadline",
    "min_agents": "the minimum while open",
    "pool": "another queue of the pool",
    "value": "what the next agent is worth",
}
_ALWAYS = {"service_level", "answer_within_s"}


def show_explanation(plan: Plan, found: Explanation, terminal: Terminal) -> None:
    """Print an explanation."""
    row, target = found.row, found.target
    minutes = plan.settings.plan.interval_min
    terminal.text(f"{row['queue']}, {row['start']:%a %d %b %Y %H:%M}, {minutes} min: {_headline(found)}")
    terminal.text()
    terminal.text(f"Model    {row['model']}")
    terminal.text(f"Formula  {found.formula.name}: {found.formula.says}")
    terminal.text(f"Source   {found.formula.source}")
    terminal.text()
    terminal.table(
        ["input", "value", "from"], [[name, value, origin] for name, value, origin in _inputs(plan, found)]
    )
    terminal.text()
    for line in _steps(plan, found):
        terminal.text(line)
    if len(found.around):
        terminal.text()
        terminal.table(
            ["agents", "in time", "mean wait", "occupancy", "give up", "targets"],
            [
                [
                    f"{step['agents']}" + (" <" if step["agents"] == found.group_agents else ""),
                    share_text(step["service_level"]),
                    time_text(step["asa_s"]),
                    share_text(step["occupancy"]),
                    share_text(step["abandonment"]),
                    "met" if step["meets"] else "missed",
                ]
                for step in found.around.to_dict("records")
            ],
            "With more and fewer agents" + (f" in pool {target.pool}" if target.pool else ""),
        )
    if found.next_agent is not None:
        terminal.text()
        terminal.text(_next(found, plan.settings.plan.currency))


def explanation_document(plan: Plan, found: Explanation) -> dict[str, Any]:
    """The same for a machine."""
    row = {key: value.isoformat() if key == "start" else value for key, value in found.row.items()}
    following = None
    if found.next_agent is not None:
        following = {name: getattr(found.next_agent, name) for name in found.next_agent.__dataclass_fields__}
    return plain(
        {
            "requirement": row,
            "formula": {
                "name": found.formula.name,
                "says": found.formula.says,
                "source": found.formula.source,
            },
            "inputs": {
                name: {"value": value, "from": origin} for name, value, origin in _inputs(plan, found)
            },
            "steps": _steps(plan, found),
            "around": [
                {name: bool(value) if name == "meets" else value for name, value in step.items()}
                for step in found.around.to_dict("records")
            ],
            "next_agent": following,
        }
    )


def _headline(found: Explanation) -> str:
    row = found.row
    if row["binding_target"] == "closed":
        return "closed"
    return f"{row['agents_whole']} agents at work, {row['scheduled']} on shift"


def _inputs(plan: Plan, found: Explanation) -> list[tuple[str, str, str]]:
    queue = found.target.queue
    section = plan.settings.queues[queue]
    inputs = [
        ("contacts", f"{found.forecast_contacts:.2f}", _FORECAST),
        ("aht_s", "–" if math.isnan(found.forecast_aht_s) else f"{found.forecast_aht_s:.1f}", _FORECAST),
    ]
    for key in _KEYS:
        value = getattr(section, key)
        given = key in section.model_fields_set
        if given:
            origin = f"{plan.path.name}:{line_of(plan.text, ('queues', queue, key))}"
        elif key in section.from_preset:
            assert section.preset is not None
            origin = f"preset {section.preset}: {presets()[section.preset].source}"
        else:
            origin = "default"
        if given or key in section.from_preset or (key in _ALWAYS and not section.may_wait):
            inputs.append((key, str(value), origin))
    return inputs


def _steps(plan: Plan, found: Explanation) -> list[str]:
    """From the forecast to people on shift, one line each."""
    row, target = found.row, found.target
    said = [f"Workload    {words}" for words in target.workload.words()]
    if not row["contacts"] > 0:
        return [*said, "Nobody is needed: no contacts are expected."]
    said.append(
        f"Load        {row['contacts']:.2f} contacts × {row['aht_s']:.1f} s / {plan.settings.plan.interval_min} min "
        f"= {row['load_erlangs']:.2f} erlangs"
    )
    if target.pool is not None:
        said.append(
            f"Pool        {target.pool}: {found.group_contacts:.2f} contacts, {found.group_agents} agents together"
        )
    binding = str(row["binding_target"])
    decides = _DECIDES.get(binding, binding.replace("_", " "))
    said.append(f"Agents      {row['agents']:.2f} exactly, {row['agents_whole']} whole; {decides} decides")
    shrinkage = queue_shrinkage(plan.settings.queues[target.queue])
    if target.shrinkage:
        said.append(f"On shift    {row['scheduled']}; shrinkage {shrinkage.words()}")
    else:
        said.append(f"On shift    {row['scheduled']}; no shrinkage")
    if not math.isnan(row["met_probability"]):
        sure = share_text(row["met_probability"])
        said.append(
            f"Certainty   the targets are met in {sure} of cases if the forecast errs as it did before"
        )
    return said


def _next(found: Explanation, currency: str) -> str:
    step = found.next_agent
    assert step is not None
    parts = [
        f"{100 * step.level_gain:+.1f} points of service level ({step.contacts_in_time:+.2f} contacts in time)"
    ]
    if math.isfinite(step.wait_saved_s):
        parts.append(f"{-step.wait_saved_s:+.1f} s mean wait")
    if math.isfinite(step.contacts_saved):
        parts.append(f"{step.contacts_saved:.2f} fewer give up")
    text = "Next agent  " + ", ".join(parts)
    if math.isfinite(step.worth):
        verdict = "pays" if step.worth > step.cost else "does not pay"
        text += f"; worth {step.worth:,.2f} {currency} at a cost of {step.cost:,.2f}: {verdict}"
    return text
