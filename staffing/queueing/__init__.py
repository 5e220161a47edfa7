"""Exact queueing formulas on arrays; numpy and scipy only."""

from __future__ import annotations

from staffing.queueing.abandonment import erlang_a
from staffing.queueing.erlang import erlang_b, erlang_c
from staffing.queueing.performance import Performance
from staffing.queueing.requirement import Requirement, required_agents, required_agents_fractional
from staffing.queueing.rounding import on_shift, whole_people
from staffing.queueing.targets import Targets

__all__ = [
    "Performance",
    "Requirement",
    "Targets",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "on_shift",
    "required_agents",
    "required_agents_fractional",
    "whole_people",
]
