"""What a proof changed in the requirement, beside the formula's own figures."""

from __future__ import annotations

import pandas as pd

KEY = ["queue", "start"]


def corrections(requirement: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Rows in which ``asked`` wants other people on shift than ``requirement``: ``queue, start, sized, asked``."""
    both = requirement[[*KEY, "scheduled"]].rename(columns={"scheduled": "sized"})
    both = both.merge(asked[[*KEY, "scheduled"]].rename(columns={"scheduled": "asked"}), on=KEY, how="left")
    return both[(both["sized"] - both["asked"]).abs() > 1e-9].reset_index(drop=True)


def corrected(requirement: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame | None:
    """The requirement with the corrections of an earlier proof.

    Returns
    -------
    ``None`` if they were made for another requirement: a row that is not there, or was sized otherwise.
    """
    if not len(table):
        return requirement
    merged = requirement.merge(table, on=KEY, how="left", indicator="from")
    sized = merged["sized"].fillna(merged["scheduled"])
    if (merged["from"] == "both").sum() < len(table) or ((sized - merged["scheduled"]).abs() > 1e-6).any():
        return None
    return requirement.assign(scheduled=merged["asked"].fillna(merged["scheduled"]).to_numpy())
