"""Which stretches of work take place in which path: absences and fractions of people."""

from __future__ import annotations

import numpy as np

from staffing.sizing.simulation.centre import Centre

_STEP = np.uint64(0x9E3779B97F4A7C15)
_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_GOLDEN, _PLASTIC = 0.6180339887498949, 0.7548776662466927


def _uniform(seed: int, *numbers: np.ndarray) -> np.ndarray:
    """Uniform numbers in [0, 1), each of its own counter."""
    with np.errstate(over="ignore"):
        key = np.array(np.uint64(seed) * _STEP + np.uint64(77))
        for number in numbers:
            x = (key + number.astype(np.uint64)) * _STEP
            x = (x ^ (x >> np.uint64(30))) * _A
            x = (x ^ (x >> np.uint64(27))) * _B
            key = x ^ (x >> np.uint64(31))
    return (key >> np.uint64(11)).astype(float) * 2.0**-53


def attendance(centre: Centre, paths: int, seed: int) -> np.ndarray:
    """Whether each stretch takes place, shape ``(paths, stretches)``.

    A share point per path and day decides between the whole numbers around a fraction of a person;
    the points are spread evenly over paths and days (multiples of irrational numbers). Absence is
    drawn per person and day, whatever else happens: who is absent at 5 % is absent at 8 % too.
    """
    staff = centre.staff
    path = np.arange(paths)[:, None]
    offset = _uniform(seed, staff.group + 1_000_003)
    point = (path * _GOLDEN + staff.day * _PLASTIC + offset) % 1.0
    here = (point >= staff.least) & (point < staff.most)
    if centre.absence > 0:
        here &= _uniform(seed, path + 11, staff.person[None, :] + 3, staff.day[None, :] + 5) >= centre.absence
    return np.ascontiguousarray(here)


def presence(centre: Centre, here: np.ndarray) -> np.ndarray:
    """Seconds at work, shape ``(paths, groups, intervals)``."""
    staff = centre.staff
    edges = np.arange(centre.intervals + 1) * centre.interval_s
    out = np.zeros((here.shape[0], len(centre.groups), centre.intervals))
    same = here.all(axis=0)
    for group in range(len(centre.groups)):
        # Time at work before each edge; its steps are the intervals' own.
        always = np.flatnonzero((staff.group == group) & same)
        out[:, group] += np.diff(_before(edges, staff.start_s[always], staff.end_s[always]).sum(axis=1))
        some = np.flatnonzero((staff.group == group) & ~same)
        if some.size:
            parts = np.diff(_before(edges, staff.start_s[some], staff.end_s[some]), axis=0)
            out[:, group] += here[:, some].astype(float) @ parts.T
    return out


def _before(edges: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Seconds of each stretch before each edge, shape ``(edges, stretches)``."""
    return np.clip(edges[:, None], start, end) - start
