"""Requirement that meets every interval's target in time: staff interval after interval, the queue carried along."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from staffing.queueing.rounding import on_shift, whole_people
from staffing.sizing.confident_rate import confident_factor
from staffing.sizing.forecast_rows import ForecastRows
from staffing.sizing.requirement import size
from staffing.sizing.targets import QueueTarget
from staffing.sizing.time_varying import has_transient
from staffing.sizing.transient_run import TransientRun, TransientService

_MOST_PEOPLE = 100_000
_ROUNDS = 6


def size_iteratively(
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    *,
    rates: Mapping[str, np.ndarray] | None = None,
    below: float = 0.0,
) -> pd.DataFrame:
    """Fewest people per interval with which the transient evaluation meets the target in every interval.

    Parameters
    ----------
    forecast, targets, interval_min
        As for ``size``.
    rates
        Expected contacts per queue as they reach the agents, shape ``(paths, intervals)`` in order of time: the
        mean over these paths is to meet the target, or with a confidence in the target that share of them. By
        default the mean forecast, or with a confidence that quantile of every interval's rate.
    below
        Points by which an interval may stay below its service level, in [0, 0.5].

    Returns
    -------
    The table of ``size``. For phone and call-back queues ``agents``, ``agents_whole``, ``scheduled``, the predicted
    measures, ``binding_target`` and ``model`` are those of this method: ``scheduled`` are the fewest whole people on
    shift, ``agents`` those of them who are at work, for whom the measures are predicted. Other queues, and
    targets over a day or week, are as by ``size``.

    Raises
    ------
    ValueError
        As ``size``; rates of another shape; a target that no number of people reaches.

    Notes
    -----
    An interval's service depends on its own people and on what the intervals before left behind, so that one pass
    forward in time finds the fixed point that iterative staffing converges to. Contacts that wait past the end of
    their interval see the people of the next; a few rounds of repair settle that. People who leave finish
    the contact in their hands.

    References
    ----------
    .. [1] Z. Feldman, A. Mandelbaum, W. A. Massey, W. Whitt (2008), Staffing of time-varying queues to achieve
       time-stable performance, Management Science 54(2).
    """
    if not 0 <= below <= 0.5:
        raise ValueError(f"0 <= below <= 0.5 expected, got {below!r}")
    found = size(forecast, targets, interval_min)
    rows = ForecastRows.of(forecast, targets, interval_min)
    columns = {
        name: found[name].to_numpy(copy=True) for name in found.columns if name not in ("queue", "start")
    }
    for queue, target in enumerate(rows.targets):
        if not has_transient(target) or target.size_by == "value" or target.target_over != "interval":
            continue
        mine = np.flatnonzero(rows.code == queue)
        mine = mine[np.argsort(rows.instant[mine], kind="stable")]
        given = rows.contacts[mine][None, :] * confident_factor(rows, target, mine)
        if rates is not None and target.queue in rates:
            given = np.asarray(rates[target.queue], dtype=float)
            if given.ndim != 2 or given.shape[1] != mine.size or not given.shape[0]:
                raise ValueError(
                    f"rates of queue {target.queue!r}: shape (paths >= 1, {mine.size}) expected, got {given.shape}"
                )
        answer = _Forward(target, given, rows.aht_s[mine], rows.is_open[mine], 60.0 * interval_min, below)
        answer.find(columns["scheduled"][mine].astype(np.int64))
        _fill(columns, mine, answer, target)
    return found.assign(**columns)


def _fill(columns: dict[str, np.ndarray], mine: np.ndarray, answer: _Forward, target: QueueTarget) -> None:
    service = answer.service()
    volume = service.offered.sum(axis=0)
    answered = volume - service.abandoned.sum(axis=0)
    columns["agents"][mine] = answer.agents
    columns["agents_whole"][mine] = whole_people(answer.agents)
    columns["scheduled"][mine] = answer.people
    with np.errstate(invalid="ignore", divide="ignore"):
        columns["service_level"][mine] = service.in_time.sum(axis=0) / service.counted.sum(axis=0)
        columns["asa_s"][mine] = np.where(volume > 0, service.wait_s.sum(axis=0) / answered, np.nan)
        columns["occupancy"][mine] = service.busy_s.sum(axis=0) / service.present_s.sum(axis=0)
        if target.counts_abandonment:
            columns["abandonment"][mine] = service.abandoned.sum(axis=0) / volume
    columns["binding_target"][mine] = answer.binding
    kept = columns["model"][mine] + "; in time, the queue carried along"
    columns["model"][mine] = kept


class _Forward:
    """The search for one queue."""

    def __init__(
        self,
        target: QueueTarget,
        rates: np.ndarray,
        aht_s: np.ndarray,
        is_open: np.ndarray,
        interval_s: float,
        below: float,
    ) -> None:
        self.target, self.rates, self.aht_s, self.is_open = target, rates, aht_s, is_open
        self.interval_s, self.below = interval_s, below
        self.at_work = 1.0 - target.shrinkage
        self.people = np.zeros(aht_s.size, dtype=np.int64)
        self.binding = np.where(is_open, "", "closed").astype(object)

    def _run(self, agents: np.ndarray) -> TransientRun:
        return TransientRun(
            self.rates,
            agents,
            self.aht_s,
            self.interval_s,
            self.target.answer_within_s,
            self.target.patience_s,
        )

    @property
    def agents(self) -> np.ndarray:
        """At work of the people on shift."""
        return self.people * self.at_work

    def service(self) -> TransientService:
        """What the agents found give."""
        run = self._run(self.agents)
        for slot in range(self.people.size):
            run.slot(slot, True)
        return run.result(self.target.definition)

    def find(self, guess: np.ndarray) -> None:
        """Fill in ``people`` and ``binding``, from a first guess of each interval."""
        run = self._run(guess * self.at_work)
        for slot in range(guess.size):
            # Who comes next is not known yet: the first guess stands for them.
            self.people[slot] = self._settle(run, slot, int(guess[slot]))
        for _ in range(_ROUNDS):
            service = self.service()
            excess = np.array([self._excess(service, slot)[0] for slot in range(self.people.size)])
            missed = np.flatnonzero((excess > 1e-9) & self._counts)
            if not missed.size:
                return
            self.people[missed] += 1

    @property
    def _counts(self) -> np.ndarray:
        return self.is_open & (self.rates.sum(axis=0) > 0)

    def _settle(self, run: TransientRun, slot: int, guess: int) -> int:
        """Find the fewest people of one interval and move through it with them."""
        least = self.target.min_agents if self.is_open[slot] else 0
        floor = int(on_shift(least, self.target.shrinkage))
        if not self._counts[slot]:
            run.agents[slot] = floor * self.at_work
            run.slot(slot, True)
            self.binding[slot] = "min_agents" if floor else self.binding[slot]
            return floor
        mark = run.mark()
        tried: dict[int, tuple[float, str]] = {}

        def excess(people: int) -> float:
            if people not in tried:
                run.back(slot, mark)
                run.agents[slot] = people * self.at_work
                run.slot(slot, True)
                tried[people] = self._excess(run.result(self.target.definition), slot)
            return tried[people][0]

        high, step = max(guess, floor, 1), 1
        low = floor - 1
        while excess(high) > 1e-9:
            low, high, step = high, high + step, 2 * step
            if high > _MOST_PEOPLE:
                raise ValueError(
                    f"queue {self.target.queue!r}: a target that people can reach expected, got "
                    f"{tried[low][1]} missed with {low} people"
                )
        step = 1
        while high - step > low and excess(high - step) <= 1e-9:
            high, step = high - step, 2 * step
        low = max(low, high - step)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if excess(middle) <= 1e-9 else (middle, high)
        self.binding[slot] = tried[low][1] if low in tried else "min_agents"
        run.back(slot, mark)
        run.agents[slot] = high * self.at_work
        run.slot(slot, True)
        return high

    def _excess(self, service: TransientService, slot: int) -> tuple[float, str]:
        """By how much the worst target of an interval is missed, and which it is."""
        target = self.target
        confidence = target.confidence

        def decided(value: np.ndarray) -> float:
            if confidence is None:
                return float(value.mean())
            place = min(max(int(np.ceil(confidence * value.size - 1e-9)) - 1, 0), value.size - 1)
            return float(np.sort(value)[place])

        def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
            if confidence is None:
                part, whole = part[:, slot].sum(keepdims=True), whole[:, slot].sum(keepdims=True)
            else:
                part, whole = part[:, slot], whole[:, slot]
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.where(whole > 0, part / whole, np.inf)

        level = ratio(service.counted - service.in_time, service.counted)
        found = {
            "service_level": decided(np.where(np.isfinite(level), level, 1.0))
            - (1.0 - target.service_level)
            - self.below
        }
        if target.asa_s is not None:
            waited = ratio(service.wait_s, service.offered - service.abandoned)
            found["asa_s"] = decided(waited) / target.asa_s - 1.0
        if target.max_occupancy is not None:
            found["max_occupancy"] = decided(ratio(service.busy_s, service.present_s)) - target.max_occupancy
        if target.max_abandonment is not None:
            found["max_abandonment"] = (
                decided(ratio(service.abandoned, service.offered)) - target.max_abandonment
            )
        worst = max(found, key=lambda name: found[name])
        return found[worst], worst
