"""The ways in which customers and a team reach each other, and which of them can wait."""

from __future__ import annotations

from typing import Literal

Channel = Literal["phone", "chat", "callback", "outbound", "ticket", "email"]

# Work with a deadline in hours instead of a customer on the line.
DEFERRED = frozenset({"ticket", "email", "outbound"})

# Other words for the same.
SYNONYMS = {"voice": "phone"}
