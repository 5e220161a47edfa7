"""Work of one person per slot as sums of variables: shifts less their breaks, each break with its own place."""

from __future__ import annotations

from typing import Any

import numpy as np

from schedules.agents import Agent
from schedules.compact.case import Case
from schedules.compact.charges import Behind
from schedules.compact.person import PersonRows
from schedules.compact.rows import Program


class PersonWork:
    """One person's shifts and breaks in a program.

    Attributes
    ----------
    shifts, choose
        Indices on the grid, and the yes-or-no variable of each.
    work
        Slot to variable to coefficient; the sum is 1 where the person is at work on no break. Slots after the
        horizon are left out.
    """

    def __init__(self, program: Program, case: Case, number: int, agent: Agent) -> None:
        self.program, self.case, self.agent, self.tag = program, case, agent, f"p{number}_"
        self.shifts, must = case.shifts(agent)
        self.choose = [program.binary(f"{self.tag}x{shift}") for shift in self.shifts]
        rows = PersonRows(
            program, self.tag, case.wall, agent, agent.rules(case.rules), self.shifts, self.choose, must
        )
        rows.add(case.team_rules.fairness, case.behind.get(agent.id, Behind()))
        self.work: dict[int, dict[Any, float]] = {}
        self._charge()
        self._places: dict[tuple[int, int], list[list[tuple[int, list[Any]]]]] = {}
        blocks: dict[tuple[int, int], list[int]] = {}
        for index, shift in enumerate(self.shifts):
            key = (int(case.grid.start[shift]), int(case.grid.pattern[shift]))
            blocks.setdefault(key, []).append(index)
            for slot in range(int(case.grid.start[shift]), int(case.wall.end[shift])):
                self._add(slot, self.choose[index], 1.0)
        for key, members in blocks.items():
            self._breaks(key, members)

    def _charge(self) -> None:
        found = self.case.charges(self.agent, self.shifts)
        free = found.total_free()
        self.program.constant += float(free.sum())
        money = found.total() - free[self.case.grid.day[self.shifts]]
        for variable, price in zip(self.choose, money, strict=True):
            self.program.price(variable, float(price))

    def _add(self, slot: int, variable: Any, weight: float) -> None:
        if slot < self.case.grid.slots:
            here = self.work.setdefault(slot, {})
            here[variable] = here.get(variable, 0.0) + weight

    def _breaks(self, key: tuple[int, int], members: list[int]) -> None:
        """Places of the breaks of all shifts with the same start and pattern."""
        case, program = self.case, self.program
        start, number = key
        pattern = case.grid.patterns[number]
        chosen = [self.choose[index] for index in members]
        places: list[list[tuple[int, list[Any]]]] = []
        slot_wage = self.agent.contract.cost_per_hour * case.grid.slot_h
        for j, length in enumerate(pattern.length):
            offsets = range(pattern.earliest[j], pattern.latest[j] + 1)
            if len(offsets) == 1:
                places.append([(offsets[0], chosen)])
            else:
                own = [program.binary(f"{self.tag}b{start}_{number}_{j}_{offset}") for offset in offsets]
                program.equal([*own, *chosen], [1.0] * len(own) + [-1.0] * len(chosen), 0.0)
                places.append([(offset, [variable]) for offset, variable in zip(offsets, own, strict=True)])
            for offset, variables in places[-1]:
                at = start + offset
                for variable in variables:
                    for slot in range(at, at + length):
                        self._add(slot, variable, -1.0)
                    if not pattern.paid[j]:
                        share = float(case.share_sum[at + length] - case.share_sum[at])
                        program.price(variable, -slot_wage * (length + share))
            if j:
                self._in_order(places[j - 1], places[j], pattern.spacing + pattern.length[j - 1])
        self._places[key] = places

    def _in_order(
        self, before: list[tuple[int, list[Any]]], after: list[tuple[int, list[Any]]], apart: int
    ) -> None:
        """Whenever the later break has begun, the earlier one has begun ``apart`` slots before."""
        for offset, _ in after[:-1]:
            begun = {variable: 1.0 for at, variables in after if at <= offset for variable in variables}
            for at, variables in before:
                if at <= offset - apart:
                    for variable in variables:
                        begun[variable] = begun.get(variable, 0.0) - 1.0
            begun = {variable: weight for variable, weight in begun.items() if weight}
            if any(weight > 0 for weight in begun.values()):
                self.program.at_most(list(begun), list(begun.values()), 0.0, "order of breaks")

    def found(self) -> list[tuple[int, list[int]]]:
        """Shifts of the solution with the first slot of each break."""
        result = []
        for index, shift in enumerate(self.shifts):
            if (self.choose[index].varValue or 0.0) > 0.5:
                key = (int(self.case.grid.start[shift]), int(self.case.grid.pattern[shift]))
                pauses = []
                for options in self._places[key]:
                    taken = [
                        offset
                        for offset, variables in options
                        if len(options) == 1 or (variables[0].varValue or 0.0) > 0.5
                    ]
                    pauses.append(key[0] + taken[0])
                result.append((int(shift), pauses))
        return result

    def value(self, slot: int) -> int:
        """Whether the person is at work in a slot of the solution, activities included."""
        return int(
            np.rint(
                sum(
                    weight * (variable.varValue or 0.0)
                    for variable, weight in self.work.get(slot, {}).items()
                )
            )
        )
