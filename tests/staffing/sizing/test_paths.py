"""Sample paths of a forecast: their law, their independence of the volume, and what they refuse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from staffing.sizing.paths import contact_paths


def forecast(contacts: float = 20.0, queues: tuple[str, ...] = ("phone",), **change: float) -> pd.DataFrame:
    starts = pd.date_range("2026-11-23", periods=96, freq="30min", tz="Europe/Berlin")
    spread = {"dispersion_interval": 0.02, "dispersion_day": 0.01, **change}
    expected = np.where(starts.hour < 8, 0.0, contacts)
    return pd.concat(
        [pd.DataFrame({"queue": queue, "start": starts, "contacts": expected, **spread}) for queue in queues],
        ignore_index=True,
    )


OPEN = forecast()["contacts"].to_numpy() > 0


def test_paths_have_the_mean_and_the_spreads_of_the_forecast() -> None:
    drawn = contact_paths(forecast(), 4000, 1)["phone"][:, OPEN]
    assert drawn.mean() == pytest.approx(20.0, rel=0.01)
    beyond = 1.02 * 1.01 - 1
    assert drawn[:, 3].var() == pytest.approx(20.0 + beyond * 20.0**2, rel=0.1)
    day = drawn[:, :32].sum(axis=1) / 640.0
    assert day.var() == pytest.approx(0.01 + 0.02 * 1.01 / 32 + 1 / 640, rel=0.12)
    assert abs(np.corrcoef(day, drawn[:, 32:].sum(axis=1))[0, 1]) < 0.06


def test_closed_intervals_get_nothing_and_missing_is_none() -> None:
    table = forecast()
    table.loc[~OPEN, "contacts"] = np.nan
    assert (contact_paths(table, 5, 1)["phone"][:, ~OPEN] == 0).all()


def test_more_volume_meets_the_same_luck_and_nowhere_fewer_contacts() -> None:
    few, more = contact_paths(forecast(20.0), 30, 3)["phone"], contact_paths(forecast(30.0), 30, 3)["phone"]
    assert (more >= few).all()
    assert np.corrcoef(few[:, OPEN].ravel(), more[:, OPEN].ravel())[0, 1] > 0.97


def test_a_queue_draws_the_same_whatever_stands_beside_it() -> None:
    alone, both = contact_paths(forecast(), 7, 3), contact_paths(forecast(queues=("chat", "phone")), 7, 3)
    assert list(both) == ["chat", "phone"]
    np.testing.assert_array_equal(both["phone"], alone["phone"])
    assert not np.array_equal(both["chat"], both["phone"])


def test_without_spread_only_chance_is_left() -> None:
    drawn = contact_paths(forecast(400.0, dispersion_interval=0.0, dispersion_day=0.0), 200, 1)["phone"]
    assert drawn[:, OPEN].var() == pytest.approx(400.0, rel=0.05)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="paths >= 1 expected, got 0"):
        contact_paths(forecast(), 0, 1)
    with pytest.raises(ValueError, match="none named 'dispersion_day'"):
        contact_paths(forecast().drop(columns="dispersion_day"), 2, 1)
    with pytest.raises(
        ValueError, match=r"queue 'phone' at 2026-11-23 .*: dispersion_day >= 0 expected, got nan"
    ):
        contact_paths(forecast(dispersion_day=np.nan), 2, 1)
    with pytest.raises(ValueError, match="contacts >= 0 expected, got -1"):
        contact_paths(forecast(-1.0), 2, 1)
