"""The model behind a queue's numbers in plain words."""

from __future__ import annotations

from staffing.sizing.targets import QueueTarget

_DEFERRED = {"ticket": "tickets", "email": "e-mails", "outbound": "list"}


def model_name(target: QueueTarget) -> str:
    """``Erlang A (patience 150 s); pool frontline; sure to 90 %``."""
    said = [_formula(target)]
    if target.pool is not None:
        said.append(f"pool {target.pool}")
    if target.target_over != "interval":
        said.append(f"target over the {target.target_over}")
    if target.size_by == "value":
        said.append("as many as pay")
    if target.confidence is not None:
        said.append(f"sure to {100 * target.confidence:g} %")
    return "; ".join(said)


def _formula(target: QueueTarget) -> str:
    if target.may_wait:
        return f"{_DEFERRED[target.channel]} within {target.resolve_within_h:g} opening hours, LP"
    patience = "" if target.patience_s is None else f"patience {target.patience_s:g} s"
    if target.channel == "chat":
        return f"chat birth-death, {target.concurrency} at once" + (patience and f", {patience}")
    if target.premium is not None:
        first = f"{100 * target.premium.share:g} % premium first"
        return f"Erlang C with priority ({first})" + ("; patience not counted" if patience else "")
    if target.channel == "callback":
        return "Erlang C (call-back list)"
    return f"Erlang A ({patience})" if patience else "Erlang C"
