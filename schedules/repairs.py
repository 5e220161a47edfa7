"""What to change so that a person without any tour gets one, the cheapest change first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from schedules.conflictcase import Case, day_name, each
from schedules.eligibility import REST_BEFORE, Eligibility


class _Weeks:
    """Paid hours and days of a tour by week, leave counted as the contract counts it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.leave = np.array(Eligibility(case.grid, case.rules).leave_days(case.agent), dtype=np.float64)
        self.credit_h = self.leave * case.agent.contract.hours_per_leave_day

    def hours(self, tour: np.ndarray) -> np.ndarray:
        grid = self.case.grid
        paid = np.bincount(grid.day[tour] // 7, grid.paid_min[tour], minlength=len(self.leave))
        return paid / 60 + self.credit_h

    def days(self, tour: np.ndarray) -> np.ndarray:
        return np.bincount(self.case.grid.day[tour] // 7, minlength=len(self.leave)) + self.leave

    def words(self, reached: np.ndarray, limit: float, excess: np.ndarray, unit: str) -> str:
        """What to allow, week by week."""
        dates = self.case.grid.dates()
        found = []
        for week in np.flatnonzero(excess > 1e-6):
            when = f" in the week from {day_name(dates[7 * week])}" if len(reached) > 1 else ""
            found.append(f"{reached[week]:.4g} {unit} instead of {limit:.4g}{_unit_again(unit)}{when}")
        return "allow " + ", ".join(found)

    def both_minima(self, tour: np.ndarray) -> str:
        """Weeks in which hours or days are below the contract's minimum."""
        contract, dates = self.case.agent.contract, self.case.grid.dates()
        hours, days = self.hours(tour), self.days(tour)
        found = []
        for week in range(len(hours)):
            if hours[week] < contract.min_hours - 1e-6 or days[week] < contract.min_days:
                when = f" in the week from {day_name(dates[7 * week])}" if len(hours) > 1 else ""
                found.append(
                    f"{hours[week]:.4g} h on {days[week]:.4g} days instead of {contract.min_hours:.4g} h "
                    f"on {contract.min_days}{when}"
                )
        return "allow " + ", ".join(found)


def _unit_again(unit: str) -> str:
    return " h" if unit == "h" else ""


def _limit_repairs(case: Case, core: Sequence[str]) -> list[tuple[float, str]]:
    """Limits of hours and days that could give way, each with what a tour then needs."""
    grid, contract, weeks = case.grid, case.agent.contract, _Weeks(case)
    repairs: list[tuple[float, str]] = []

    def hourly(sign: float) -> Callable[[np.ndarray], np.ndarray]:
        return lambda shifts: sign * grid.paid_min[shifts].astype(np.float64)

    for name, sign, limit, unit, count, weight in (
        ("minimum hours", -1.0, contract.min_hours, "h", weeks.hours, 1.0),
        ("maximum hours", 1.0, contract.max_hours, "h", weeks.hours, 1.0),
        ("minimum days", -1.0, contract.min_days, "days", weeks.days, 8.0),
        ("maximum days", 1.0, contract.max_days, "days", weeks.days, 8.0),
    ):
        if name not in core:
            continue
        tour = case.tour(frozenset({name}), hourly(sign) if unit == "h" else each(sign))
        if tour is not None:
            reached = count(tour)
            excess = np.maximum(0.0, sign * (reached - limit))
            repairs.append((weight * float(excess.sum()), weeks.words(reached, limit, excess, unit)))
    for name, sign, bound in (
        ("minimum of the period", -1.0, contract.min_period_hours),
        ("maximum of the period", 1.0, contract.max_period_hours),
    ):
        if name in core:
            tour = case.tour(frozenset({name}), hourly(sign))
            if tour is not None:
                total = float(weeks.hours(tour).sum()) + case.agent.before.hours
                allowed = f"allow {total:.4g} h in the period instead of {bound or 0.0:.4g} h"
                repairs.append((abs(total - (bound or 0.0)), allowed))
    if not repairs and {"minimum hours", "minimum days"} & set(core):
        # Neither alone is enough where few days are left: both minima give way.
        tour = case.tour(frozenset({"minimum hours", "minimum days"}), hourly(-1.0))
        if tour is not None:
            repairs.append((1e3, weeks.both_minima(tour)))  # dear: proposed where nothing single helps
    return repairs


def repairs_of(case: Case, core: Sequence[str]) -> list[tuple[float, str]]:
    """Single changes that make a tour exist, with a rough price in hours."""
    rules = case.rules
    found = _limit_repairs(case, core)
    absence = "drop the absence"
    if {"minimum hours", "minimum days"} & set(core):
        absence += ", or enter it as leave or sick, which takes its hours and days off the contract"
    words = {
        "availability": (10.0, "widen the availability"),
        "rotation": (10.0, "allow other shift kinds than the rotation's"),
        "longest shift": (12.0, f"allow shifts longer than {rules.max_shift_h} h"),
        "minimum rest": (14.0, f"allow less rest than {rules.min_rest_h:g} h"),
        "weekly rest": (16.0, f"allow a weekly rest shorter than {rules.weekly_rest_h} h"),
        "start spread": (9.0, f"allow starts further apart than {rules.max_start_spread_min} min"),
        "consecutive days": (14.0, f"allow more than {rules.max_consecutive_days} days in a row"),
        "minimum days in a row": (9.0, f"allow fewer than {rules.min_consecutive_days} days in a row"),
        "minimum free days in a row": (
            9.0,
            f"allow fewer than {rules.min_consecutive_days_off} free days in a row",
        ),
        "nights in a row": (13.0, f"allow more than {rules.max_nights_in_a_row} nights in a row"),
        "weekends": (15.0, f"allow more than {rules.max_weekends} weekends"),
        "complete weekends": (9.0, "allow half a weekend"),
        "successions": (12.0, "allow a forbidden succession of shift kinds"),
        REST_BEFORE: (14.0, "allow less rest after the last shift before the week"),
        "absences": (20.0, absence),
        "leave": (24.0, "drop the leave"),
    }
    for name in core:
        if name.startswith(("day off on ", "fixed shift on ")) and case.feasible(frozenset({name})):
            found.append((7.0, f"drop the {name}"))
        elif name in words and case.feasible(frozenset({name})):
            found.append(words[name])
    return found
