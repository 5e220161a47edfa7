"""Weekly volumes of every queue of a plan, for hiring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from forecasts import ForecastError, LongRange, long_range
from staffing.errors import BadInput
from staffing.files.schemas import LONG_RANGE
from staffing.files.tables import settle
from staffing.plan.contacts import Contacts
from staffing.plan.loading import Plan
from staffing.plan.queue_forecast import forecast_settings


@dataclass(frozen=True)
class LongRangeTables:
    """Weekly volumes of every queue, what was chosen per queue, and what was assumed."""

    table: pd.DataFrame
    queues: dict[str, LongRange]
    notes: tuple[str, ...]


def forecast_weeks(
    plan: Plan, contacts: Contacts, weeks: int, on_progress: Callable[[str], None]
) -> LongRangeTables:
    """Forecast ``weeks`` weeks of every queue from the plan's week on.

    A queue that is like another one and has no history yet is its share of that queue.

    Raises
    ------
    BadInput
        A history from which no weekly volumes can be forecast, with the queue's name.
    """
    found: dict[str, LongRange] = {}
    tables: dict[str, pd.DataFrame] = {}
    notes: list[str] = []
    queues = plan.settings.queues
    for queue in sorted(queues, key=lambda name: queues[name].like is not None):
        on_progress(f"weekly volumes of {queue}")
        section, history = queues[queue], contacts.series(queue, "contacts")
        if section.like is not None and section.like_share is not None and not history.notna().any():
            counts = ["contacts", "contacts_p10", "contacts_p90", "level"]
            like = tables[section.like]
            tables[queue] = like.assign(
                queue=queue, **{name: like[name] * section.like_share for name in counts}
            )
            notes.append(f"{queue}: a new queue, {section.like_share:.0%} of {section.like}")
            continue
        try:
            found[queue] = long_range(history, weeks, **forecast_settings(plan, contacts, queue))
        except ForecastError as error:
            raise BadInput(
                str(error), file=", ".join(plan.settings.history.files), field=f"queue {queue}",
                accepted="a history that weekly volumes can be forecast from",
            ) from None  # fmt: skip
        tables[queue] = found[queue].table.assign(queue=queue)
        notes.extend(f"{queue}: {note}" for note in found[queue].notes)
    whole = pd.concat([tables[queue] for queue in queues], ignore_index=True)
    return LongRangeTables(settle(whole, LONG_RANGE), found, tuple(notes))
