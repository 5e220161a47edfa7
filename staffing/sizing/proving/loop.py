"""Roster, simulate, correct the requirement, and again, until the targets hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic

import numpy as np
import pandas as pd

from staffing.sizing.path_service import PathService
from staffing.sizing.proving.correction import Correction, correct
from staffing.sizing.proving.goals import USUAL, Goal, ProofRules, Verdict, goals_of, judge
from staffing.sizing.proving.proof import Proof, proof_of
from staffing.sizing.proving.rostered import Rostered, Staff
from staffing.sizing.proving.trail import Trail
from staffing.sizing.proving.week_grid import WeekGrid
from staffing.sizing.targets import QueueTarget

# A goal whose roster did not follow this often is out of people.
_REFUSED = 2


@dataclass(frozen=True)
class Proved(Generic[Staff]):
    """The best roster of the loop, and what is proved of it.

    Attributes
    ----------
    best
        The roster that holds the targets at the lowest cost, or comes closest to them.
    requirement
        The requirement that it was made for, ``scheduled`` corrected; other columns as given.
    proof
        Its numbers.
    """

    best: Rostered[Staff]
    requirement: pd.DataFrame
    proof: Proof


def prove(
    roster: Callable[[pd.DataFrame], Rostered[Staff]],
    simulate: Callable[[Rostered[Staff]], PathService],
    requirement: pd.DataFrame,
    forecast: pd.DataFrame,
    targets: Mapping[str, QueueTarget],
    interval_min: int,
    slot_min: int,
    *,
    rules: ProofRules = USUAL,
    first: Rostered[Staff] | None = None,
    verify: Callable[[Rostered[Staff]], PathService] | None = None,
    skills: Mapping[str, frozenset[str]] | None = None,
    assumptions: tuple[str, ...] = (),
    on_progress: Callable[[str], None] = lambda _: None,
) -> Proved[Staff]:
    """Correct a requirement until its roster holds the targets in simulation, and prove the best.

    Parameters
    ----------
    roster
        Makes a roster for a requirement table.
    simulate
        The service of a roster over the forecast's paths. It must answer the same for the same roster, and use the
        same random numbers for different ones, or the loop chases noise.
    requirement
        Table of ``size``; ``queue, start, scheduled`` are read.
    forecast, targets, interval_min, slot_min
        As for ``evaluate``.
    rules
        When a target is held, and the budget.
    first
        Roster of ``requirement`` itself, if it is already there.
    verify
        Simulation with other random numbers for the final proof, so that it is not judged by the
        paths that it was fitted to; ``simulate`` by default.
    skills
        Queues of each group of people; where a group has several, differences between formula and
        simulation are looked for there.
    assumptions
        Sentences for the proof.
    on_progress
        Called with a line per round.

    Returns
    -------
    Proved
        Whatever was reached: ``proof.held`` and ``proof.stopped`` say so.

    Raises
    ------
    ValueError
        On input that cannot be used: tables of another week, a queue without target, no path.

    Notes
    -----
    A round raises goals missed by more than the tolerance and lowers goals overshot by more than ``rules.overshoot``;
    each by as few people as the effective-agents curve asks (see ``lever``), scaled by what people really
    did in the rounds before. A goal that was lowered and then missed is not lowered again. Deterministic as far as
    ``roster`` and ``simulate`` are.
    """
    state = _State(rules)
    current = requirement.copy()
    best: tuple[tuple[float, float], Rostered[Staff], pd.DataFrame, PathService] | None = None
    stopped = "the rounds are spent"
    for turn in range(1, rules.max_iterations + 1):
        on_progress(f"prove, round {turn} of at most {rules.max_iterations}")
        made = first if turn == 1 and first is not None else roster(current)
        service = simulate(made)
        grid = WeekGrid.of(service, forecast, targets, interval_min)
        verdicts = judge(service, targets, goals_of(service, targets, rules), rules)
        if turn == 1 and not verdicts:
            raise ValueError("contacts on at least one path expected, got none")
        covered = grid.covered(made.coverage, slot_min)
        scheduled = _scheduled(grid, current)
        score = (_missed(verdicts, rules), made.cost)
        better = best is None or score < best[0]
        if better:
            best = (score, made, current, service)
        state.learn(verdicts, covered, grid)
        corrections = state.corrections(verdicts, service, grid, scheduled, covered)
        state.trail.add(turn, made, verdicts, corrections, service, grid, better)
        if not corrections:
            stopped = state.why(verdicts)
            break
        if state.lowers_in_vain(score, corrections):
            stopped = "the targets hold, and spending less on them did not make the roster cheaper"
            break
        current = _corrected(current, grid, corrections)
    assert best is not None
    score, made, current, service = best
    final = service if verify is None else verify(made)
    proof = proof_of(
        made, final, forecast, targets, interval_min, slot_min,
        rules=rules, skills=skills, assumptions=assumptions, trail=state.trail.table(), stopped=stopped,
    )  # fmt: skip
    return Proved(made, current, proof)


def _missed(verdicts: tuple[Verdict, ...], rules: ProofRules) -> float:
    """Misses beyond the tolerance, added up over all goals."""
    return round(sum(max(0.0, min(verdict.excess, 1.0) - rules.tolerance) for verdict in verdicts), 9)


def _scheduled(grid: WeekGrid, requirement: pd.DataFrame) -> np.ndarray:
    row, column = grid.cells(requirement, "requirement")
    out = np.zeros((len(grid.queues), len(grid.starts)))
    out[row, column] = requirement["scheduled"].to_numpy(dtype=float)
    return out


def _corrected(requirement: pd.DataFrame, grid: WeekGrid, corrections: list[Correction]) -> pd.DataFrame:
    scheduled = _scheduled(grid, requirement)
    for change in corrections:
        scheduled[grid.queues.index(change.verdict.goal.queue), change.intervals] += change.people
    row, column = grid.cells(requirement, "requirement")
    kind = requirement["scheduled"].to_numpy().dtype
    return requirement.assign(scheduled=np.maximum(scheduled[row, column], 0.0).astype(kind))


@dataclass
class _Told:
    """What a goal was promised in the last round."""

    excess: float
    expected: float
    measure: str
    people: float
    covered: float


@dataclass
class _State:
    """What the loop has learned about its goals."""

    rules: ProofRules
    trail: Trail = field(default_factory=Trail)
    trust: dict[tuple[str, str], float] = field(default_factory=dict)
    told: dict[tuple[str, str], _Told] = field(default_factory=dict)
    settled: set[tuple[str, str]] = field(default_factory=set)
    refused: dict[tuple[str, str], int] = field(default_factory=dict)
    last_lowered: tuple[float, float] | None = None

    def learn(self, verdicts: tuple[Verdict, ...], covered: np.ndarray, grid: WeekGrid) -> None:
        """Compare what the last round's people did with what was expected of them."""
        for verdict in verdicts:
            told = self.told.get(_key(verdict.goal))
            if told is None:
                continue
            key = _key(verdict.goal)
            people = _people_at(verdict.goal, covered, grid)
            if told.people > 0 and people < told.covered + 0.25:
                self.refused[key] = self.refused.get(key, 0) + 1
                continue
            if told.people < 0 and verdict.excess > self.rules.tolerance:
                self.settled.add(key)
            if told.measure != verdict.measure or not np.isfinite(verdict.excess):
                continue
            done = told.excess - verdict.excess
            if abs(told.expected) > 1e-6:
                ratio = float(np.clip(done / told.expected, 0.4, 2.5))
                self.trust[key] = float(np.clip(self.trust.get(key, 1.0) * ratio**0.7, 0.2, 3.0))
        self.told.clear()

    def corrections(
        self,
        verdicts: tuple[Verdict, ...],
        service: PathService,
        grid: WeekGrid,
        scheduled: np.ndarray,
        covered: np.ndarray,
    ) -> list[Correction]:
        """What the next round changes."""
        some = [verdict for verdict in verdicts if not self._given_up(verdict)]
        trust = np.array([self.trust.get(_key(verdict.goal), 1.0) for verdict in some])
        found = correct(some, service, grid, scheduled, covered, self.rules, trust)
        for change in found:
            verdict = change.verdict
            self.told[_key(verdict.goal)] = _Told(
                excess=min(verdict.excess, 1.0),
                expected=change.expected,
                measure=verdict.measure,
                people=float(change.people.sum()),
                covered=_people_at(verdict.goal, covered, grid),
            )
        return found

    def _given_up(self, verdict: Verdict) -> bool:
        key = _key(verdict.goal)
        if verdict.excess > self.rules.tolerance:
            return self.refused.get(key, 0) >= _REFUSED
        return key in self.settled

    def lowers_in_vain(self, score: tuple[float, float], changes: list[Correction]) -> bool:
        """Whether everything holds, the last round only lowered, and nothing became cheaper by it."""
        only_lowers = score[0] == 0.0 and all(change.people.max(initial=0) <= 0 for change in changes)
        before, self.last_lowered = self.last_lowered, score if only_lowers else None
        return only_lowers and before is not None and score[1] > before[1] * (1.0 - 1e-3)

    def why(self, verdicts: tuple[Verdict, ...]) -> str:
        """Why there is nothing to change any more."""
        missed = [verdict for verdict in verdicts if verdict.excess > self.rules.tolerance]
        if not missed:
            return "all targets hold"
        queues = ", ".join(dict.fromkeys(verdict.goal.queue for verdict in missed))
        return f"no more people can be had for {queues}: asking for more changed nothing"


def _key(goal: Goal) -> tuple[str, str]:
    return goal.queue, goal.period


def _people_at(goal: Goal, covered: np.ndarray, grid: WeekGrid) -> float:
    return float(covered[grid.queues.index(goal.queue), goal.intervals].sum())
