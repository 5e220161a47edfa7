"""Patience from censored waits."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from staffing.queueing.general_patience import mmn_g
from staffing.sizing.handling import describe_handling
from staffing.sizing.patience import estimate_patience
from staffing.sizing.redials import estimate_redials

TECHNION = Path(os.environ.get("STAFFING_REFERENCE_DATA", "."), "technion_1999", "calls_1999-02.csv.gz")


def log(patience: np.ndarray, seed: int = 3, mean_offer_s: float = 90.0) -> tuple[np.ndarray, np.ndarray]:
    """Waits and flags of customers who would be answered after an exponential time."""
    offered = np.random.default_rng(seed).exponential(mean_offer_s, patience.size)
    return np.minimum(patience, offered), patience < offered


def test_four_customers_by_hand():
    """Hung up at 10 and 30 s, answered at 20 and 40 s: 3/4 stay after 10 s, half of the last two after 30 s."""
    found = estimate_patience([10, 20, 30, 40], [True, False, True, False])
    assert found.times_s.tolist() == [10.0, 30.0]
    assert found.survival.tolist() == [0.75, 0.375]
    # Greenwood: S² (1/(4·3)), S² (1/(4·3) + 1/(2·1)).
    np.testing.assert_allclose(found.standard_error, [0.75 * 12**-0.5, 0.375 * (1 / 12 + 1 / 2) ** 0.5])
    assert found.mean_s == 50.0
    assert found.restricted_mean_s == 10 + 20 * 0.75 + 10 * 0.375
    assert found.median_s == 30.0


def test_without_answers_the_curve_is_that_of_the_waits():
    waits = np.array([5.0, 5.0, 8.0, 20.0])
    found = estimate_patience(waits, np.ones(4, dtype=bool))
    assert found.survival.tolist() == pytest.approx([0.5, 0.25, 0.0])
    assert found.mean_s == found.restricted_mean_s == waits.mean()


def test_a_constant_hazard_is_recognised_and_its_mean_found():
    patience = np.random.default_rng(1).exponential(120.0, 20_000)
    found = estimate_patience(*log(patience))
    assert found.best.name == "constant"
    assert found.mean_s == pytest.approx(120.0, rel=0.03)
    at = np.searchsorted(found.times_s, 60.0) - 1
    assert found.survival[at] == pytest.approx(np.exp(-0.5), abs=4 * found.standard_error[at])


def test_a_weibull_hazard_is_recognised_with_its_parameters():
    patience = 200.0 * np.random.default_rng(2).weibull(0.6, 20_000)
    best = estimate_patience(*log(patience)).best
    assert best.name == "Weibull"
    assert best.parameters["shape"] == pytest.approx(0.6, rel=0.03)
    assert best.parameters["scale_s"] == pytest.approx(200.0, rel=0.06)


def test_a_growing_hazard_is_recognised_with_its_parameters():
    u = np.random.default_rng(4).random(20_000)
    patience = np.log1p(-np.log(u) * 0.02 / 0.003) / 0.02  # hazard 0.003 exp(0.02 t)
    best = estimate_patience(*log(patience)).best
    assert best.name == "Gompertz"
    assert best.parameters["hazard_per_s"] == pytest.approx(0.003, rel=0.08)
    assert best.parameters["growth_per_s"] == pytest.approx(0.02, rel=0.05)


@pytest.mark.parametrize("shape", [0.6, 1.0, 1.8])
def test_the_fit_handed_on_has_the_fitted_curve(shape):
    patience = 150.0 * np.random.default_rng(5).weibull(shape, 5_000)
    found = estimate_patience(*log(patience))
    curve = found.distribution()
    at = np.array([0.0, 5.0, 30.0, 60.0, 200.0])
    np.testing.assert_allclose(curve.survival(at), np.exp(-found.best.cumulative(at)), rtol=1e-9, atol=1e-12)
    assert 0 < float(mmn_g(20.0, 20.0, 300.0, curve).abandonment) < 0.3


def test_the_likelihood_is_the_largest_for_its_kind():
    waits, gone = log(100.0 * np.random.default_rng(6).weibull(1.4, 3_000))
    for fit in estimate_patience(waits, gone).fits:
        if fit.name == "stretches":
            continue
        step = 1e-4
        hazard = (fit.cumulative(waits[gone] + step) - fit.cumulative(waits[gone])) / step
        by_hand = np.log(hazard).sum() - fit.cumulative(waits).sum()
        assert fit.log_likelihood == pytest.approx(by_hand, rel=1e-3)
    names = {fit.name: fit.aic for fit in estimate_patience(waits, gone).fits}
    assert names["Weibull"] < names["constant"]


@pytest.mark.parametrize(
    ("waits", "gone", "message"),
    [
        ([1.0, -2.0], [1, 0], "wait_s >= 0 expected, got -2.0"),
        ([1.0, float("nan")], [1, 0], "wait_s >= 0 expected, got nan"),
        ([1.0, 2.0], [False, False], "at least one contact that hung up expected, got none of 2"),
        ([1.0, 2.0], [True], "one flag per wait expected, got 1 flags for 2 waits"),
        ([1.0, 2.0], [1, 2], "abandoned: true or false expected, got 2"),
        ([0.0, 0.0], [1, 0], "wait_s > 0 for at least one contact expected, got only 0"),
    ],
)
def test_a_log_that_cannot_be_used_is_refused(waits, gone, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        estimate_patience(waits, gone)


def test_handling_times_are_described():
    rng = np.random.default_rng(8)
    found = describe_handling(rng.lognormal(5.0, 0.9, 50_000))
    assert found.log_mean == pytest.approx(5.0, abs=0.02)
    assert found.log_sd == pytest.approx(0.9, abs=0.02)
    assert found.variation == pytest.approx(np.sqrt(np.expm1(0.81)), rel=0.05)
    assert found.median_s == pytest.approx(np.exp(5.0), rel=0.02)
    assert describe_handling(rng.exponential(300.0, 50_000)).wait_factor == pytest.approx(1.0, abs=0.03)
    with pytest.raises(ValueError, match="at least 2 handling times > 0 expected, got 1"):
        describe_handling([0.0, 12.0])


def test_redials_by_hand():
    """a hangs up at 9:00 and calls again at 9:10; b hangs up and does not; c is answered and calls again; d's
    hour reaches past the log and is not judged; a blank caller cannot be followed."""
    calls = pd.DataFrame(
        {
            "caller": ["a", "b", "c", "a", "c", "d", ""],
            "start": pd.to_datetime(
                [
                    "2026-11-23 09:00", "2026-11-23 09:05", "2026-11-23 09:06", "2026-11-23 09:10", "2026-11-23 09:30",
                    "2026-11-23 12:00", "2026-11-23 09:01",
                ]
            ),
            "abandoned": [True, True, False, False, False, True, True],
        }
    )  # fmt: skip
    found = estimate_redials(calls)
    assert (found.abandoned, found.redialled, found.share) == (2, 1, 0.5)
    assert found.median_delay_s == 600.0
    assert (found.answered, found.repeated) == (3, 1)
    assert estimate_redials(calls, within_min=5.0).redialled == 0


def test_a_log_without_callers_is_refused_and_an_empty_one_has_no_share():
    with pytest.raises(ValueError, match="a column 'caller' expected"):
        estimate_redials(pd.DataFrame({"start": [], "abandoned": []}))
    empty = pd.DataFrame({"caller": [], "start": pd.to_datetime([]), "abandoned": []})
    assert np.isnan(estimate_redials(empty).share)


@pytest.mark.skipif(
    not TECHNION.exists(),
    reason="STAFFING_REFERENCE_DATA names no folder with the call log of the Technion bank",
)
def test_the_bank_of_1999():
    """February 1999: those who queued (a HANG that never queued left from the menu, a PHANTOM is no call)
    were on average 345 s patient, and their hazard falls with the wait."""
    calls = pd.read_csv(TECHNION)
    queued = calls[(calls["queued"] == 1) & calls["outcome"].isin(["AGENT", "HANG"])]
    found = estimate_patience(queued["wait_s"], queued["outcome"] == "HANG")
    assert (found.waits, found.abandoned) == (18_059, 3_963)
    assert found.mean_s == pytest.approx(queued["wait_s"].sum() / 3_963)
    assert found.mean_s == pytest.approx(345.0, abs=0.5)
    constant = next(fit for fit in found.fits if fit.name == "constant")
    assert found.best.aic < constant.aic - 100
    weibull = next(fit for fit in found.fits if fit.name == "Weibull")
    assert weibull.parameters["shape"] < 0.95
    assert found.loss_per_bin[1] > 0.035
    assert found.loss_per_bin[found.bins_s >= 100].min() < 0.02
    handled = describe_handling(calls.loc[calls["outcome"] == "AGENT", "service_s"])
    assert handled.mean_s == pytest.approx(176.0, abs=1.0)
    assert handled.variation > 1.1
