"""How sure: negative-binomial intervals with a dispersion per interval and another per day, and their correction."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import special, stats

from forecasts.errors import ForecastError

CONFORMAL_FOLDS = 5
CONFORMAL_CELLS = 600
LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
CENTRAL = 0.8
CENTRAL_Z = float(special.ndtri(0.5 + CENTRAL / 2))
# Before any backtest: what queues of this kind show, one standard deviation of 7 % a day and of 9 % an interval.
PRIOR_DAY, PRIOR_INTERVAL = 0.005, 0.008
PRIOR_DAYS, PRIOR_FOLDS = 14, 1.0
MAX_DISPERSION = 25.0
NEARLY_NORMAL_CONTACTS, NEARLY_NORMAL_DISPERSION = 10.0, 0.25


@dataclass(frozen=True, eq=False)
class Spread:
    """Distribution of contacts around their mean.

    Contacts of an interval are Poisson with mean ``μ × D × I``: a Gamma day effect ``D`` and a Gamma interval
    effect ``I``, each of mean 1 and of variance ``dispersion_day`` and ``dispersion_interval``.
    One interval alone is negative binomial with variance ``μ + dispersion × μ²``.

    Parameters
    ----------
    dispersion_interval, dispersion_day
        Squared coefficients of variation, >= 0; 0 is Poisson.
    nominal_z, actual_z
        Conformal correction: a claimed normal score and the score that kept the claim in the backtest.
    """

    dispersion_interval: float
    dispersion_day: float
    nominal_z: np.ndarray = field(default_factory=lambda: np.array([-1.0, 1.0]))
    actual_z: np.ndarray = field(default_factory=lambda: np.array([-1.0, 1.0]))

    @property
    def dispersion(self) -> float:
        """Of a single interval: both effects together."""
        return (1 + self.dispersion_interval) * (1 + self.dispersion_day) - 1

    def quantile(self, mean: np.ndarray, p: float) -> np.ndarray:
        """Quantile ``p`` of each interval, >= 0, same shape as ``mean``; 0 where the mean is 0.

        Counts are spread evenly over half a contact on both sides, so that small counts keep their coverage.
        """
        if not 0 < p < 1:
            raise ForecastError(f"0 < p < 1 expected, got {p}")
        corrected = float(special.ndtr(self._corrected(np.array([special.ndtri(p)]))[0]))
        result = np.zeros(np.shape(mean))
        positive = np.asarray(mean) > 1e-9
        mu = np.asarray(mean)[positive]
        law = _law(mu, self.dispersion)
        count = law.ppf(corrected)
        below, mass = law.cdf(count - 1), law.pmf(count)
        # Far out the mass can vanish in floating point: the count itself is then the answer.
        inside = np.divide(corrected - below, mass, out=np.full(len(mu), 0.5), where=mass > 1e-15)
        result[positive] = np.maximum(count - 0.5 + np.clip(inside, 0.0, 1.0), 0.0)
        return result

    def _corrected(self, z: np.ndarray) -> np.ndarray:
        low, high = self.nominal_z[0], self.nominal_z[-1]
        inner = np.interp(z, self.nominal_z, self.actual_z)
        inner = np.where(z < low, self.actual_z[0] * z / low, inner)
        return np.where(z > high, self.actual_z[-1] * z / high, inner)

    def sample(self, mean: np.ndarray, day: np.ndarray, paths: int, rng: np.random.Generator) -> np.ndarray:
        """Joint paths of counts, shape ``(paths, intervals)``: intervals of one day share its effect.

        Parameters
        ----------
        mean, day
            Expected contacts and number of the day of each interval, shape ``(intervals,)``.
        """
        days = int(day.max()) + 1 if len(day) else 0
        rate = np.broadcast_to(mean, (paths, len(mean)))
        rate = rate * _gamma(self.dispersion_day, (paths, days), rng)[:, day]
        rate = rate * _gamma(self.dispersion_interval, (paths, len(mean)), rng)
        return rng.poisson(rate)


def _gamma(dispersion: float, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    if dispersion <= 1e-12:
        return np.ones(shape)
    return rng.gamma(1 / dispersion, dispersion, size=shape)


def _law(mean: np.ndarray, dispersion: float) -> stats._distn_infrastructure.rv_frozen:
    if dispersion <= 1e-9:
        return stats.poisson(mean)
    size = 1 / dispersion
    return stats.nbinom(size, size / (size + mean))


def middle_probability(actual: np.ndarray, mean: np.ndarray, dispersion: float | np.ndarray) -> np.ndarray:
    """P(less) + ½ P(equal) of each count under the negative binomial; uniform if the law is right."""
    mu = np.maximum(mean, 1e-9)
    whole = np.round(actual)
    # So small a dispersion is as good as none.
    size = 1 / np.maximum(dispersion, 1e-7)
    share = size / (size + mu)
    upto = special.betainc(size, whole + 1, share)
    # Half the mass of the count itself; its logarithm costs a tenth of a second incomplete beta function.
    log_mass = special.gammaln(whole + size) - special.gammaln(size) - special.gammaln(whole + 1)
    log_mass += size * np.log(share) + whole * np.log1p(-share)
    return np.asarray(np.clip(upto - 0.5 * np.exp(log_mass), 0.0, 1.0))


def within_central(actual: np.ndarray, mean: np.ndarray, dispersion: np.ndarray) -> np.ndarray:
    """Whether each count lies in its central 80 % interval (:func:`middle_probability` in 0.1 … 0.9), bool.

    All three of the same shape ``(n,)``.
    """
    distance = np.abs(actual - mean) / np.sqrt(np.maximum(mean + dispersion * mean**2, 1e-9))
    # The law is near enough to the normal there for its edges to lie between 0.8 and 1.8 standard deviations.
    plain = (mean >= NEARLY_NORMAL_CONTACTS) & (dispersion <= NEARLY_NORMAL_DISPERSION)
    inside = distance < 0.8
    doubtful = np.flatnonzero(~plain | (~inside & (distance <= 1.8)))
    middle = middle_probability(actual[doubtful], mean[doubtful], dispersion[doubtful])
    inside[doubtful] = (middle >= 0.5 - CENTRAL / 2) & (middle <= 0.5 + CENTRAL / 2)
    return inside


def fit_spread(actual: np.ndarray, mean: np.ndarray) -> Spread:
    """Spread that the backtest showed.

    Parameters
    ----------
    actual, mean
        Shape ``(folds, days, slots)``; NaN in ``actual`` is not scored.

    Notes
    -----
    Both dispersions are set so that the central 80 % of errors lie where they are claimed to, which strange days
    move less than a variance. Few folds lean on a prior. From five folds on a conformal correction maps
    each claimed quantile to the one that kept the claim.
    """
    spread = fit_dispersion(actual, mean)
    known = ~np.isnan(actual) & (mean > 0)
    if len(actual) < CONFORMAL_FOLDS or known.sum() < 100:
        return spread
    got, said = actual[known], mean[known]
    some = slice(None, None, max(len(got) // CONFORMAL_CELLS, 1))
    return Spread(
        spread.dispersion_interval,
        spread.dispersion_day,
        *_conformal(got[some], said[some], spread.dispersion),
    )


def fit_dispersion(actual: np.ndarray, mean: np.ndarray) -> Spread:
    """The two dispersions of :func:`fit_spread`, without the conformal correction."""
    folds = len(actual)
    known = ~np.isnan(actual) & (mean > 0)
    got, said = np.where(known, actual, 0.0), np.where(known, mean, 0.0)
    total, expected = got.sum(axis=2).reshape(-1), said.sum(axis=2).reshape(-1)
    days = expected > 0
    interval_all = _central_dispersion(got[known], said[known])
    sum_squares = (said**2).sum(axis=2).reshape(-1)
    interval, day = PRIOR_INTERVAL, PRIOR_DAY
    if days.any() and known.any():
        relative = np.divide(sum_squares, expected**2, out=np.zeros_like(expected), where=days)
        total_dispersion = _central_dispersion(total[days], expected[days])
        # A day total varies by its day effect and by what is left of the interval effects after adding up.
        left = float(np.median(relative[days]))
        day = max((total_dispersion - left * interval_all) / max(1 - left, 0.5), 0.0)
        interval = max((1 + interval_all) / (1 + day) - 1, 0.0)
    trust = int(days.sum()) / (int(days.sum()) + PRIOR_DAYS)
    day = min(trust * day + (1 - trust) * PRIOR_DAY, MAX_DISPERSION)
    trust = folds / (folds + PRIOR_FOLDS) if folds < CONFORMAL_FOLDS else 1.0
    interval = min(trust * interval + (1 - trust) * PRIOR_INTERVAL, MAX_DISPERSION)
    return Spread(interval, day)


def central_dispersions(actual: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Dispersion for which 80 % of the errors are within their 80 % interval (normal approximation).

    Parameters
    ----------
    actual, means
        Counts, shape ``(n,)``, and what each model expected, > 0, shape ``(models, n)``.
    """
    if len(actual) == 0:
        return np.zeros(len(means))
    # The dispersion that puts each single error on the edge of its interval; four in five need no more than that.
    needed = ((actual - means) ** 2 / CENTRAL_Z**2 - means) / means**2
    # The next error is one more: a place as far up as makes the claim true for few errors too.
    place = min(int(np.ceil(CENTRAL * (len(actual) + 1))), len(actual)) - 1
    return np.asarray(np.clip(np.partition(needed, place, axis=1)[:, place], 0.0, MAX_DISPERSION))


def _central_dispersion(actual: np.ndarray, mean: np.ndarray) -> float:
    return float(central_dispersions(actual, mean[None])[0])


def _conformal(actual: np.ndarray, mean: np.ndarray, dispersion: float) -> tuple[np.ndarray, np.ndarray]:
    busy = mean >= 1.0
    if busy.sum() < 100:
        busy = np.ones(len(mean), dtype=bool)
    middle = middle_probability(actual[busy], mean[busy], dispersion)
    nominal = special.ndtri(np.array(LEVELS))
    found = special.ndtri(np.clip(np.quantile(middle, LEVELS), 1e-6, 1 - 1e-6))
    # The centre is the model's; only the distance from it is corrected, and by at most the factor two.
    centre = 0.5 * found[LEVELS.index(0.5)]
    actual_z = np.where(
        nominal == 0,
        centre,
        np.sign(nominal) * np.clip(np.abs(found), 0.5 * np.abs(nominal), 2.0 * np.abs(nominal)),
    )
    return nominal, np.maximum.accumulate(actual_z)
