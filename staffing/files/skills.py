"""Skills of a person, with levels where they are told: ``phone:2; chat``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from staffing.errors import BadInput
from staffing.files.defects import listed

HIGHEST_LEVEL = 99


def parse_skills(text: str, queues: Sequence[str]) -> tuple[frozenset[str], tuple[tuple[str, int], ...]]:
    """Skills and, in the order of the text, the levels that it tells.

    Parameters
    ----------
    text
        Queues parted by ``;``, ``,`` or ``|``, each with ``:`` and a level from 1 where one is known.
    queues
        Queues of the plan.

    Raises
    ------
    BadInput
        Without a file and line: the caller knows them.
    """
    parts = [part.strip() for part in re.split(r"[;,|]", text) if part.strip()]
    if not parts:
        raise BadInput("no skill", value=text, accepted=f"one or more of {listed(queues)}, parted by ;")
    levels: dict[str, int] = {}
    skills = set()
    for part in parts:
        skill, colon, level = part.rpartition(":")
        # A queue may have a colon in its name; then the whole part is the name.
        if not colon or part in queues:
            skill, level = part, ""
        skill = skill.strip()
        if skill not in queues:
            raise BadInput("unknown skill", value=skill, accepted=listed(queues))
        if level or (colon and part not in queues):
            levels[skill] = _level(level.strip(), part)
        skills.add(skill)
    return frozenset(skills), tuple(levels.items())


def _level(text: str, part: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= HIGHEST_LEVEL:
        raise BadInput(
            "not a level of a skill",
            value=part,
            accepted=f"skill:level with 1 to {HIGHEST_LEVEL}, as phone:2",
        )
    return int(text)
