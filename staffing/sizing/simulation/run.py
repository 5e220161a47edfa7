"""Simulate a centre over its paths."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from staffing.sizing.simulation import encoding
from staffing.sizing.simulation.arrivals import arrivals, number_of_paths
from staffing.sizing.simulation.attendance import attendance, presence
from staffing.sizing.simulation.centre import Centre
from staffing.sizing.simulation.encoding import lines_of, rules_of, times_of
from staffing.sizing.simulation.result import Simulated
from staffing.sizing.simulation.staff import Staff

CONTACT_LIMIT = 200_000_000
_STUCK = 0.05  # share of contacts still waiting at the end that a reader must know


def simulate(
    centre: Centre,
    *,
    paths: int | None = None,
    seed: int = 0,
    contact_limit: int = CONTACT_LIMIT,
    workers: int = 1,
) -> Simulated:
    """Simulate every contact of a centre.

    Parameters
    ----------
    centre
        What is simulated; the same centre, number of paths and seed give the same bytes.
    paths
        Independent runs over all intervals, >= 1; by default as many as the queues' contacts have, or 100.
        Queues with paths of their own must have at least as many; path i of one goes with path i of the others.
    seed
        Of the chance, >= 0. Common random numbers: every contact is known by path, queue, interval and number
        in it, and draws its moment, handling time, patience and choices from its own stream, every person's
        absence and every path's share of fractional people from theirs. Two centres simulated with the same
        seed therefore see the same contacts, and a greater volume sees them and some more.
    contact_limit
        Most contacts over all paths, >= 1: reaching it ends the simulation, and the result says so.
    workers
        Threads over the paths, >= 1; the result does not depend on it.

    Returns
    -------
    Simulated

    Raises
    ------
    ValueError
        Zero paths, fewer paths in a queue than asked for, a seed or limit out of range.

    Notes
    -----
    A single queue with one team, without classes, chat, background work or offers, is served contact by contact in
    order of arrival; everything else event by event. Both give the same for the same contacts.

    Examples
    --------
    >>> from staffing.sizing.simulation import Group, HandlingTime, PatienceTime, SimulatedQueue, Staff
    >>> phone = SimulatedQueue(
    ...     "phone", np.full(8, 60.0), HandlingTime.lognormal(240.0, 1.2), patience=PatienceTime.exponential(120.0)
    ... )
    >>> staff = Staff.of_slots([[9, 9, 9, 9, 9, 9, 9, 9]], slot_s=1800.0)
    >>> found = simulate(Centre((phone,), (Group("team", ("phone",)),), staff, interval_min=30), paths=400)
    >>> bool(0.70 < found.table("week")["service_level"].iloc[0] < 0.85)
    True
    """
    wanted = number_of_paths(centre, paths)
    for name, value, least in (
        ("seed", seed, 0),
        ("contact_limit", contact_limit, 1),
        ("workers", workers, 1),
    ):
        if value != int(value) or value < least:
            raise ValueError(f"a whole {name} >= {least} expected, got {value!r}")
    numbers = arrivals(centre, wanted, seed)
    # Paths that surely fit into the limit, and one more in which it strikes if it is the first.
    fitting = int((np.cumsum(numbers.sum(axis=(1, 2))) <= contact_limit).sum())
    numbers = numbers[: max(1, fitting)]
    here = attendance(centre, wanted, seed)[: len(numbers)]
    counts, busy, over, stopped = _run(centre, numbers, here, seed, contact_limit, workers)
    within = int((np.cumsum(counts[..., encoding.OFFERED].sum(axis=(1, 2))) <= contact_limit).sum())
    kept = max(1, min(within, len(numbers)))
    limited = kept < wanted or bool((stopped[:kept] < centre.horizon_s).any())
    counts, busy = counts[:kept], busy[:kept]
    present = presence(centre, here[:kept]) + over[:kept]
    whole = {
        name: np.ascontiguousarray(counts[..., column]).astype(np.int64)
        for name, column in (
            ("offered", encoding.OFFERED),
            ("answered", encoding.ANSWERED),
            ("abandoned", encoding.ABANDONED),
            ("waiting", encoding.WAITING),
            ("called_back", encoding.CALLED_BACK),
            ("in_time", encoding.IN_TIME),
            ("short_abandoned", encoding.SHORT_ABANDONED),
            ("virtual_in_time", encoding.VIRTUAL_IN_TIME),
            ("dropped", encoding.DROPPED),
            ("undecided", encoding.UNDECIDED),
        )
    }
    if not _in_order(centre):
        whole["virtual_in_time"] = np.full_like(whole["offered"], -1)
    lines, _ = lines_of(centre)
    return Simulated(
        centre=centre,
        lines=lines,
        wait_answered_s=np.ascontiguousarray(counts[..., encoding.WAIT_ANSWERED_S]),
        wait_s=np.ascontiguousarray(counts[..., encoding.WAIT_S]),
        busy_s=busy,
        present_s=present,
        seed=int(seed),
        limited=limited,
        notes=_notes(centre, whole, limited, kept, wanted, float(stopped[0]), contact_limit),
        **whole,
    )


def _in_order(centre: Centre) -> bool:
    """Whether contacts can be served one after the other, without events."""
    queue = centre.queues[0]
    plain = queue.premium is None and queue.background is None and queue.concurrency == 1
    return len(centre.queues) == 1 and len(centre.groups) == 1 and plain and queue.call_back is None


def _run(
    centre: Centre, numbers: np.ndarray, here: np.ndarray, seed: int, limit: int, workers: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Counts, busy seconds, those after a stretch's end, and the moment at which each path stopped."""
    # Numba is imported here, so that nobody waits for it who does not simulate.
    from staffing.sizing.simulation.in_order import run_path_in_order
    from staffing.sizing.simulation.network import run_path

    paths = len(numbers)
    times, rules, staff = times_of(centre), rules_of(centre), centre.staff
    counts = np.zeros((paths, len(times.handling), centre.intervals, encoding.COUNTS))
    busy = np.zeros((paths, len(centre.groups), centre.intervals))
    over = np.zeros_like(busy)
    stopped = np.zeros(paths)
    in_order = _in_order(centre)
    drop = centre.at_shift_end == "drop"
    resume_s = staff.resume_s
    change_s, change = _changes(staff)
    at_once = int(np.cumsum(np.where(change < 0, -1, 1)).max(initial=0))
    in_order_stretches = (staff.agent, staff.start_s, staff.end_s, resume_s)
    network_stretches = (staff.group, staff.agent, staff.end_s, resume_s, change_s, change)

    def one(path: int) -> None:
        if in_order:
            stopped[path] = run_path_in_order(
                seed, path, numbers[path, 0], centre.interval_s, times, in_order_stretches,
                here[path], staff.agents, at_once, drop, limit, counts[path, 0], busy[path, 0], over[path, 0],
            )  # fmt: skip
        else:
            stopped[path] = run_path(
                seed, path, numbers[path], centre.interval_s, times, rules, network_stretches,
                here[path], staff.agents, drop, limit, counts[path], busy[path], over[path],
            )  # fmt: skip

    if workers > 1:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(one, range(paths)))
    else:
        for path in range(paths):
            one(path)
    return counts, busy, over, stopped


def _changes(staff: Staff) -> tuple[np.ndarray, np.ndarray]:
    """Moments at which stretches end (-1 - number) and begin (number), in order, ends first."""
    moment = np.concatenate([staff.end_s, staff.start_s])
    number = np.arange(staff.start_s.size)
    what = np.concatenate([-1 - number, number])
    order = np.lexsort((what, moment))
    return moment[order], what[order]


def _notes(
    centre: Centre,
    counts: dict[str, np.ndarray],
    limited: bool,
    kept: int,
    wanted: int,
    stopped: float,
    contact_limit: int,
) -> tuple[str, ...]:
    notes = []
    if limited and kept < wanted and stopped >= centre.horizon_s:
        notes.append(
            f"the limit of {contact_limit:,} contacts ended the simulation after {kept} of {wanted} paths"
        )
    elif limited:
        notes.append(
            f"the limit of {contact_limit:,} contacts ended the simulation {stopped / 3600.0:.1f} h into its first path"
        )
    lines, owners = lines_of(centre)
    for number, line in enumerate(lines):
        offered = counts["offered"][:, number].sum()
        stuck = counts["waiting"][:, number].sum() / max(1, offered)
        if stuck > _STUCK and owners[number].background is None:
            who = line.queue if line.customers == "all" else f"{line.queue} ({line.customers})"
            notes.append(
                f"{who}: {stuck:.0%} of the contacts still waited at the end: more work than its people can do"
            )
    return tuple(notes)
