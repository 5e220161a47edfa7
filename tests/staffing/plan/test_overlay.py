"""The planner's changes: what they add up to, and what stays untouched beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.plan.overlay import lay_over

MONDAY = pd.Timestamp("2026-02-16", tz="Europe/Berlin")
COLUMNS = ["queue", "start", "end", "share", "contacts", "reason"]


def forecast(queues: tuple[str, ...] = ("phone", "chat")) -> pd.DataFrame:
    """A week of hours, open 8–12 with 10, 20, 30 and 40 contacts."""
    start = pd.date_range(MONDAY, periods=7 * 24, freq="h")
    is_open = np.asarray((start.hour >= 8) & (start.hour < 12))
    contacts = np.where(is_open, 10.0 * (start.hour - 7), 0.0)
    table = pd.DataFrame({"start": start, "contacts": contacts, "open": is_open})
    for column, factor in (("p025", 0.6), ("p10", 0.8), ("p50", 1.0), ("p90", 1.2), ("p975", 1.4)):
        table[f"contacts_{column}"] = contacts * factor
    table = table.assign(dispersion_interval=0.01, dispersion_day=0.01)
    return pd.concat([table.assign(queue=queue) for queue in queues], ignore_index=True)


def change(
    start: str, end: str, share: float = np.nan, contacts: float = np.nan, queue: str = "phone"
) -> pd.DataFrame:
    times = [pd.Timestamp(time, tz="Europe/Berlin") for time in (start, end)]
    return pd.DataFrame([[queue, *times, share, contacts, "why"]], columns=COLUMNS)


def daily(table: pd.DataFrame, queue: str = "phone", column: str = "contacts") -> np.ndarray:
    return table.loc[table["queue"] == queue, column].to_numpy().reshape(7, 24).sum(axis=1)


def test_without_an_overlay_nothing_changes() -> None:
    table, notes = lay_over(forecast(), None)
    assert notes == ()
    pd.testing.assert_series_equal(table["contacts"], table["contacts_untouched"], check_names=False)


def test_a_share_moves_its_days_its_queue_and_the_range_alike() -> None:
    table, notes = lay_over(forecast(), change("2026-02-17", "2026-02-19", share=0.1))
    assert daily(table) == pytest.approx([100, 110, 110, 100, 100, 100, 100])
    assert daily(table, "chat") == pytest.approx([100.0] * 7)
    assert daily(table, column="contacts_untouched") == pytest.approx([100.0] * 7)
    assert daily(table, column="contacts_p90") == pytest.approx([120, 132, 132, 120, 120, 120, 120])
    assert notes == ("overlay on phone from 2026-02-17 00:00: +10%, 200 to 220 contacts (why)",)


def test_contacts_are_spread_as_the_forecast_is() -> None:
    table, _ = lay_over(forecast(), change("2026-02-16", "2026-02-17", contacts=50))
    assert table["contacts"].iloc[8:12].tolist() == pytest.approx([15, 30, 45, 60])


def test_nothing_falls_below_zero_and_that_is_told() -> None:
    table, notes = lay_over(forecast(), change("2026-02-16", "2026-02-17", contacts=-150))
    assert daily(table)[0] == 0
    assert (table[["contacts", "contacts_p025"]] >= 0).all().all()
    assert "no more to take" in notes[0]


def test_no_queue_means_every_queue() -> None:
    table, notes = lay_over(forecast(), change("2026-02-16", "2026-02-23", share=-0.5, queue=""))
    assert table["contacts"].sum() == pytest.approx(700)
    assert len(notes) == 2


def test_rows_follow_one_another() -> None:
    rows = pd.concat(
        [change("2026-02-16", "2026-02-17", share=0.5), change("2026-02-16", "2026-02-17", contacts=-50)]
    )
    table, _ = lay_over(forecast(), rows)
    assert daily(table)[0] == pytest.approx(100)


def test_a_range_beyond_the_week_brings_its_part() -> None:
    table, notes = lay_over(forecast(), change("2026-02-20", "2026-02-26", contacts=60))
    assert table["contacts"].sum() - table["contacts_untouched"].sum() == pytest.approx(30)
    assert "50% of the range" in notes[0]


def test_a_week_elsewhere_is_left_alone_without_a_word() -> None:
    table, notes = lay_over(forecast(), change("2026-03-20", "2026-03-26", contacts=60))
    assert notes == ()
    assert table["contacts"].sum() == pytest.approx(1400)


def test_closed_hours_take_nothing_and_that_is_told() -> None:
    table, notes = lay_over(forecast(), change("2026-02-16 20:00", "2026-02-16 22:00", contacts=60))
    assert table["contacts"].sum() == pytest.approx(1400)
    assert "closed in that time" in notes[0]


def test_contacts_come_where_none_were_forecast_with_a_range_of_their_own() -> None:
    quiet = forecast(("phone",))
    quiet[[column for column in quiet if column.startswith("contacts")]] = 0.0
    table, _ = lay_over(quiet, change("2026-02-16", "2026-02-17", contacts=80))
    assert table["contacts"].iloc[8:12].tolist() == pytest.approx([20.0] * 4)
    assert 10 < table["contacts_p10"].iloc[8] < 20 < table["contacts_p90"].iloc[8] < 30


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(1, 7), st.floats(-1, 3) | st.integers(-200, 200)), max_size=4
    )
)
def test_any_overlay_keeps_the_untouched_forecast_and_stays_above_zero(
    changes: list[tuple[int, int, float]],
) -> None:
    rows = [
        change(
            str((MONDAY + pd.Timedelta(days=first)).date()), str((MONDAY + pd.Timedelta(days=first + days)).date()),
            **({"contacts": float(size)} if isinstance(size, int) else {"share": size}),
        )
        for first, days, size in changes
    ]  # fmt: skip
    table, _ = lay_over(forecast(), pd.concat(rows) if rows else None)
    assert (table["contacts"] >= 0).all()
    np.testing.assert_array_equal(table["contacts_untouched"], forecast()["contacts"])
    assert (table["contacts_p10"] <= table["contacts_p90"] + 1e-9).all()
    assert (table.loc[~table["open"], "contacts"] == 0).all()
