"""wishes.csv: what people would like, and how much."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from schedules.agents import Wish
from staffing.errors import BadInput
from staffing.files.clock import parse_clock
from staffing.files.defects import Defects, listed
from staffing.files.local_time import parse_day
from staffing.files.numbers import parse_number
from staffing.files.source import Source, read_source

KINDS = ("day_off", "work", "start_from", "start_until", "shift", "not_shift")

_TIMED = ("start_from", "start_until")
_OF_A_KIND = ("shift", "not_shift")


def read_wishes(
    path: Path, agents: Collection[str], *, default_weight: float = 20.0, kinds: Collection[str] = ()
) -> tuple[Wish, ...]:
    """Read a CSV of wishes, in the order of the file; a header without rows is a plan without wishes.

    Columns ``agent_id``, ``day``, ``wish`` (``day_off``, ``work``, ``start_from``, ``start_until``,
    ``shift``, ``not_shift``), ``time`` (``HH:MM``, for ``start_…``), ``shift`` (a shift kind, for ``shift``
    and ``not_shift``) and ``weight``, the money that granting it is worth.

    Parameters
    ----------
    agents
        Known ids.
    default_weight
        Weight of a wish that names none.
    kinds
        Known shift kinds.

    Raises
    ------
    BadInput
        With the file, line, column, value and what is accepted.
    """
    required, optional = ("agent_id", "day", "wish"), ("time", "shift", "weight")
    source = read_source(path, required, optional, known_only=True, rows_needed=False)
    defects = Defects(path)
    wishes: list[Wish] = []
    seen: dict[tuple[str, ...], int] = {}
    for row, line in enumerate(source.lines.tolist()):
        agent, wish = source.cell("agent_id", row), source.cell("wish", row)
        if agent not in agents:
            defects.add(
                "unknown agent", line=line, field="agent_id", value=agent, accepted="an id of agents.csv"
            )
        if wish not in KINDS:
            defects.add("unknown wish", line=line, field="wish", value=wish, accepted=", ".join(KINDS))
            continue
        key = (agent, source.cell("day", row), wish, source.cell("shift", row))
        if key in seen:
            problem = f"a repeated wish, already on line {seen[key]}"
            defects.add(
                problem, line=line, field="wish", value=wish, accepted="each wish of a person and day once"
            )
        seen.setdefault(key, line)
        column = "day"
        try:
            day = parse_day(source.cell("day", row))
            column = "time"
            time_min = _time_min(source, row, wish)
            column = "shift"
            shift = _shift(source, row, wish, kinds)
            column = "weight"
            weight = _weight(source, row, default_weight)
            wishes.append(Wish(agent, wish, day, weight, time_min, shift))  # type: ignore[arg-type]
        except BadInput as error:
            defects.add_error(error, line=line, field=column)
    defects.check()
    return tuple(wishes)


def _time_min(source: Source, row: int, wish: str) -> int | None:
    text = source.cell("time", row)
    if wish in _TIMED:
        return parse_clock(text)
    if text:
        raise BadInput(
            f"a time with the wish {wish}", value=text, accepted=f"blank (only {', '.join(_TIMED)} take one)"
        )
    return None


def _shift(source: Source, row: int, wish: str, kinds: Collection[str]) -> str | None:
    text = source.cell("shift", row)
    if wish in _OF_A_KIND:
        if text not in kinds:
            raise BadInput("unknown shift", value=text, accepted=listed(list(kinds)))
        return text
    if text:
        accepted = f"blank (only {', '.join(_OF_A_KIND)} take one)"
        raise BadInput(f"a shift with the wish {wish}", value=text, accepted=accepted)
    return None


def _weight(source: Source, row: int, default: float) -> float:
    text = source.cell("weight", row)
    if not text:
        return default
    return parse_number(
        text, least=0, most=1_000_000, accepted="money from 0 to 1000000, blank for the plan's default"
    )
