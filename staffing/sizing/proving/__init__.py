"""The closed loop: roster, simulate, correct the requirement, until the targets hold; and the proof of it."""

from __future__ import annotations

from staffing.sizing.path_service import PathService
from staffing.sizing.proving.goals import Goal, ProofRules, Verdict
from staffing.sizing.proving.loop import Proved, prove
from staffing.sizing.proving.proof import Proof, proof_of
from staffing.sizing.proving.rostered import Rostered
from staffing.sizing.proving.simulated import path_service, roster_simulation
from staffing.sizing.proving.simulated_requirement import size_by_simulation

__all__ = [
    "Goal",
    "PathService",
    "Proof",
    "ProofRules",
    "Proved",
    "Rostered",
    "Verdict",
    "path_service",
    "proof_of",
    "prove",
    "roster_simulation",
    "size_by_simulation",
]
