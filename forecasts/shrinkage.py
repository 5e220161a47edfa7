"""How far a morning is to be believed: the shrinkage of a queue, learned from its own past days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from forecasts.cleaning import clean
from forecasts.errors import ForecastError
from forecasts.grid import validate
from forecasts.models import MEMBERS, MODELS, combined
from forecasts.opening_hours import OpeningHours

PAST_DAYS = 56
EVERY_DAYS = 1
LEAST_DAYS = 8
LEAST_HISTORY_DAYS = 28
CARRY_DAYS = 7
# Where in the day, as a share of its usual volume, the past is asked what the rest will be.
CUTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
TRUST_SHARES = (0.003, 0.01, 0.03, 0.06, 0.1, 0.2, 0.35, 0.5, 1.0, 2.0, 5.0, np.inf)
HALF_LIVES_H = (2.0, 4.0, np.inf)
FADES_H = (4.0, 12.0, np.inf)
CARRY_FADE = 0.85
CARRY_PRIOR_DAYS = 30
LARGEST_RATIO = 0.3
LEAST_CARRY_CONTACTS = 20.0
USUAL_TRUST_SHARE, USUAL_HALF_LIFE_H, USUAL_CARRY = 0.2, 4.0, 0.3


@dataclass(frozen=True, eq=False)
class Shrinkage:
    """How a departure from the forecast so far moves the rest of the day and the days after it.

    Parameters
    ----------
    trust_contacts
        A departure seen on n expected contacts counts for ``n / (n + trust_contacts)``, > 0; infinite: not at all.
    half_life_h
        Hours after which a departure counts half, > 0; infinite: the whole day counts alike.
    fade_h
        Hours ahead in which the correction halves, > 0; infinite: it stays for the day.
    carry
        Share of the day's departure expected of the next day, in [0, 1]; each later day has 0.85 of it.
    wape_before, wape_after
        Error of the rest of the day over past days, without and with the correction; ``after`` is measured on days
        that did not take part in the choice. NaN if nothing could be measured.
    days
        Past days that taught it.
    actual, predicted
        Those days, shape ``(days, slots)``.
    notes
        What could not be learned.
    """

    trust_contacts: float
    half_life_h: float
    fade_h: float
    carry: float
    wape_before: float
    wape_after: float
    days: int
    actual: np.ndarray
    predicted: np.ndarray
    notes: tuple[str, ...] = ()

    def factors(self, actual: np.ndarray, expected: np.ndarray, ahead: int, interval_min: int) -> np.ndarray:
        """Factor on each of the ``ahead`` intervals that follow, shape ``(..., ahead)``, in [0.1, 4].

        Parameters
        ----------
        actual, expected
            Contacts of the intervals so far, in their order, shape ``(..., intervals)``; NaN in ``actual`` is unknown.
        """
        known = ~np.isnan(actual)
        back_h = np.arange(actual.shape[-1])[::-1] * interval_min / 60
        weight = 0.5 ** (back_h / self.half_life_h)
        top = (np.where(known, actual - expected, 0.0) * weight).sum(axis=-1)
        seen = (np.where(known, expected, 0.0) * weight).sum(axis=-1)
        departure = np.clip(top / (seen + self.trust_contacts), -0.9, 3.0)
        fading = 0.5 ** (np.arange(ahead) * interval_min / 60 / self.fade_h)
        return 1 + departure[..., None] * fading


def learn_shrinkage(
    contacts: pd.Series,
    members: Sequence[str] | None = None,
    *,
    country: str | None = None,
    subdivision: str | None = None,
    opening_hours: OpeningHours | None = None,
) -> Shrinkage:
    """Learn from the last eight weeks how the rest of a day follows its beginning.

    Parameters
    ----------
    contacts
        History before today, as for :func:`forecasts.forecast`.
    members
        Models whose mean is corrected, ``Forecast.members``; those of the combination if omitted.
    country, subdivision, opening_hours
        As for the forecast.

    Returns
    -------
    The settings with the lowest WAPE of the rest of the day at nine moments of past days, each forecast from the
    days before it. With less than five weeks of history: usual settings, and a note.

    Raises
    ------
    ForecastError
        A history that cannot be used, or an unknown model.
    """
    names = tuple(MEMBERS if members is None else members)
    unknown = sorted(set(names) - set(MODELS))
    if unknown or not names:
        raise ForecastError(f"models out of {sorted(MODELS)} expected, got {unknown or 'none'}")
    matrix = clean(validate(contacts), opening_hours, country, subdivision).matrix
    end = len(matrix)
    origins = [
        origin
        for origin in range(end - 1, max(end - PAST_DAYS, LEAST_HISTORY_DAYS) - 1, -EVERY_DAYS)
        if np.nansum(matrix.contacts[origin]) > 0
    ]
    slots = matrix.slots
    usual_day = float(
        np.nansum(matrix.contacts[-28:]) / max((np.nansum(matrix.contacts[-28:], 1) > 0).sum(), 1)
    )
    if len(origins) < LEAST_DAYS:
        return Shrinkage(
            USUAL_TRUST_SHARE * max(usual_day, 1.0), USUAL_HALF_LIFE_H, np.inf, USUAL_CARRY, np.nan, np.nan, 0,
            np.empty((0, slots)), np.empty((0, slots)),
            (f"{end} days of history cannot teach how far a morning is to be believed: usual values are used",),
        )  # fmt: skip
    actual = np.full((len(origins), CARRY_DAYS + 1, slots), np.nan)
    predicted = np.zeros(actual.shape)
    for row, origin in enumerate(origins):
        ahead = min(CARRY_DAYS + 1, end - origin)
        answers = {name: MODELS[name](matrix, origin, ahead).contacts for name in names}
        is_open = matrix.open[origin : origin + ahead]
        predicted[row, :ahead] = np.where(is_open, combined(answers), 0.0)
        actual[row, :ahead] = np.where(is_open, matrix.contacts[origin : origin + ahead], np.nan)
    carry = _carry(actual, predicted)
    today, expected = actual[:, 0], predicted[:, 0]
    candidates = [
        Shrinkage(max(share * usual_day, 1e-9), half_life_h, fade_h, carry, np.nan, np.nan, len(today), today, expected)
        for share, half_life_h, fade_h in product(TRUST_SHARES, HALF_LIVES_H, FADES_H)
    ]  # fmt: skip
    errors = np.array([_errors(candidate, matrix.interval_min) for candidate in candidates])
    volume = _volume(today, expected)
    before = float(_errors(_untouched(candidates[0]), matrix.interval_min).sum() / max(volume.sum(), 1e-9))
    even = np.arange(len(today)) % 2 == 0
    crossed = sum(errors[errors[:, half].sum(axis=1).argmin(), ~half].sum() for half in (even, ~even))
    best = candidates[int(errors.sum(axis=1).argmin())]
    return Shrinkage(
        best.trust_contacts, best.half_life_h, best.fade_h, carry, before,
        float(crossed / max(volume.sum(), 1e-9)), len(today), today, expected,
    )  # fmt: skip


def cut_slots(expected: np.ndarray) -> list[int]:
    """Slots after which the shares ``CUTS`` of the usual day have come; each leaves something of the day."""
    total = expected.sum(axis=0)
    if total.sum() <= 0:
        return []
    gone = np.cumsum(total) / total.sum()
    places = {int(np.searchsorted(gone, share)) + 1 for share in CUTS}
    return sorted(place for place in places if place < expected.shape[1])


def _errors(candidate: Shrinkage, interval_min: int) -> np.ndarray:
    """Absolute errors of the rest of each past day, all cuts together, shape ``(days,)``."""
    actual, expected = candidate.actual, candidate.predicted
    errors = np.zeros(len(actual))
    for cut in cut_slots(expected):
        factors = candidate.factors(actual[:, :cut], expected[:, :cut], actual.shape[1] - cut, interval_min)
        errors += np.nansum(np.abs(actual[:, cut:] - expected[:, cut:] * factors), axis=1)
    return errors


def _volume(actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.sum(
        [np.nansum(actual[:, cut:], axis=1) for cut in cut_slots(expected)] or [np.zeros(len(actual))], axis=0
    )


def _untouched(candidate: Shrinkage) -> Shrinkage:
    return Shrinkage(
        np.inf, np.inf, np.inf, 0.0, np.nan, np.nan, candidate.days, candidate.actual, candidate.predicted
    )


def _carry(actual: np.ndarray, predicted: np.ndarray) -> float:
    """Regression through 0 of later days' departures on the first day's, shrunk by thirty days without any."""
    expected = np.where(np.isnan(actual), 0.0, predicted).sum(axis=2)
    got = np.nansum(actual, axis=2)
    enough = expected >= LEAST_CARRY_CONTACTS
    ratio = np.log(np.where(enough, np.maximum(got, 1.0), 1.0) / np.where(enough, expected, 1.0))
    ratio = np.clip(ratio, -LARGEST_RATIO, LARGEST_RATIO)
    first = ratio[:, :1] * CARRY_FADE ** np.arange(CARRY_DAYS)
    both = enough[:, :1] & enough[:, 1:]
    top = float((first * ratio[:, 1:] * both).sum())
    bottom = float((first**2 * both).sum())
    days = int(both.any(axis=1).sum())
    if bottom <= 0 or days == 0:
        return 0.0
    return float(np.clip(top / bottom, 0.0, 1.0)) * days / (days + CARRY_PRIOR_DAYS)
