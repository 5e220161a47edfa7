"""What a proof changes in a requirement, told apart from the formula's figures and applied again."""

from __future__ import annotations

import pandas as pd
import pytest

from staffing.plan.corrections import corrected, corrections


def requirement(*scheduled: float) -> pd.DataFrame:
    starts = pd.date_range("2026-11-23 09:00", periods=len(scheduled), freq="30min", tz="Europe/Berlin")
    return pd.DataFrame({"queue": "phone", "start": starts, "scheduled": scheduled, "agents": 1.0})


def test_only_what_differs_is_a_correction() -> None:
    found = corrections(requirement(3, 4, 5), requirement(3, 6, 4))
    assert found[["sized", "asked"]].to_numpy().tolist() == [[4, 6], [5, 4]]
    assert corrections(requirement(3, 4), requirement(3, 4)).empty


def test_corrections_bring_the_asked_requirement_back() -> None:
    sized, asked = requirement(3, 4, 5), requirement(3, 6, 4)
    pd.testing.assert_frame_equal(corrected(sized, corrections(sized, asked)), asked, check_dtype=False)
    assert corrected(sized, corrections(sized, sized)) is sized


@pytest.mark.parametrize("other", [requirement(3, 5, 5), requirement(3)])
def test_corrections_of_another_requirement_are_not_used(other: pd.DataFrame) -> None:
    made = corrections(requirement(3, 4, 5), requirement(3, 6, 4))
    assert corrected(other, made) is None
