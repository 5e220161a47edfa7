"""The history of a plan comes onto its grid without losing or inventing a contact."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from staffing.errors import BadInput
from staffing.plan.contacts import read_contacts
from staffing.plan.loading import load_plan


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_finer_intervals_add_up_and_handling_time_is_weighted(shop: Path) -> None:
    edit(shop / "plan.toml", "aht_s = 300\n", "")
    (shop / "history.csv").write_text(
        "queue,start,contacts,handled,aht_s\n"
        "phone,2026-01-05 09:00,4,4,100\nphone,2026-01-05 09:30,12,8,400\n"
        "phone,2026-01-05 10:00,0,0,\nphone,2026-01-05 10:30,3,1,50\n",
        encoding="utf-8",
    )
    table = read_contacts(load_plan(shop)).table.set_index("start")
    nine, ten = table.iloc[9], table.iloc[10]
    assert (nine["contacts"], nine["handled"]) == (16, 12)
    assert nine["aht_s"] == pytest.approx((4 * 100 + 8 * 400) / 12)
    assert (ten["contacts"], ten["aht_s"]) == (3, 50)
    assert table["contacts"].notna().sum() == 2, "what was not recorded is missing, not zero"
    assert table["open"].sum() == 8


def test_tickets_that_come_at_night_wait_for_the_opening(shop: Path) -> None:
    edit(
        shop / "plan.toml",
        "service_level = 0.80\nanswer_within_s = 20",
        'channel = "ticket"\nresolve_within_h = 8',
    )
    hours = pd.date_range("2026-01-05", periods=14 * 24, freq="h")
    table = pd.DataFrame({"queue": "phone", "start": hours, "contacts": np.arange(len(hours)) % 7})
    table.to_csv(shop / "history.csv", index=False)
    contacts = read_contacts(load_plan(shop))
    moved = contacts.table
    assert moved.loc[~moved["open"], "contacts"].isna().all()
    last_open = moved[moved["open"]]["start"].iloc[-1].tz_localize(None)
    before_close = table[pd.to_datetime(table["start"]) <= last_open]
    assert moved["contacts"].sum() == before_close["contacts"].sum(), "no ticket is lost"
    first = moved[moved["open"]].iloc[0]
    assert first["contacts"] == table["contacts"].iloc[:10].sum(), "the night's tickets count at nine"
    assert any("came while closed" in note for note in contacts.notes)


def test_the_week_after_the_history_is_planned_and_a_past_week_cuts_it(shop: Path) -> None:
    contacts = read_contacts(load_plan(shop))
    assert str(contacts.week_start.date()) == "2026-02-16"
    edit(shop / "plan.toml", "seed = 3", "seed = 3\nweek = 2026-02-02")
    earlier = read_contacts(load_plan(shop))
    assert str(earlier.week_start.date()) == "2026-02-02"
    assert earlier.table["start"].max() < earlier.week_start


def test_a_week_of_a_clock_change_has_its_own_length(shop: Path) -> None:
    edit(shop / "plan.toml", "seed = 3", "seed = 3\nweek = 2026-03-23")
    contacts = read_contacts(load_plan(shop))
    assert contacts.week_end - contacts.week_start == pd.Timedelta(hours=167)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("interval_min = 60\nslot_min = 30", "interval_min = 30", "cannot be split"),
        ("seed = 3", "seed = 3\nweek = 2024-01-01", "history begins after the week"),
        ("seed = 3", "seed = 3\nweek = 2028-01-03", "400 days"),
        ("[queues.phone]", "[queues.chat]\nchannel = 'chat'\n[queues.phone]", "no rows for this queue"),
    ],
)
def test_a_history_that_does_not_fit_the_plan_is_refused(
    shop: Path, old: str, new: str, message: str
) -> None:
    edit(shop / "plan.toml", old, new)
    with pytest.raises(BadInput, match=message):
        read_contacts(load_plan(shop))


def test_hours_are_learned_when_the_plan_gives_none(make_shop: Callable[..., Path], tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop", contacts_per_hour=30.0)
    edit(shop / "plan.toml", '[opening_hours]\nmon-fri = "09:00-17:00"\n', "")
    contacts = read_contacts(load_plan(shop))
    opened = contacts.table[contacts.table["open"]]["start"]
    assert set(opened.dt.hour) == set(range(9, 17))
    assert set(opened.dt.day_of_week) == set(range(5))
    assert any("learned" in note for note in contacts.notes)
