"""Formula and simulation side by side, and why they differ where they do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from staffing.sizing.evaluation import evaluate
from staffing.sizing.forecast_rows import instants
from staffing.sizing.path_service import PathService
from staffing.sizing.proving.week_grid import WeekGrid
from staffing.sizing.targets import QueueTarget
from staffing.sizing.time_varying import has_transient, queue_in_time, stationary_service

POINTS = 0.02  # from which difference on a reason is due
_MEASURES = ("service_level", "abandonment", "asa_s", "occupancy")
_MOST_PATHS = 40
_NEARLY_FULL = 0.97

UNCERTAIN = "the forecast's uncertainty: busy days lose more than quiet days gain"
CARRY_OVER = "carry-over of the queue from the previous interval"
STAFF_CHANGES = "staff changes within the interval"
TWICE = "pooled skills counted twice: the formula gives each queue its people for itself"
HELP = "pooled skills: people of other queues help"
SHARED_HOURS = "pooled skills: the hours of shared people count for every queue that they serve"
CHANCE = "chance: too few contacts on the paths to tell"
SHAPE = "handling times, patience or routing of another kind than the formula's"
DEFERRED = "work that waits: the formula serves it in order of arrival with all its people"


def side_by_side(
    coverage: pd.DataFrame,
    service: PathService,
    grid: WeekGrid,
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    slot_min: int,
    skills: Mapping[str, frozenset[str]] | None = None,
) -> pd.DataFrame:
    """Service per queue and day by formula and by simulation.

    Parameters
    ----------
    coverage
        ``queue, start, scheduled`` per roster slot.
    service, grid
        The simulated service and the forecast on its grid.
    forecast, targets, interval_min, slot_min
        As for ``evaluate``.
    skills
        Queues of each group of people.

    Returns
    -------
    ``queue, day, measure, formula, simulation, difference, reason``, ``day = "week"`` last. The reason is the largest
    part of the difference: the formula over the paths' rates against the mean forecast (uncertainty), the
    transient evaluation against the stationary one (carry-over or staff changes), and what is left.
    """
    wanted = coverage["queue"].isin(service.queues)
    slots, formula = evaluate(
        coverage.loc[wanted, ["queue", "start", "scheduled"]], forecast, targets, interval_min, slot_min
    )
    days = service.local_days()
    rows: list[dict[str, object]] = []
    for index, queue in enumerate(service.queues):
        helped = any(queue in group and len(group) > 1 for group in (skills or {}).values())
        reasons = _Reasons(index, service, grid, coverage, slots, slot_min, helped)
        own = formula[formula["queue"] == queue]
        for _, line in own.iterrows():
            inside = np.flatnonzero(days == line["day"]) if line["day"] != "week" else np.arange(days.size)
            if not inside.size:
                continue
            simulated = service.together(index, inside)
            reason = ""
            if abs(line["service_level"] - simulated["service_level"]) > POINTS:
                reason = reasons.of(inside, float(line["service_level"]), simulated["service_level"])
            for measure in _MEASURES:
                difference = simulated[measure] - line[measure]
                large = measure != "asa_s" and abs(difference) > POINTS and simulated["contacts"] > 0
                named = reason
                if large and measure == "occupancy" and helped:
                    named = SHARED_HOURS
                elif large and not reason:
                    named = reasons.of(inside, np.nan, np.nan)
                rows.append(
                    {
                        "queue": queue,
                        "day": line["day"],
                        "measure": measure,
                        "formula": line[measure],
                        "simulation": simulated[measure],
                        "difference": difference,
                        "reason": named if large else "",
                    }
                )
    columns = ["queue", "day", "measure", "formula", "simulation", "difference", "reason"]
    return pd.DataFrame(rows, columns=columns)


class _Reasons:
    """Parts of the difference of one queue, per interval, found when first needed."""

    def __init__(
        self,
        queue: int,
        service: PathService,
        grid: WeekGrid,
        coverage: pd.DataFrame,
        slots: pd.DataFrame,
        slot_min: int,
        helped: bool,
    ) -> None:
        self.queue, self.service, self.grid, self.slot_min, self.helped = (
            queue,
            service,
            grid,
            slot_min,
            helped,
        )
        self.target = grid.targets[queue]
        name = service.queues[queue]
        self.coverage = coverage[coverage["queue"] == name]
        self.slots = slots[slots["queue"] == name]
        self._parts: dict[str, np.ndarray] | None = None

    def of(self, inside: np.ndarray, formula: float, simulation: float) -> str:
        """The largest part of ``simulation - formula`` over some intervals, in words."""
        if self.target.may_wait:
            return DEFERRED
        if self._parts is None:
            self._parts = self._found()
        volume = self.grid.contacts[self.queue, inside]
        if not volume.sum():
            return CHANCE
        parts = {
            name: float((volume * values[inside]).sum() / volume.sum())
            for name, values in self._parts.items()
        }
        if np.isfinite(formula) and np.isfinite(simulation):
            rest = simulation - formula - sum(parts.values())
            apart = self.service.measures(self.queue, inside)["service_level"]
            error = np.nanstd(apart) / np.sqrt(max(np.isfinite(apart).sum(), 1))
            kind = (TWICE if rest < 0 else HELP) if self.helped else SHAPE
            parts[CHANCE if abs(rest) < 2.0 * error else kind] = rest
            # Only what points the same way explains.
            sign = np.sign(simulation - formula)
            parts = {name: sign * value for name, value in parts.items()}
        else:
            parts = {name: abs(value) for name, value in parts.items()}
        return max(parts, key=lambda name: parts[name])

    def _found(self) -> dict[str, np.ndarray]:
        grid, queue = self.grid, self.queue
        shape = (len(grid.starts),)
        agents = self._agents()
        at_mean = self._level(grid.contacts[queue][None, :], agents)
        parts = {UNCERTAIN: np.zeros(shape), CARRY_OVER: np.zeros(shape), STAFF_CHANGES: np.zeros(shape)}
        rates = self.service.rates
        if rates is not None and self.service.paths > 1:
            chosen = np.unique(np.linspace(0, self.service.paths - 1, _MOST_PATHS).astype(int))
            some = rates[chosen, queue, :]
            by_path = self._level(some, agents)
            with np.errstate(invalid="ignore", divide="ignore"):
                mixed = np.where(
                    some.sum(axis=0) > 0, (some * by_path).sum(axis=0) / some.sum(axis=0), at_mean[0]
                )
            parts[UNCERTAIN] = mixed - at_mean[0]
        if has_transient(self.target):
            moving = queue_in_time(
                self.target, grid.starts, grid.contacts[queue][None, :], grid.aht_s[queue], agents,
                round(60.0 * grid.interval_h),
            )  # fmt: skip
            with np.errstate(invalid="ignore", divide="ignore"):
                level = np.where(
                    moving.levelled[0, 0] > 0, moving.in_time[0, 0] / moving.levelled[0, 0], at_mean[0]
                )
            changed = level - at_mean[0]
            carried = self._carried(agents, changed)
            parts[CARRY_OVER] = np.where(carried, changed, 0.0)
            parts[STAFF_CHANGES] = np.where(carried, 0.0, changed)
        return parts

    def _agents(self) -> np.ndarray:
        """At work per slot, in order of time."""
        per = round(60.0 * self.grid.interval_h / self.slot_min)
        steps = np.arange(per, dtype=np.int64) * self.slot_min * 60_000_000_000
        slots = (instants(pd.Series(self.grid.starts))[:, None] + steps[None, :]).reshape(-1)
        given = pd.Series(
            self.coverage["scheduled"].to_numpy(dtype=float), index=instants(self.coverage["start"])
        )
        return given.reindex(slots).fillna(0.0).to_numpy() * (1.0 - self.target.shrinkage)

    def _level(self, rates: np.ndarray, agents: np.ndarray) -> np.ndarray:
        """Stationary service level per path and interval; 0 without contacts."""
        intervals = rates.shape[1]
        per = agents.size // intervals
        found = stationary_service(
            self.target,
            np.repeat(rates, per, axis=1) / per,
            agents,
            np.repeat(self.grid.aht_s[self.queue], per),
            3600.0 * self.grid.interval_h / per,
        )
        shape = (rates.shape[0], intervals, per)
        counted = found.counted.reshape(shape).sum(axis=2)
        return found.in_time.reshape(shape).sum(axis=2) / np.maximum(counted, 1e-12)

    def _carried(self, agents: np.ndarray, changed: np.ndarray) -> np.ndarray:
        """Intervals that inherit a queue: from a full interval, or from one that still suffered from its own."""
        grid = self.grid
        staff = agents.reshape(len(grid.starts), -1).mean(axis=1)
        load = grid.contacts[self.queue] * grid.aht_s[self.queue] / (3600.0 * grid.interval_h)
        full = (load >= _NEARLY_FULL * staff) & (load > 0)
        out = np.zeros(full.size, dtype=bool)
        for index in range(1, full.size):
            out[index] = full[index - 1] or (out[index - 1] and changed[index - 1] < -POINTS)
        return out
