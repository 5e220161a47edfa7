"""What happened on each path of a forecast: counts per path, queue and interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

_COUNTS = ("offered", "in_time", "abandoned", "wait_s", "busy_h", "staffed_h")
_OPTIONAL = ("counted", "resolution_s", "rates")


@dataclass(frozen=True)
class PathService:
    """The service that one roster gave on every path, as counts that can be added up.

    Parameters
    ----------
    queues
        Names, in the order of the arrays.
    starts
        Interval starts, in order of time.
    offered, in_time, abandoned
        Contacts by the interval of their arrival: all, those served as their target promises
        (within its threshold; resolved by its deadline), those that hung up. Shape
        ``(paths, queues, intervals)``, >= 0; fractions are expectations.
    wait_s
        Waits of the answered contacts added up, in seconds, same shape.
    busy_h, staffed_h
        Hours of work done in the interval by the people who serve the queue, and their hours at work; same shape.
        People who serve several queues count for each of them.
    counted
        Contacts that the service level is a share of, by the target's definition, same shape; ``None``
        takes ``offered``.
    resolution_s
        Times from arrival to the end of handling added up over the answered, same shape; ``None`` if not known.
    rates
        Expected contacts on each path, same shape; ``None`` takes ``offered`` for it.
    engine
        How it was found, in words: ``"simulation, 100 paths"``.

    Raises
    ------
    ValueError
        On arrays of another shape, no path, or a count that is negative or not finite.
    """

    queues: tuple[str, ...]
    starts: pd.DatetimeIndex
    offered: np.ndarray
    in_time: np.ndarray
    abandoned: np.ndarray
    wait_s: np.ndarray
    busy_h: np.ndarray
    staffed_h: np.ndarray
    counted: np.ndarray | None = None
    resolution_s: np.ndarray | None = None
    rates: np.ndarray | None = None
    engine: str = "simulation"

    def __post_init__(self) -> None:
        shape = np.shape(self.offered)
        wanted = (len(self.queues), len(self.starts))
        if len(shape) != 3 or shape[1:] != wanted:
            raise ValueError(f"offered of shape (paths, {wanted[0]}, {wanted[1]}) expected, got {shape}")
        if not shape[0]:
            raise ValueError("paths >= 1 expected, got 0")
        for name in (*_COUNTS, *_OPTIONAL):
            values = getattr(self, name)
            if values is None and name not in _COUNTS:
                continue
            if np.shape(values) != shape:
                raise ValueError(f"{name} of shape {shape} expected, got {np.shape(values)}")
            if not np.isfinite(values).all() or np.min(values, initial=0.0) < -1e-9:
                raise ValueError(f"finite {name} >= 0 expected, got {np.nanmin(values)}")

    @property
    def paths(self) -> int:
        """Number of paths."""
        return int(self.offered.shape[0])

    @property
    def levelled(self) -> np.ndarray:
        """What the service level is a share of."""
        return self.offered if self.counted is None else self.counted

    def queue(self, name: str) -> int:
        """Index of a queue.

        Raises
        ------
        ValueError
            On a queue that was not simulated.
        """
        if name not in self.queues:
            raise ValueError(f"a queue of {list(self.queues)} expected, got {name!r}")
        return self.queues.index(name)

    def measures(
        self, queue: int, intervals: np.ndarray, paths: np.ndarray | None = None
    ) -> dict[str, np.ndarray]:
        """Measures of one queue over some intervals together, one value per path.

        Parameters
        ----------
        queue
            Its index.
        intervals
            Indices of the intervals.
        paths
            Adds these paths up into a single value; ``None`` keeps every path apart.

        Returns
        -------
        ``contacts, service_level, abandonment, asa_s, occupancy`` (and ``resolution_s`` where known); NaN where
        nobody called, was answered or was there.
        """

        def total(values: np.ndarray) -> np.ndarray:
            summed = values[:, queue, :][:, intervals].sum(axis=1)
            return summed if paths is None else summed[paths].sum(keepdims=True)

        offered, answered = total(self.offered), total(self.offered - self.abandoned)
        out = {
            "contacts": offered if paths is None else offered / max(len(paths), 1),
            "service_level": _ratio(total(self.in_time), total(self.levelled)),
            "abandonment": _ratio(total(self.abandoned), offered),
            "asa_s": _ratio(total(self.wait_s), answered),
            "occupancy": _ratio(total(self.busy_h), total(self.staffed_h)),
        }
        if self.resolution_s is not None:
            out["resolution_s"] = _ratio(total(self.resolution_s), answered)
        return out

    def together(self, queue: int, intervals: np.ndarray) -> dict[str, float]:
        """The same measures over all paths together: totals divided by totals."""
        found = self.measures(queue, intervals, np.arange(self.paths))
        return {name: float(value[0]) for name, value in found.items()}

    def local_days(self) -> np.ndarray:
        """Local date of each interval as text, ``"2026-11-23"``."""
        return np.asarray(self.starts.strftime("%Y-%m-%d"), dtype=object)

    @classmethod
    def joined(cls, parts: Sequence[PathService]) -> PathService:
        """Queues that were evaluated one by one, as one.

        Raises
        ------
        ValueError
            On parts with different starts or numbers of paths.
        """
        first = parts[0]
        for part in parts[1:]:
            if part.paths != first.paths or not part.starts.equals(first.starts):
                raise ValueError("parts with the same starts and paths expected, got different ones")

        def stacked(name: str) -> np.ndarray | None:
            arrays = [getattr(part, name) for part in parts]
            return None if any(array is None for array in arrays) else np.concatenate(arrays, axis=1)

        given = {name: stacked(name) for name in (*_COUNTS, *_OPTIONAL)}
        queues = tuple(queue for part in parts for queue in part.queues)
        return cls(queues, first.starts, **given, engine=first.engine)  # type: ignore[arg-type]


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, part / whole, np.nan)
