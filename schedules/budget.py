"""How much a search may do: limits in iterations, by the size of the problem, the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from schedules.tourarrays import FIRST_BAND, FIRST_OPTION, FORM, TourSpace

# In steps: one person in and out of a slot; all price steps, and the most before the people answer them in parts;
# all annealed rosters.
_PLACING = 150.0
_PRICES, _MOST_PRICES = 70e9, 100e9
_ROSTERS = 5e9


@dataclass(frozen=True)
class Budget:
    """Limits of one search.

    Attributes
    ----------
    iterations, parts
        Price steps, and in how many parts the people answer them.
    restarts, passes, exact_passes
        Annealed rosters, passes of each, passes at exact prices after that.
    meeting_parts
        Times tried for a meeting.
    pool_rounds
        Integer programs over the tours seen.
    """

    iterations: int
    parts: int
    restarts: int
    passes: int
    exact_passes: int = 12
    meeting_parts: int = 6
    pool_rounds: int = 2

    @classmethod
    def of(cls, space: TourSpace, members: np.ndarray, passes: int) -> Budget:
        """Limits for a problem.

        Parameters
        ----------
        members
            A person of each class of equal people.
        passes
            Passes asked for.
        """
        work = _work(space)
        answer = max(1.0, float(work[members].sum()))
        response = max(1.0, float((work + _PLACING * space.slots).sum()))
        iterations = int(np.clip(_PRICES / answer, 350, 700))
        parts = int(np.clip(-(-iterations * answer // _MOST_PRICES), 1, 16))
        restarts = int(np.clip(_ROSTERS / (response * (passes + 6)), 1, 16))
        return cls(iterations, parts, restarts, passes)

    def near_published(self) -> Budget:
        """Limits where a published roster is at hand: one roster around it, and one fresh one, both short."""
        return replace(
            self,
            iterations=max(120, min(400, self.iterations // 2)),
            restarts=1,
            passes=min(self.passes, 8),
            exact_passes=6,
            pool_rounds=0,
        )


def _work(space: TourSpace) -> np.ndarray:
    """Size of the dynamic programme of each person, in steps of about two nanoseconds."""
    entries = space.layer[:, -1] - space.layer[:, 0]
    options = np.diff(space.form_first[:, FIRST_OPTION])
    bands = np.diff(space.form_first[:, FIRST_BAND])
    per_form = entries[space.graph] * options * np.minimum(bands, 6) / max(1, space.days) + 40 * options
    return np.asarray(per_form[space.people[:, FORM]], dtype=np.float64)
