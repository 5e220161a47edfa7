"""The forecast as a result: mean, quantiles, joint paths, and how it came about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError
from forecasts.uncertainty import Spread

TABLE_QUANTILES = {
    "contacts_p025": 0.025,
    "contacts_p10": 0.1,
    "contacts_p50": 0.5,
    "contacts_p90": 0.9,
    "contacts_p975": 0.975,
}


@dataclass(frozen=True, eq=False)
class Forecast:
    """Contacts expected in each interval of whole local days.

    Attributes
    ----------
    mean
        Expected contacts by interval start, >= 0; 0 while closed. Loads add up from means, so the mean is what staffing
        needs; the smallest absolute error has the median, ``quantile(0.5)``, which is lower by up to 2 % at low counts.
    open
        Whether the interval is within opening hours.
    model, members, reason
        The chosen model, the models in its mean, and why it was chosen.
    backtest
        DataFrame(model, wape, bias, coverage_80, origins, chosen).
    spread
        Distribution around the mean.
    notes
        What was assumed, fell back or did not converge.
    tell_findings, tell_effects
        Compute :attr:`findings` and what :meth:`explain` returns, when they are asked for.
    seed
        Of :meth:`sample` unless it gets its own.
    """

    mean: pd.Series
    open: pd.Series
    model: str
    members: tuple[str, ...]
    reason: str
    backtest: pd.DataFrame
    spread: Spread
    notes: tuple[str, ...]
    tell_findings: Callable[[], pd.DataFrame]
    tell_effects: Callable[[], pd.DataFrame]
    seed: int = 0

    @cached_property
    def findings(self) -> pd.DataFrame:
        """DataFrame(finding, count, detail) of the history (see :func:`forecasts.history.clean`)."""
        return self.tell_findings()

    @cached_property
    def effects(self) -> pd.DataFrame:
        """What :meth:`explain` returns a copy of."""
        return self.tell_effects()

    @property
    def dispersion_interval(self) -> float:
        """Squared coefficient of variation of the interval effect, >= 0."""
        return self.spread.dispersion_interval

    @property
    def dispersion_day(self) -> float:
        """Squared coefficient of variation of the day effect, >= 0."""
        return self.spread.dispersion_day

    def quantile(self, p: float) -> pd.Series:
        """Quantile ``p`` (0 < p < 1) of each interval on its own, >= 0; 0 while closed."""
        return pd.Series(self.spread.quantile(self.mean.to_numpy(), p), index=self.mean.index, name=f"p{p:g}")

    def sample(self, n: int, seed: int | None = None) -> np.ndarray:
        """``n`` joint paths of counts, shape ``(n, intervals)``: days too busy are too busy all day."""
        if n < 1:
            raise ForecastError(f"n >= 1 paths expected, got {n}")
        rng = np.random.default_rng(self.seed if seed is None else seed)
        wall = pd.DatetimeIndex(self.mean.index).tz_localize(None).to_numpy().astype("datetime64[D]")
        return self.spread.sample(self.mean.to_numpy(), (wall - wall[0]).astype(int), n, rng)

    def table(self) -> pd.DataFrame:
        """The forecast as columns: start, contacts, quantiles, dispersions, open, model."""
        table = pd.DataFrame({"start": self.mean.index, "contacts": self.mean.to_numpy()})
        for column, p in TABLE_QUANTILES.items():
            table[column] = self.spread.quantile(self.mean.to_numpy(), p)
        table["dispersion_interval"] = self.dispersion_interval
        table["dispersion_day"] = self.dispersion_day
        table["open"] = self.open.to_numpy()
        table["model"] = self.model
        return table

    def explain(self) -> pd.DataFrame:
        """Per day: contacts, level, and the factors of weekday, holiday, month day, time of year and events.

        The factors come from the daily regression of the two-level model, whatever model was chosen; empty
        where the history was too short for it. ``contacts`` is the forecast itself.
        """
        return self.effects.copy()

    def summary(self) -> str:
        """A few lines for a person: horizon, volume, model and reason, accuracy, notes."""
        first, last = self.mean.index[0], self.mean.index[-1]
        lines = [
            f"{self.mean.sum():,.0f} contacts from {first:%Y-%m-%d} to {last:%Y-%m-%d}, model {self.model}",
            f"why: {self.reason}",
            f"spread beyond chance (one standard deviation): one day ±{np.sqrt(self.dispersion_day):.1%}, "
            f"one interval ±{np.sqrt(self.dispersion_interval):.1%}",
        ]
        lines += [f"found: {row.finding}: {row.count_} ({row.detail})" for row in self._rows()]
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _rows(self) -> list:
        # A column named "count" would hide tuple.count.
        return list(self.findings.rename(columns={"count": "count_"}).itertuples(index=False))
