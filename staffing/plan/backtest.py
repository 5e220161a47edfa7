"""The leader board: every model on every queue of a plan, at past mornings, with its time."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from forecasts import ForecastError, backtest
from staffing.errors import BadInput
from staffing.plan.contacts import Contacts
from staffing.plan.loading import Plan
from staffing.plan.queue_forecast import forecast_settings


def leader_board(
    plan: Plan, contacts: Contacts, origins: int, days: int, on_progress: Callable[[str], None]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Score all models ``days`` ahead at ``origins`` past origins a week apart.

    Returns
    -------
    table
        ``queue, model, wape, bias, daily_wape, coverage_80, origins, seconds``, best first within a queue.
    notes
        Queues that could not be tested.

    Raises
    ------
    BadInput
        No queue has a history that can be tested.
    """
    boards, notes = [], []
    for queue in plan.settings.queues:
        on_progress(f"test the models on {queue}")
        settings = forecast_settings(plan, contacts, queue)
        for name in ("events", "start"):
            del settings[name]
        try:
            board = backtest(contacts.series(queue, "contacts"), origins=origins, days=days, **settings)
        except ForecastError as error:
            notes.append(f"{queue}: not tested: {error}")
            continue
        boards.append(board.assign(queue=queue))
    if not boards:
        raise BadInput(
            "; ".join(notes), file=", ".join(plan.settings.history.files),
            accepted=f"a queue with at least {days + 28} days of history",
        )  # fmt: skip
    return pd.concat(boards, ignore_index=True), tuple(notes)
