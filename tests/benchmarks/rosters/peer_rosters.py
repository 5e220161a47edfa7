"""The same instances for CP-SAT and pyworkforce. Runs in an environment of its own, without the product.

    python peer_rosters.py roster|design FILE

reads the instance (JSON) and writes ``{"status", "objective", "bound", "seconds"}`` to stdout.
"""

from __future__ import annotations

import json
import sys
import time

from ortools.sat.python import cp_model

# Shortage tiers end at multiples of a twentieth of the requirement: people count in twentieths.
PARTS = 20


def roster(task: dict) -> dict:
    """Named people: one option (shift with its breaks placed) a day, hours, days, rest, queues with priced tiers."""
    model = cp_model.CpModel()
    slots, queues = task["slots"], len(task["required"])
    at: dict[tuple[int, int], list] = {}
    cost = []
    for number, person in enumerate(task["people"]):
        per_day: dict[int, list] = {}
        for option in person["options"]:
            chosen = model.new_bool_var("")
            per_day.setdefault(option["day"], []).append((chosen, option))
            cost.append(option["cost"] * chosen)
            for slot in option["work"]:
                at.setdefault((person["group"], slot), []).append(chosen)
        everything = [pair for pairs in per_day.values() for pair in pairs]
        for pairs in per_day.values():
            model.add_at_most_one([chosen for chosen, _ in pairs])
        minutes = sum(option["paid_min"] * chosen for chosen, option in everything)
        days = sum(chosen for chosen, _ in everything)
        model.add_linear_constraint(minutes, *person["minutes"])
        model.add_linear_constraint(days, *person["days"])
        worked = [sum(chosen for chosen, _ in per_day.get(day, [])) for day in range(task["days"])]
        longest = task["max_consecutive_days"]
        for first in range(task["days"] - longest):
            model.add(sum(worked[first : first + longest + 1]) <= longest)
        for day in range(task["days"] - 1):
            following = per_day.get(day + 1, [])
            for moment in sorted({option["start"] for _, option in following}):
                tired = [one for one, option in per_day.get(day, []) if option["end"] + task["rest"] > moment]
                early = [one for one, option in following if option["start"] <= moment]
                if tired and early:
                    model.add_at_most_one(tired + early)
        del number
    stands: dict[tuple[int, int], list] = {}
    for (group, slot), chosen in at.items():
        able = task["groups"][group]
        if len(able) == 1:
            stands.setdefault((able[0], slot), []).extend(chosen)
            continue
        flows = [model.new_int_var(0, len(chosen), "") for _ in able]
        model.add(sum(flows) == sum(chosen))
        for queue, flow in zip(able, flows, strict=True):
            stands.setdefault((queue, slot), []).append(flow)
    for queue in range(queues):
        for slot in range(slots):
            required = task["required"][queue][slot]
            here = stands.get((queue, slot), [])
            line, below = [PARTS * sum(here)], 0
            for width, price in task["tiers"]:
                short = model.new_int_var(0, (width - below) * required, "")
                cost.append(price * short)
                line.append(short)
                below = width
            over = model.new_int_var(0, PARTS * max(1, len(task["people"])), "")
            cost.append(task["surplus"] * over)
            model.add(sum(line) - over == PARTS * required)
    model.minimize(sum(cost))
    return run(model, task)


def run(model: cp_model.CpModel, task: dict) -> dict:
    """Solve within the time given."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = task["seconds"]
    solver.parameters.num_workers = task["workers"]
    solver.parameters.random_seed = 1
    begun = time.perf_counter()
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return {
        "status": solver.status_name(status),
        "objective": solver.objective_value if found else None,
        "bound": solver.best_objective_bound,
        "seconds": time.perf_counter() - begun,
    }


def design(task: dict) -> dict:
    """pyworkforce: fewest shifts that cover every period, shifts of fixed hours without breaks."""
    from pyworkforce.scheduling import MinRequiredResources

    begun = time.perf_counter()
    solution = MinRequiredResources(
        num_days=task["days"],
        periods=task["periods"],
        shifts_coverage=task["shifts"],
        required_resources=task["required"],
        max_period_concurrency=100_000,
        max_shift_concurrency=100_000,
        max_search_time=task["seconds"],
        num_search_workers=task["workers"],
    ).solve()
    return {
        "status": solution["status"],
        "objective": solution["cost"],
        "bound": None,
        "seconds": time.perf_counter() - begun,
    }


if __name__ == "__main__":
    with open(sys.argv[2]) as file:
        given = json.load(file)
    print(json.dumps({"roster": roster, "design": design}[sys.argv[1]](given)))
