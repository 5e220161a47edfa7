"""The formulas behind the numbers, in a line each, with their sources."""

from __future__ import annotations

from dataclasses import dataclass

from staffing.sizing.targets import QueueTarget


@dataclass(frozen=True)
class Formula:
    """A formula, what it says, and where it comes from."""

    name: str
    says: str
    source: str


ERLANG_B = Formula(
    "Erlang B (M/M/n/n)",
    "1/B(n, a) = 1 + n/a · 1/B(n − 1, a), from 1/B(0, a) = 1",
    "A. K. Erlang 1917; D. L. Jagerman, Bell System Technical Journal 53(3), 1974",
)
ERLANG_C = Formula(
    "Erlang C (M/M/n)",
    "P(wait) = 1 / (ρ + (1 − ρ)/B(n, a)), ρ = a/n; late = P(wait) · exp(−(n − a) · T / AHT)",
    "A. K. Erlang 1917; Gans, Koole, Mandelbaum, M&SOM 5(2), 2003, section 4",
)
ERLANG_A = Formula(
    "Erlang A (M/M/n+M)",
    "density of the offered wait ∝ exp(λ·θ·(1 − exp(−t/θ)) − n·t/AHT), θ the mean patience",
    "C. Palm 1957; A. Mandelbaum, S. Zeltyn, Service engineering in action, 2007",
)
CHAT = Formula(
    "chat birth-death",
    "n agents with k chats each finish at the rate n·k/AHT(k), chats spread evenly; a line past n·K",
    "after J. Luo, J. Zhang, Operations Research 61(2), 2013",
)
PRIORITY = Formula(
    "Erlang C with priority (M/M/n, two classes, no interruption)",
    "premium: late = P(wait) · exp(−(n − a₁) · T / AHT); others wait for the line and premium busy periods",
    "O. Kella, U. Yechiali, Stochastic Models 1(2), 1985",
)
DEFERRED = Formula(
    "deferred work (linear program)",
    "for every deadline: capacity since arrival ≥ work due, on the opening-hours clock; the steadiest capacity",
    "C. L. Liu, J. W. Layland, Journal of the ACM 20(1), 1973: earliest deadline first",
)
VALUE = Formula(
    "marginal value",
    "agents are added while contacts saved × value of a contact > cost of an agent",
    "M/M/n with the loss as patience: Zeltyn, Mandelbaum, Queueing Systems 51, 2005",
)


def formula_of(target: QueueTarget) -> Formula:
    """The formula that sizes a queue."""
    if target.may_wait:
        return DEFERRED
    if target.channel == "chat":
        return CHAT
    if target.premium is not None:
        return PRIORITY
    if target.size_by == "value":
        return VALUE
    return ERLANG_C if target.patience_s is None else ERLANG_A
