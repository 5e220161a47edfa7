"""Time on shift that is not time at work: planned and unplanned, and how the two add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from staffing.queueing.inputs import not_negative

ShrinkageRule = Literal["multiplicative", "additive"]


@dataclass(frozen=True)
class Shrinkage:
    """Shares of paid time away from the queue, breaks of the roster excluded.

    Parameters
    ----------
    planned
        Known when the roster is made (training, meetings), in [0, 1).
    unplanned
        Only known on the day (sickness, lateness), in [0, 1).
    rule
        ``"multiplicative"``: the unplanned share holds of those who are left,
        ``1 - (1 - planned)(1 - unplanned)``. ``"additive"``: both are shares of the people on
        shift, ``planned + unplanned``, which asks for more.

    Raises
    ------
    ValueError
        On a share outside [0, 1), or shares that leave nobody.

    Examples
    --------
    >>> round(Shrinkage(0.10, 0.08).total, 4), round(Shrinkage(0.10, 0.08, "additive").total, 4)
    (0.172, 0.18)
    """

    planned: float = 0.0
    unplanned: float = 0.0
    rule: ShrinkageRule = "multiplicative"

    def __post_init__(self) -> None:
        for name in ("planned", "unplanned"):
            value = float(not_negative(f"shrinkage_{name}", getattr(self, name)))
            if value >= 1:
                raise ValueError(f"shrinkage_{name} < 1 expected, got {value:g}")
        if self.rule not in get_args(ShrinkageRule):
            raise ValueError(f"shrinkage_rule in {get_args(ShrinkageRule)} expected, got {self.rule!r}")
        if self.total >= 1:
            raise ValueError(f"shrinkage_planned + shrinkage_unplanned < 1 expected, got {self.total:g}")

    @property
    def total(self) -> float:
        """Share of the people on shift who are away."""
        if self.rule == "additive":
            # Sums of decimals carry noise in the last digit, which a later rounding up would pay for.
            return round(self.planned + self.unplanned, 12)
        return round(1.0 - (1.0 - self.planned) * (1.0 - self.unplanned), 12)

    def words(self) -> str:
        """``10 % planned, then 8 % unplanned of the rest (multiplicative): 17.2 %``."""
        if not self.unplanned:
            return f"{100 * self.planned:g} %"
        link = "then {} unplanned of the rest" if self.rule == "multiplicative" else "and {} unplanned"
        both = link.format(f"{100 * self.unplanned:g} %")
        return f"{100 * self.planned:g} % planned, {both} ({self.rule}): {100 * self.total:g} %"
