"""What cannot be simulated is refused with the name of what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from staffing.sizing import QueueTarget
from staffing.sizing.simulation import (
    CallBackOffer,
    Centre,
    Group,
    HandlingTime,
    PatienceTime,
    Premium,
    Redial,
    SimulatedQueue,
    Staff,
    centre_of,
    simulate,
)

Make = Callable[..., Centre]
FIVE_MINUTES = HandlingTime.constant(300.0)


def queue(**changes: Any) -> SimulatedQueue:
    return SimulatedQueue(**{"name": "phone", "contacts": np.ones(4), "handling": FIVE_MINUTES, **changes})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"contacts": np.ones((0, 4))}, "at least one sample path expected, got 0"),
        ({"contacts": np.array([1.0, -2.0])}, "contacts >= 0 expected, got -2"),
        ({"contacts": np.array([1.0, np.nan])}, "contacts >= 0 expected, got nan"),
        ({"contacts": np.ones((2, 2, 2))}, r"\(paths, intervals\) expected, got \(2, 2, 2\)"),
        ({"contacts": np.array([1.5]), "given": "counts"}, "whole counts expected, got 1.5"),
        ({"given": "guesses"}, "given in .* expected, got 'guesses'"),
        ({"handling": HandlingTime.constant([1.0, 2.0])}, r"4 \(one per interval\) expected, got 2"),
        ({"handling": HandlingTime.constant([1.0, np.nan, 1.0, 1.0])}, "got none in interval 1"),
        ({"answer_within_s": -1.0}, "answer_within_s >= 0 expected, got -1"),
        ({"definition": "lucky"}, "definition in"),
        ({"concurrency": 0}, "a whole concurrency >= 1 expected, got 0"),
        ({"concurrency": 2, "aht_s_by_concurrency": (1.0,)}, "concurrency == 2 expected, got 1"),
        ({"background": -1}, "a whole background >= 0 expected, got -1"),
        ({"background": 1, "concurrency": 2}, "concurrency == 1 for background work expected, got 2"),
        ({"resolve_within_h": 0.0}, "resolve_within_h > 0 expected"),
        ({"is_open": np.ones(3, dtype=bool)}, r"is_open of shape \(4,\) expected, got \(3,\)"),
    ],
)
def test_a_queue_says_what_is_wrong(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        queue(**changes)
    assert "phone" in str(caught.value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: HandlingTime.exponential(0.0), "mean_s > 0 expected, got 0"),
        (lambda: HandlingTime.lognormal(300.0, 0.0), "variation > 0 expected"),
        (lambda: HandlingTime.of_sample([]), "at least one value expected"),
        (lambda: HandlingTime.of_sample([3.0, -1.0]), "handling sample > 0 expected, got -1"),
        (lambda: PatienceTime.exponential(-5.0), "mean_s > 0 expected, got -5"),
        (lambda: PatienceTime.hazards([1.0], [0.1]), "starts_s that rise from 0 expected"),
        (lambda: PatienceTime.curve([1.0, 2.0], [0.5, 0.7]), "falling shares"),
        (lambda: PatienceTime.of_sample([]), "at least one value expected"),
        (lambda: PatienceTime.endless().with_balking(1.0), "balking < 1 expected, got 1"),
        (lambda: Premium(1.5, 20.0), "0 < premium share < 1 expected, got 1.5"),
        (lambda: Redial(abandoned=1.2), "redial abandoned <= 1 expected, got 1.2"),
        (lambda: Redial(delay_s=0.0), "delay_s > 0 expected"),
        (lambda: CallBackOffer("back", 0.5), "either after_s or expected_wait_s expected"),
        (lambda: Group("team", ()), "group 'team': at least one queue expected"),
        (lambda: Group("team", ("a", "a")), "each queue once expected"),
        (lambda: Staff.of_slots([1, 2], 900.0), r"shape \(groups, slots\) expected, got \(2,\)"),
        (lambda: Staff.of_slots([[-1.0]], 900.0), "people >= 0 expected, got -1"),
        (lambda: Staff.of_stretches([0], [0], [5.0], [5.0]), "start_s < end_s expected, got 5 and 5"),
        (lambda: Staff.of_stretches([0, 0], [3, 3], [0.0, 50.0], [60.0, 90.0]), "overlap .* of agent 3"),
        (lambda: Staff.of_stretches([0], [0, 1], [0.0], [9.0]), "stretches of one length expected"),
    ],
)
def test_every_part_says_what_is_wrong(make: Callable[[], Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"queues": ()}, "at least one queue expected"),
        ({"groups": (Group("team", ("chat",)),)}, "queues among .* expected, got 'chat'"),
        ({"groups": ()}, r"groups 0 … -1 expected, got 0"),
        ({"absence": 1.5}, "0 <= absence <= 1 expected, got 1.5"),
        ({"routing": "at random"}, "routing in .* expected, got 'at random'"),
        ({"at_shift_end": "stay"}, "at_shift_end in .* expected, got 'stay'"),
        ({"days": ("monday",)}, r"one day per interval \(5\) expected, got 1"),
        ({"interval_min": 0}, "interval_min > 0 expected, got 0"),
    ],
)
def test_a_centre_says_what_is_wrong(make_queue: Make, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(make_queue(5, 20.0, 5), **changes)


def test_a_queue_nobody_is_skilled_for_is_named() -> None:
    groups, staff = (Group("team", ("phone",)),), Staff.of_slots([[1] * 4], 900.0)
    with pytest.raises(ValueError, match="queue 'mail': a group that is skilled for it expected, got none"):
        Centre((queue(), queue(name="mail")), groups, staff, 15)
    # Without contacts nobody needs to be.
    Centre((queue(), queue(name="mail", contacts=np.zeros(4))), groups, staff, 15)


def test_queues_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="'mail': 4 intervals as in 'phone' expected, got 3"):
        Centre(
            (queue(), queue(name="mail", contacts=np.ones(3))),
            (Group("team", ("phone", "mail")),),
            Staff.of_slots([[1] * 4], 900.0),
            15,
        )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"paths": 0}, "paths >= 1 expected, got 0"),
        ({"seed": -1}, "a whole seed >= 0 expected, got -1"),
        ({"contact_limit": 0}, "a whole contact_limit >= 1 expected, got 0"),
        ({"workers": 0}, "a whole workers >= 1 expected, got 0"),
    ],
)
def test_a_run_says_what_is_wrong(make_queue: Make, options: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        simulate(make_queue(5, 20.0, 5), **options)  # type: ignore[arg-type]


def test_too_few_sample_paths_are_refused() -> None:
    centre = Centre(
        (queue(contacts=np.ones((3, 4))),), (Group("team", ("phone",)),), Staff.of_slots([[1] * 4], 900.0), 15
    )
    assert simulate(centre).paths == 3
    with pytest.raises(ValueError, match="'phone': at least 5 sample paths expected, got 3"):
        simulate(centre, paths=5)


def forecast() -> pd.DataFrame:
    start = pd.date_range("2026-02-16", periods=4, freq="30min", tz="Europe/Berlin")
    return pd.DataFrame({"queue": "phone", "start": start, "contacts": 10.0, "aht_s": 300.0})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"samples": {"phone": np.zeros((0, 4), dtype=int)}}, "samples of 'phone': shape"),
        ({"samples": {"phone": np.zeros((5, 3), dtype=int)}}, r"4 intervals\) expected, got \(5, 3\)"),
        ({"staff": pd.DataFrame({"queue": ["phone"]}), "slot_min": 30}, "staff: columns"),
        ({"staff": pd.DataFrame(columns=["queue", "start", "scheduled"])}, "slot_min that divides"),
        (
            {
                "roster": pd.DataFrame(
                    {
                        "agent": ["Ann"],
                        "start": [pd.Timestamp("2026-03-02 09:00", tz="Europe/Berlin")],
                        "end": [pd.Timestamp("2026-03-02 17:00", tz="Europe/Berlin")],
                        "queue": ["phone"],
                    }
                )
            },
            "roster: work between 2026-02-16 .* expected, got 2026-03-02",
        ),
    ],
)
def test_tables_that_do_not_fit_the_plan_are_refused(options: dict[str, Any], said: str) -> None:
    if "staff" not in options and "roster" not in options:
        options = {
            **options,
            "staff": pd.DataFrame({"queue": "phone", "start": forecast()["start"], "scheduled": 2}),
            "slot_min": 30,
        }
    with pytest.raises(ValueError, match=said):
        centre_of(forecast(), {"phone": QueueTarget("phone")}, 30, **options)
