"""``staffing calc``: the planner's pocket calculator."""

from __future__ import annotations

import importlib

import click

# Name -> file, function and one line; a file is imported when its calculation is asked for.
CALCULATIONS = {
    "erlang-b": ("lines", "erlang_b_command", "Lines for calls that do not wait."),
    "erlang-c": ("lines", "erlang_c_command", "Agents for contacts that wait and never hang up."),
    "erlang-a": ("lines", "erlang_a_command", "Agents for contacts that hang up; redials."),
    "premium": ("lines", "premium_command", "Premium customers ahead of the others."),
    "chat": ("chats", "chat_command", "Agents for chats, several at once."),
    "messages": ("chats", "messages_command", "How many chats at once keep replies quick."),
    "tickets": ("deferred", "tickets_command", "Agents for work with a deadline."),
    "callback": ("deferred", "callback_command", "What a call-back promise in minutes costs."),
    "outbound": ("deferred", "outbound_command", "Agents that get through a list."),
    "blend": ("blend", "blend_command", "Agents to keep free while others do work that can wait."),
    "risk": ("risk_and_value", "risk_command", "Agents for a probability that the target is met."),
    "value": ("risk_and_value", "value_command", "Where the next agent stops paying."),
    "patience": ("log", "patience_command", "Patience, handling time and redials from a log."),
}


class Calculator(click.Group):
    """Imports a calculation's file when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(CALCULATIONS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in CALCULATIONS:
            return None
        file, function, _ = CALCULATIONS[name]
        return getattr(importlib.import_module(f"staffing.cli.calc.{file}"), function)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Calculations"):
            formatter.write_dl([(name, words) for name, (_, _, words) in CALCULATIONS.items()])


@click.group("calc", cls=Calculator)
def command() -> None:
    """A pocket calculator for queues: no plan, no files, one question.

    Times are seconds unless they say otherwise (300, 5min, 1.5h), shares are 85% or 0.85, targets 80/20.

    \b
    Example: staffing calc erlang-a --contacts 120 --interval 30min --aht 300 --patience 120 --target 80/20
             staffing calc callback --contacts 120 --aht 300 --within 1min,15min,1h
    """
