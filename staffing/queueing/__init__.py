"""Exact queueing formulas on arrays; numpy and scipy only.

Seconds for times, erlangs for load, shares in [0, 1]. Every function broadcasts its inputs.
"""

from __future__ import annotations

from staffing.queueing.abandonment import erlang_a
from staffing.queueing.blending import BlendedService, blending
from staffing.queueing.callback import callback, required_agents_callback
from staffing.queueing.chat import chat
from staffing.queueing.chat_message import chat_message_response, most_chats_at_once
from staffing.queueing.chat_requirement import required_agents_chat
from staffing.queueing.deferred import deferred_requirement, meets_deadlines
from staffing.queueing.erlang import erlang_b, erlang_c
from staffing.queueing.finite_lines import LimitedLines, finite_lines
from staffing.queueing.fluid import FluidService, serve_in_order
from staffing.queueing.general_patience import mmn_g
from staffing.queueing.patience import Patience
from staffing.queueing.performance import Performance
from staffing.queueing.priority import PriorityPerformance, priority
from staffing.queueing.redial import RedialPerformance, erlang_x
from staffing.queueing.requirement import (
    Requirement,
    required_agents,
    required_agents_both,
    required_agents_fractional,
)
from staffing.queueing.rounding import on_shift, whole_people
from staffing.queueing.targets import Targets

__all__ = [
    "BlendedService",
    "FluidService",
    "LimitedLines",
    "Patience",
    "Performance",
    "PriorityPerformance",
    "RedialPerformance",
    "Requirement",
    "Targets",
    "blending",
    "callback",
    "chat",
    "chat_message_response",
    "deferred_requirement",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "erlang_x",
    "finite_lines",
    "meets_deadlines",
    "mmn_g",
    "most_chats_at_once",
    "on_shift",
    "priority",
    "required_agents",
    "required_agents_both",
    "required_agents_callback",
    "required_agents_chat",
    "required_agents_fractional",
    "serve_in_order",
    "whole_people",
]
