"""What a number of people at work costs in one slot: shortage in tiers, surplus."""

from __future__ import annotations

import numpy as np

from schedules.rules import Prices


def shortage_cost(missing: np.ndarray, required: np.ndarray, prices: Prices) -> np.ndarray:
    """Price per hour of missing people; each tier is as wide as its share of the requirement.

    Parameters
    ----------
    missing, required
        People, same shape, >= 0.
    """
    cost = np.zeros(np.shape(missing))
    below = 0.0
    for tier in prices.shortage:
        inside = np.clip(missing - below * required, 0.0, (tier.up_to_share - below) * required)
        cost += inside * tier.price_per_hour
        below = tier.up_to_share
    return cost


def slot_cost(scheduled: np.ndarray, required: np.ndarray, prices: Prices) -> np.ndarray:
    """Price per hour of a number of people against a requirement, shortage and surplus."""
    missing = np.maximum(required - scheduled, 0.0)
    return (
        shortage_cost(missing, required, prices)
        + np.maximum(scheduled - required, 0.0) * prices.surplus_per_hour
    )
