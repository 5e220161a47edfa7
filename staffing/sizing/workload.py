"""What reaches the agents of a forecast, and how long it takes them: bots, stages, dialling."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from staffing.queueing.inputs import not_negative, positive


@dataclass(frozen=True)
class Stage:
    """One stage of handling a contact, such as understanding, doing, wrap-up.

    Parameters
    ----------
    name
        In the team's words.
    share
        Share of the forecast's handling time, in (0, 1]; or
    seconds
        Mean seconds, > 0, which replace the forecast's handling time.
    factor
        What becomes of the stage, >= 0: 0.5 where a better tool halves it, 1 as it is.
    """

    name: str
    share: float | None = None
    seconds: float | None = None
    factor: float = 1.0

    def __post_init__(self) -> None:
        if (self.share is None) == (self.seconds is None):
            raise ValueError(f"stage {self.name!r}: either share or seconds expected, got {self}")
        if self.share is not None and not 0 < self.share <= 1:
            raise ValueError(f"stage {self.name!r}: 0 < share <= 1 expected, got {self.share:g}")
        if self.seconds is not None:
            positive(f"stage {self.name!r}: seconds", self.seconds)
        not_negative(f"stage {self.name!r}: factor", self.factor)


@dataclass(frozen=True)
class Dialling:
    """Outbound: how often a customer is called until somebody answers.

    Parameters
    ----------
    connect_rate
        Share of the attempts that reach the customer, in (0, 1].
    attempt_s
        Agent's seconds spent on an attempt that reaches nobody, >= 0.
    max_attempts
        Attempts after which a customer is given up, a whole number >= 1.

    Notes
    -----
    Attempts are taken as independent: a share ``1 - (1 - c)**m`` of the customers is reached, with
    ``(1 - (1 - c)**m) / c`` attempts per customer on average.
    """

    connect_rate: float = 1.0
    attempt_s: float = 0.0
    max_attempts: int = 3

    def __post_init__(self) -> None:
        if not 0 < self.connect_rate <= 1:
            raise ValueError(f"0 < connect_rate <= 1 expected, got {self.connect_rate:g}")
        not_negative("attempt_s", self.attempt_s)
        if self.max_attempts < 1 or self.max_attempts != int(self.max_attempts):
            raise ValueError(f"a whole max_attempts >= 1 expected, got {self.max_attempts}")

    @property
    def reached(self) -> float:
        """Share of the customers who are reached in the end."""
        return 1.0 - (1.0 - self.connect_rate) ** self.max_attempts

    @property
    def attempts(self) -> float:
        """Mean attempts per customer."""
        return self.reached / self.connect_rate

    def work_s(self, aht_s: np.ndarray) -> np.ndarray:
        """Agent's seconds per customer on the list, for a conversation of ``aht_s`` seconds."""
        return self.reached * aht_s + (self.attempts - self.reached) * self.attempt_s


@dataclass(frozen=True)
class Workload:
    """From the contacts of a forecast to those of the agents.

    Parameters
    ----------
    self_service_share
        Share that a bot or self-service resolves for good, in [0, 1).
    self_service_aht_factor
        Factor on the handling time of what is left, > 0: above 1, since the simple contacts go first.
    stages
        Stages of the handling time, all with shares that add up to 1 or all with seconds.
    dialling
        Attempts of an outbound list; none for contacts that come in.

    Raises
    ------
    ValueError
        With the inequality that was expected and the value that was found.
    """

    self_service_share: float = 0.0
    self_service_aht_factor: float = 1.0
    stages: tuple[Stage, ...] = ()
    dialling: Dialling | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.self_service_share < 1:
            raise ValueError(f"0 <= self_service_share < 1 expected, got {self.self_service_share:g}")
        positive("self_service_aht_factor", self.self_service_aht_factor)
        object.__setattr__(self, "stages", tuple(self.stages))
        if not self.stages:
            return
        if len({stage.share is None for stage in self.stages}) > 1:
            raise ValueError("stages: shares for all or seconds for all expected, got a mixture")
        total = sum(stage.share or 0.0 for stage in self.stages)
        if self.stages[0].share is not None and not math.isclose(total, 1.0, abs_tol=1e-6):
            raise ValueError(f"stages: sum of shares == 1 expected, got {total:g}")
        if (self.stage_seconds is None and self.stage_factor <= 0) or self.stage_seconds == 0:
            raise ValueError("stages: a handling time > 0 expected, got factors that are all 0")

    @property
    def stage_seconds(self) -> float | None:
        """Handling time in seconds as the sum of the stages; ``None`` where they are shares."""
        if not self.stages or self.stages[0].seconds is None:
            return None
        return sum((stage.seconds or 0.0) * stage.factor for stage in self.stages)

    @property
    def stage_factor(self) -> float:
        """Factor on the forecast's handling time that the stages with shares make."""
        return sum((stage.share or 0.0) * stage.factor for stage in self.stages) if self.stages else 1.0

    def contacts(self, contacts: np.ndarray) -> np.ndarray:
        """Contacts that agents handle, of any shape."""
        return contacts * (1.0 - self.self_service_share)

    def aht_s(self, aht_s: np.ndarray) -> np.ndarray:
        """Agent's seconds per contact that is left; NaN stays NaN."""
        handling = np.asarray(aht_s, dtype=float)
        if self.stage_seconds is not None:
            handling = np.where(np.isnan(handling), handling, self.stage_seconds)
        elif self.stages:
            handling = handling * self.stage_factor
        handling = handling * self.self_service_aht_factor
        return handling if self.dialling is None else self.dialling.work_s(handling)

    def words(self) -> tuple[str, ...]:
        """What is done to the forecast, one sentence each; empty where nothing is."""
        said = []
        if self.self_service_share:
            said.append(
                f"self-service resolves {100 * self.self_service_share:g} %; what is left takes "
                f"{self.self_service_aht_factor:g} times as long"
            )
        if self.stages:
            parts = ", ".join(
                f"{stage.name} "
                + (f"{100 * stage.share:g} %" if stage.share is not None else f"{stage.seconds:g} s")
                + (f" × {stage.factor:g}" if stage.factor != 1 else "")
                for stage in self.stages
            )
            effect = (
                f"handling time × {self.stage_factor:g}"
                if self.stage_seconds is None
                else f"handling time {self.stage_seconds:g} s"
            )
            said.append(f"stages: {parts}: {effect}")
        if self.dialling is not None and (self.dialling.connect_rate < 1 or self.dialling.attempt_s):
            dial = self.dialling
            said.append(
                f"{dial.attempts:.2f} attempts per customer, {100 * dial.reached:.1f} % reached; "
                f"{dial.attempt_s:g} s per attempt in vain"
            )
        return tuple(said)
