"""Rows that tie people together: queues, coverage, activities, presence, pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from schedules.compact.case import Case
from schedules.compact.rows import Program
from schedules.compact.work import PersonWork
from schedules.cover import slot_cost
from schedules.teams import Activity, Presence

Terms = dict[Any, float]


class Team:
    """Coverage of all queues by all people.

    Attributes
    ----------
    flows
        ``(slot, skills)`` to queue to the variable that says how many of these people stand there.
    attends
        ``(activity, person)`` to first slot to variable.
    """

    def __init__(self, program: Program, case: Case, people: list[PersonWork]) -> None:
        self.program, self.case, self.people = program, case, people
        self.queue = {name: index for index, name in enumerate(case.demand.queues)}
        self.position = {one.agent.id: number for number, one in enumerate(people)}
        self.flows: dict[tuple[int, frozenset[str]], dict[str, Any]] = {}
        self.attends: dict[tuple[int, int], dict[int, Any]] = {}
        self.work = [{slot: dict(terms) for slot, terms in one.work.items()} for one in people]
        for number, activity in enumerate(case.team_rules.activities):
            self._activity(number, activity)
        self._one_thing_at_a_time()
        self._coverage()
        for number, rule in enumerate(case.team_rules.presence):
            self._presence(number, rule)
        for number, pair in enumerate(case.team_rules.pairs):
            self._pair(number, pair.first, pair.second, pair.together, pair.price_per_hour)

    def _activity(self, number: int, activity: Activity) -> None:
        grid, program = self.case.grid, self.program
        step = pd.Timedelta(minutes=grid.slot_min)
        begin = int(np.ceil((activity.start - grid.starts[0]) / step - 1e-9))
        end = int(np.floor((activity.end - grid.starts[0]) / step + 1e-9))
        length = activity.length_min // grid.slot_min
        starts = range(max(0, begin), min(end, grid.slots) - length + 1)
        together = {slot: program.binary(f"a{number}_{slot}") for slot in starts} if activity.together else {}
        if together:
            program.at_most(list(together.values()), [1.0] * len(together), 1.0, "activity at one time")
        for agent in activity.agents:
            program.constant += activity.price
            person = self.position.get(agent)
            if person is None:
                continue
            mine = {}
            for slot in starts:
                if all(at in self.people[person].work for at in range(slot, slot + length)):
                    mine[slot] = program.binary(f"a{number}_{slot}_{person}")
                    program.price(mine[slot], -activity.price)
                    if together:
                        program.at_most([mine[slot], together[slot]], [1.0, -1.0], 0.0, "activity together")
            program.at_most(list(mine.values()), [1.0] * len(mine), 1.0, "activity once")
            self.attends[number, person] = mine

    def _one_thing_at_a_time(self) -> None:
        """Who attends is on a shift and on no break, and away from the queues."""
        busy: dict[tuple[int, int], list[Any]] = {}
        for (number, person), mine in self.attends.items():
            length = self.case.team_rules.activities[number].length_min // self.case.grid.slot_min
            for slot, variable in mine.items():
                for at in range(slot, slot + length):
                    busy.setdefault((person, at), []).append(variable)
        for (person, slot), variables in busy.items():
            here = self.work[person][slot]
            for variable in variables:
                here[variable] = here.get(variable, 0.0) - 1.0
            self.program.at_least(list(here), list(here.values()), 0.0, "activity inside work")

    def _coverage(self) -> None:
        case, program, demand = self.case, self.program, self.case.demand
        carried = np.zeros_like(demand.required) if demand.carried is None else demand.carried
        groups: dict[frozenset[str], list[int]] = {}
        for number, one in enumerate(self.people):
            groups.setdefault(one.agent.skills & frozenset(demand.queues), []).append(number)
        for slot in range(case.grid.slots):
            at: dict[str, Terms] = {name: {} for name in demand.queues}
            for skills, members in groups.items():
                here: Terms = {}
                for number in members:
                    for variable, weight in self.work[number].get(slot, {}).items():
                        here[variable] = here.get(variable, 0.0) + weight
                if not here:
                    continue
                if len(skills) == 1:
                    terms = at[next(iter(skills))]
                    for variable, weight in here.items():
                        terms[variable] = terms.get(variable, 0.0) + weight
                    continue
                numbers = {queue: self.queue[queue] for queue in sorted(skills)}
                name = f"z{slot}_" + "_".join(map(str, numbers.values()))
                flows = {queue: program.count(f"{name}_at{number}") for queue, number in numbers.items()}
                self.flows[slot, skills] = flows
                program.equal(
                    [*flows.values(), *here], [1.0] * len(flows) + [-weight for weight in here.values()], 0.0
                )
                for queue, flow in flows.items():
                    at[queue][flow] = 1.0
            for row, queue in enumerate(demand.queues):
                self._queue(
                    slot, row, at[queue], float(demand.required[row, slot]), float(carried[row, slot])
                )

    def _queue(self, slot: int, row: int, here: Terms, required: float, carried: float) -> None:
        """Shortage in tiers and surplus of one queue in one slot."""
        program, prices, hours = self.program, self.case.prices, self.case.grid.slot_h
        if not here:
            cost = slot_cost(np.array([carried]), np.array([required]), prices)
            program.constant += float(cost[0]) * hours
            return
        over = program.amount(f"o{slot}_{row}")
        program.price(over, prices.surplus_per_hour * hours)
        names, weights = [*here, over], [*here.values(), -1.0]
        below = 0.0
        for tier, one in enumerate(prices.shortage):
            if required > 0:
                short = program.amount(f"s{slot}_{row}_{tier}", (one.up_to_share - below) * required)
                program.price(short, one.price_per_hour * hours)
                names.append(short)
                weights.append(1.0)
                below = one.up_to_share
        program.equal(names, weights, required - carried)

    def _presence(self, number: int, rule: Presence) -> None:
        case, program = self.case, self.program
        starts = case.demand.starts
        minute, weekday = np.asarray(starts.hour * 60 + starts.minute), np.asarray(starts.day_of_week)
        if rule.from_min <= rule.until_min:
            inside = (minute >= rule.from_min) & (minute < rule.until_min)
        else:
            inside = (minute >= rule.from_min) | (minute < rule.until_min)
        inside &= np.isin(weekday, rule.weekdays)
        members = [person for person, one in enumerate(self.people) if rule.counts(one.agent)]
        for slot in np.flatnonzero(inside).tolist():
            here: Terms = {}
            for person in members:
                for variable, weight in self.work[person].get(slot, {}).items():
                    here[variable] = here.get(variable, 0.0) + weight
            for limit, sign in ((rule.at_least, 1.0), (rule.at_most, -1.0)):
                if limit is not None and (here or sign > 0):
                    missed = program.amount(f"presence{number}_{slot}_{'few' if sign > 0 else 'many'}")
                    program.price(missed, rule.price_per_hour * case.grid.slot_h)
                    weights = [sign * weight for weight in here.values()]
                    program.at_least([missed, *here], [1.0, *weights], sign * limit, "presence")

    def _pair(self, number: int, first: str, second: str, together: bool, price: float) -> None:
        one, two = self.position.get(first), self.position.get(second)
        if one is None or two is None:
            return
        for slot in sorted(set(self.work[one]) | set(self.work[two])):
            left, right = self.work[one].get(slot, {}), self.work[two].get(slot, {})
            missed = self.program.amount(f"pair{number}_{slot}")
            self.program.price(missed, price * self.case.grid.slot_h)
            sides = ((1.0, -1.0), (-1.0, 1.0)) if together else ((-1.0, -1.0),)
            for plus, minus in sides:
                # together: missed >= |left - right|; apart: missed >= left + right - 1.
                names = [missed, *left, *right]
                weights = [1.0, *(plus * weight for weight in left.values())]
                weights += [minus * weight for weight in right.values()]
                self.program.at_least(names, weights, 0.0 if together else -1.0, "pair")
