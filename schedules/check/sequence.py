"""Rules about which kinds of shift come when: forbidden successions and rotations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedules.agents import Agent
from schedules.check.horizon import WEEK_DAYS
from schedules.check.ledger import Ledger
from schedules.rules import Rules


def check_succession(
    shifts: pd.DataFrame, agents: Sequence[Agent], rules: Sequence[Rules], ledger: Ledger
) -> None:
    """No shift of a kind on the day after one that it may not follow, the eve of the horizon included.

    ``shifts`` has ``kind``, the name of its kind.
    """
    forbids = np.array([bool(own.forbidden_successions) for own in rules], dtype=bool)
    concerned = shifts[forbids[shifts["agent_no"].to_numpy(dtype=int)]]
    if not len(concerned):
        return
    eve = pd.DataFrame(
        [
            (number, -1, agent.before.last_kind)
            for number, agent in enumerate(agents)
            if forbids[number] and agent.before.last_kind
        ],
        columns=["agent_no", "day", "kind"],
    )
    earlier = pd.concat([eve, concerned[["agent_no", "day", "kind"]]]) if len(eve) else concerned
    earlier = earlier[["agent_no", "day", "kind"]].rename(columns={"kind": "earlier"})
    pairs = concerned.merge(earlier.assign(day=earlier["day"] + 1), on=["agent_no", "day"])
    forbidden = [frozenset(own.forbidden_successions) for own in rules]
    broken = [
        (first, second) in forbidden[number]
        for number, first, second in zip(pairs["agent_no"], pairs["earlier"], pairs["kind"], strict=True)
    ]
    ledger.record_rows(
        "forbidden succession",
        pairs,
        np.array(broken, dtype=bool),
        lambda pair: f"{pair.kind} on the day after {pair.earlier}",
        lambda pair: f"no {pair.kind} on the day after {pair.earlier}",
    )


def rotation_kinds(agent: Agent, day: int) -> tuple[str, ...] | None:
    """Kinds of a person's rotation on a day of the horizon, ``None`` where the contract decides."""
    return agent.rotation[day // WEEK_DAYS % len(agent.rotation)] if agent.rotation else None


def check_rotation(shifts: pd.DataFrame, agents: Sequence[Agent], ledger: Ledger) -> None:
    """Shifts of the kinds that a person's rotation names for the week, and of no other."""
    rotates = np.array([bool(agent.rotation) for agent in agents], dtype=bool)
    concerned = shifts[rotates[shifts["agent_no"].to_numpy(dtype=int)]]
    turns = [
        rotation_kinds(agents[number], day) or ()
        for number, day in zip(concerned["agent_no"], concerned["day"], strict=True)
    ]
    strange = [kind not in turn for kind, turn in zip(concerned["kind"], turns, strict=True)]
    ledger.record_rows(
        "rotation",
        concerned.assign(turn=pd.Series(turns, index=concerned.index, dtype=object)),
        np.array(strange, dtype=bool),
        lambda shift: f"{shift.kind} in week {shift.day // WEEK_DAYS + 1}",
        lambda shift: ", ".join(shift.turn) or "no shift in this week",
    )
