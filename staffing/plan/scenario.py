"""What-ifs: a change of volume, handling time, shrinkage, patience or the bots' share laid over a plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from staffing.errors import BadInput
from staffing.sizing.targets import QueueTarget

ACCEPTED = "volume=+10%, aht=+30s, aht=-5%, patience=-20%, shrinkage=+3% (points), several with commas"
_CHANGE = re.compile(r"(volume|aht|patience|shrinkage)\s*=\s*([+-]\d+(?:\.\d+)?)\s*(%|s)")


@dataclass(frozen=True)
class Scenario:
    """A named set of changes; factors multiply, the others add."""

    name: str
    volume_factor: float = 1.0
    aht_factor: float = 1.0
    aht_added_s: float = 0.0
    patience_factor: float = 1.0
    shrinkage_added: float = 0.0
    bot_share: float | None = None

    def forecast(self, table: pd.DataFrame) -> pd.DataFrame:
        """The forecast under this scenario."""
        counts = [column for column in table.columns if column.startswith("contacts")]
        changed = table.copy()
        changed[counts] = table[counts] * self.volume_factor
        changed["aht_s"] = table["aht_s"] * self.aht_factor + self.aht_added_s
        if (changed["aht_s"] <= 0).any():
            raise BadInput(
                "the handling time falls to nothing", field="--scenario", value=self.name, accepted=ACCEPTED
            )
        return changed

    def targets(self, targets: Mapping[str, QueueTarget]) -> dict[str, QueueTarget]:
        """The targets under this scenario."""
        changed = {}
        for queue, target in targets.items():
            patience_s = None if target.patience_s is None else target.patience_s * self.patience_factor
            shrinkage = round(target.shrinkage + self.shrinkage_added, 12)
            workload = target.workload
            try:
                if self.bot_share is not None:
                    workload = replace(workload, self_service_share=self.bot_share)
                changed[queue] = replace(
                    target, patience_s=patience_s, shrinkage=shrinkage, workload=workload
                )
            except ValueError as error:
                raise BadInput(
                    f"{queue}: {error}", field="--scenario", value=self.name, accepted=ACCEPTED
                ) from None
        return changed


AS_FORECAST = Scenario("as forecast")


def parse_scenario(text: str) -> Scenario:
    """Read ``volume=+10%,aht=+30s``.

    Raises
    ------
    BadInput
        Something else.
    """
    changes: dict[str, float] = {}
    for part in text.split(","):
        match = _CHANGE.fullmatch(part.strip())
        if not match:
            raise BadInput("not a scenario", field="--scenario", value=text, accepted=ACCEPTED)
        what, amount, unit = match.group(1), float(match.group(2)), match.group(3)
        if unit == "s" and what != "aht":
            raise BadInput(f"{what} changes in %", field="--scenario", value=text, accepted=ACCEPTED)
        if what == "shrinkage":
            key, value = "shrinkage_added", amount / 100
        elif unit == "s":
            key, value = "aht_added_s", amount
        else:
            key, value = f"{what}_factor", 1 + amount / 100
            if value <= 0:
                raise BadInput(
                    f"nothing would be left of {what}", field="--scenario", value=text, accepted=ACCEPTED
                )
        if key in changes:
            raise BadInput(f"{what} changes twice", field="--scenario", value=text, accepted=ACCEPTED)
        changes[key] = value
    return Scenario(text, **changes)
