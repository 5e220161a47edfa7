"""A requirement per queue for people with several skills: each set of queues covered once, not each queue alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pulp

from schedules.solver import linear, solve
from staffing.queueing.rounding import whole_people
from staffing.sizing.requirement import size
from staffing.sizing.skills.subset_cover import CoverRows, can_be_pooled, cover_rows
from staffing.sizing.targets import QueueTarget

# Weight of people against evenness: a person is never worth an uneven split.
_EVENNESS = 1e-3

# People whom a group does not have; as dear as ten of those who are there.
_BEYOND = 10.0


def size_pooled(
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    groups: Mapping[str, Sequence[str]],
    people: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Requirement per queue that a roster can cover queue by queue without counting pooled skills twice or not at all.

    Parameters
    ----------
    forecast, targets, interval_min
        As for ``size``.
    groups
        Queues of each group of people.
    people
        People of each group. Where given, no group is relied on for more people than it has as long as
        others can do the work, and the groups are taken as present in like shares as far as that goes; by default
        any number.

    Returns
    -------
    The table of ``size``. For queues for which ``can_be_pooled`` holds ``agents`` is the queue's share of the pooled
    requirement, ``agents_whole`` and ``scheduled`` are its whole people (the interval's sum rounded up once),
    ``binding_target`` is
    ``"skills"`` where a set of queues binds, and the predicted measures are NaN, as no formula knows them; other
    queues are as by ``size``.

    Raises
    ------
    ValueError
        As ``cover_rows``.

    Notes
    -----
    In each interval a linear program finds the fewest people per group that satisfy every cover row, and puts each
    of them on one of his queues so that every queue has its load and the rest is spread as the queues' own safety
    staffing. A roster that covers these numbers has the pooled requirement of every set at work; that
    their skills are mixed as in the program is likely but not enforced, which simulation has to judge.
    """
    usual = size(forecast, targets, interval_min)
    if not any(can_be_pooled(targets[str(queue)]) for queue in usual["queue"].unique()):
        return usual
    cover = cover_rows(forecast, targets, interval_min, groups)
    shares = queue_shares(cover, groups, people)
    table = usual.copy()
    for name in ("service_level", "asa_s", "occupancy", "abandonment", "met_probability"):
        table[name] = table[name].astype(float)
    place = {queue: row for row, queue in enumerate(cover.queues)}
    column = pd.Series(np.arange(len(cover.starts)), index=cover.starts)
    mine = np.flatnonzero(table["queue"].isin(cover.queues))
    row = table["queue"].iloc[mine].map(place).to_numpy(dtype=np.int64)
    interval = column.reindex(pd.DatetimeIndex(table["start"].iloc[mine])).to_numpy(dtype=np.int64)
    shrinkage = np.array([targets[queue].shrinkage for queue in cover.queues])[:, None]
    columns = {
        "agents": shares[row, interval],
        "agents_whole": _rounded(shares)[row, interval],
        "scheduled": _rounded(shares / (1.0 - shrinkage))[row, interval],
    }
    alone = usual["agents"].to_numpy(dtype=float)[mine]
    for name, values in columns.items():
        whole = table[name].to_numpy(copy=True)
        whole[mine] = values
        table[name] = whole
    for name in ("service_level", "asa_s", "occupancy", "abandonment", "met_probability"):
        unknown = table[name].to_numpy(copy=True)
        unknown[mine] = np.nan
        table[name] = unknown
    binding, model = table["binding_target"].to_numpy(dtype=object), table["model"].to_numpy(dtype=object)
    binding[mine] = np.where(columns["agents"] < alone - 1e-6, "skills", binding[mine])
    model[mine] = [f"{said}; sets of queues covered together" for said in model[mine]]
    return table.assign(binding_target=binding, model=model)


def queue_shares(
    cover: CoverRows, groups: Mapping[str, Sequence[str]], people: Mapping[str, int] | None = None
) -> np.ndarray:
    """People at work on each queue per interval, fractional, shape ``(queues, intervals)``.

    Parameters as for ``size_pooled``; see its notes.
    """
    names = [name for name in groups if any(queue in cover.queues for queue in groups[name])]
    served = [
        [cover.queues.index(queue) for queue in groups[name] if queue in cover.queues] for name in names
    ]
    alone = {members[0]: cover.agents[row] for row, members in enumerate(cover.sets) if len(members) == 1}
    out = np.zeros((len(cover.queues), len(cover.starts)))
    # Equal intervals (nights, weekends) are solved once.
    key = np.vstack([cover.agents, cover.load_erlangs]).round(9)
    _, first, same = np.unique(key, axis=1, return_index=True, return_inverse=True)
    limit = None if people is None else [float(people[name]) for name in names]
    problem = pulp.LpProblem("shares")
    objective: list[tuple[Any, float]] = []
    put = {}
    for number, interval in enumerate(first.tolist()):
        if cover.agents[:, interval].any():
            own = np.array([alone[queue][interval] for queue in range(len(cover.queues))])
            put[number], terms = _interval(problem, cover, interval, served, own, limit)
            objective += terms
    if put:
        problem += linear(*zip(*objective, strict=True))
        solve(problem, method="simplex")
    for number, variables in put.items():
        found = np.zeros(len(cover.queues))
        for (_, queue), variable in variables.items():
            found[queue] += variable.varValue or 0.0
        out[:, same.reshape(-1) == number] = found[:, None]
    return out


def _interval(
    problem: Any,
    cover: CoverRows,
    interval: int,
    served: Sequence[Sequence[int]],
    own: np.ndarray,
    limit: Sequence[float] | None,
) -> tuple[dict[tuple[int, int], Any], list[tuple[Any, float]]]:
    """Variables, rows and prices of one interval: people of each group on each of its queues."""

    def variable(name: str) -> Any:
        return problem.add_variable(f"{name}_{interval}", 0)

    put = {
        (group, queue): variable(f"put_{group}_{queue}")
        for group, queues in enumerate(served)
        for queue in queues
    }
    uneven, crowded = variable("uneven"), variable("crowded")
    prices = [(each, 1.0) for each in put.values()] + [(uneven, _EVENNESS), (crowded, _EVENNESS)]
    for number, members in enumerate(cover.sets):
        some = [each for (group, _), each in put.items() if set(served[group]) & set(members)]
        problem += (
            linear(some, [1.0] * len(some)) >= float(cover.agents[number, interval]),
            f"set_{number}_{interval}",
        )
    load = np.minimum(cover.load_erlangs[:, interval], own)
    for queue in range(len(cover.queues)):
        here = [each for (_, other), each in put.items() if other == queue]
        problem += (linear(here, [1.0] * len(here)) >= float(load[queue]), f"load_{queue}_{interval}")
        spare = float(own[queue] - load[queue])
        # A queue's safety staffing falls short of its own by the same share everywhere, as far as skills allow.
        problem += (
            linear([*here, uneven], [1.0] * len(here) + [max(spare, 1e-6)]) >= float(load[queue] + spare),
            f"even_{queue}_{interval}",
        )
    for group, most in enumerate(limit or ()):
        mine = [each for (other, _), each in put.items() if other == group]
        extra = variable(f"extra_{group}")
        prices.append((extra, _BEYOND))
        problem += (linear([*mine, extra], [1.0] * len(mine) + [-1.0]) <= most, f"people_{group}_{interval}")
        # No group is worked harder than it must be: the most crowded one sets the price.
        problem += (
            linear([*mine, crowded], [1.0] * len(mine) + [-max(most, 1e-6)]) <= 0.0,
            f"crowd_{group}_{interval}",
        )
    return put, prices


def _rounded(people: np.ndarray) -> np.ndarray:
    """Whole people per queue whose sum is each interval's sum rounded up, largest remainders first."""
    total = whole_people(np.round(people.sum(axis=0), 9))
    base = np.floor(people + 1e-9).astype(np.int64)
    rest = people - base
    order = np.argsort(-rest, axis=0, kind="stable")
    rank = np.argsort(order, axis=0, kind="stable")
    return base + (rank < (total - base.sum(axis=0))[None, :])
