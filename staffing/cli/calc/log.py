"""``calc patience``: what a call log says of patience, handling time and redials."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
import pandas as pd

from staffing.cli.calc.answer import Answer, calculation
from staffing.cli.quantities import MINUTES, share_text
from staffing.errors import BadInput
from staffing.files.numbers import has_decimal_comma, parse_numbers
from staffing.files.source import Source, read_source
from staffing.sizing.handling import describe_handling
from staffing.sizing.patience import PatienceEstimate, estimate_patience
from staffing.sizing.redials import estimate_redials

_GONE = {"abandoned", "abandon", "hang", "hung up", "lost", "1", "true", "yes"}
_ANSWERED = {"answered", "agent", "handled", "served", "0", "false", "no"}


@click.command("patience")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--wait", default="wait_s", show_default=True, help="Column of the wait in seconds.")
@click.option(
    "--outcome",
    default="outcome",
    show_default=True,
    help="Column that says abandoned or answered (also hang, agent, true, false); others are left out.",
)
@click.option(
    "--service", default="service_s", show_default=True, help="Column of the handling time, if any."
)
@click.option("--caller", default="caller", show_default=True, help="Column of the caller, if any: redials.")
@click.option(
    "--start", default="start", show_default=True, help="Column of the time of the call, for redials."
)
@click.option(
    "--queued",
    default="queued",
    show_default=True,
    help="Column that says whether a call reached the queue (1 or 0), if any.",
)
@click.option(
    "--redial-within",
    "redial_s",
    type=MINUTES,
    default="60min",
    show_default=True,
    help="A call of the same caller within this time is a redial.",
)
@calculation
def patience_command(
    file: Path, wait: str, outcome: str, service: str, caller: str, start: str, queued: str, redial_s: float
) -> Answer:
    """Patience, handling time and redials from a log of calls, one row a call.

    Calls that were answered only say that their patience was longer (censoring). Those
    who were answered at once say nothing and count as no wait; those who left before the queue are left out.

    \b
    Example: staffing calc patience calls.csv
             staffing calc patience calls.csv --wait "Queue Time" --outcome Result
    """  # fmt: skip
    names = {"wait": wait, "outcome": outcome}
    optional = {"service": service, "caller": caller, "start": start, "queued": queued}
    source = read_source(file, list(names), list(optional), names={**names, **optional})
    gone, answered = _outcomes(source)
    reached = np.ones(len(source), dtype=bool)
    if "queued" in source.columns:
        reached = _numbers(source, "queued", file) > 0
    waits = _numbers(source, "wait", file)
    # An answer at once says nothing of patience.
    judged = (gone & reached) | (answered & (waits > 0))
    if not judged.any():
        raise BadInput(
            "no call with a known outcome", file=file, field=outcome, accepted="abandoned or answered"
        )
    found = estimate_patience(waits[judged], gone[judged])
    said = found.summary().splitlines()
    document = _document(found)
    if "service" in source.columns and answered.any():
        times = _numbers(source, "service", file)[answered]
        handling = describe_handling(times[np.isfinite(times)])
        said += ["", "Handling time: " + handling.summary().replace("\n", "; ")]
        document["handling"] = {name: getattr(handling, name) for name in handling.__dataclass_fields__}
    if {"caller", "start"} <= set(source.columns):
        calls = pd.DataFrame(
            {
                "caller": [text.strip() for text in source.columns["caller"]],
                "start": _times(source, file),
                "abandoned": gone,
            }
        )[(gone & reached) | answered]
        redials = estimate_redials(calls, redial_s / 60.0)
        if redials.abandoned:
            said += [
                "",
                f"Redials: {share_text(redials.share)} of {redials.abandoned:,} who hung up called again within "
                f"{redial_s / 60:g} min; {share_text(redials.repeat_share)} of the answered did",
            ]
            document["redial"] = {"share": redials.share, "repeat_share": redials.repeat_share}
    best = found.best
    rows = [
        [f"{begin:g} s", share_text(float(loss)), share_text(best.loss_within(float(begin)))]
        for begin, loss in zip(found.bins_s, found.loss_per_bin, strict=True)
    ]
    return Answer(
        said,
        ["after waiting", "hang up in 10 s", f"by the {best.name} hazard"],
        rows,
        document,
        "Kaplan, Meier, JASA 53, 1958; hazards by maximum likelihood with censoring, lowest AIC first",
    )


def _document(found: PatienceEstimate) -> dict[str, object]:
    return {
        "waits": found.waits,
        "abandoned": found.abandoned,
        "patience_s": found.mean_s,
        "median_s": found.median_s,
        "restricted_mean_s": found.restricted_mean_s,
        "loss_per_10s": [
            {"after_s": float(begin), "share": float(loss)}
            for begin, loss in zip(found.bins_s, found.loss_per_bin, strict=True)
        ],
        "hazards": [
            {"name": fit.name, "aic": fit.aic, "parameters": dict(fit.parameters)} for fit in found.fits
        ],
    }


def _outcomes(source: Source) -> tuple[np.ndarray, np.ndarray]:
    words = np.array([text.strip().casefold() for text in source.columns["outcome"]], dtype=object)
    return np.isin(words, list(_GONE)), np.isin(words, list(_ANSWERED))


def _numbers(source: Source, name: str, file: Path) -> np.ndarray:
    cells = source.columns[name]
    values, wrong = parse_numbers(cells, decimal_comma=has_decimal_comma([cells], source.delimiter))
    bad = wrong | np.isinf(values) | (values < 0)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise BadInput(
            "not a number >= 0", file=file, line=int(source.lines[row]), field=name, value=cells[row],
            accepted="seconds such as 42 or 12.5",
        )  # fmt: skip
    return values


def _times(source: Source, file: Path) -> pd.DatetimeIndex:
    cells = [text.strip() for text in source.columns["start"]]
    times = pd.to_datetime(pd.Series(cells), errors="coerce", format="ISO8601", utc=True)
    missing = np.flatnonzero(times.isna())
    if missing.size:
        row = int(missing[0])
        raise BadInput(
            "not a time", file=file, line=int(source.lines[row]), field="start", value=cells[row],
            accepted="YYYY-MM-DD HH:MM:SS",
        )  # fmt: skip
    return pd.DatetimeIndex(times)
