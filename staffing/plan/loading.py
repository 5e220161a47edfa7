"""Read ``plan.toml``: every defect ends in one message with file, line, key and what is accepted."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from staffing.errors import BadInput
from staffing.plan.declared_names import check_names
from staffing.plan.settings import Settings
from staffing.plan.toml_lines import line_of

MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Plan:
    """A plan file that was read: its settings, its text and where it lies."""

    path: Path
    text: str
    settings: Settings

    @property
    def folder(self) -> Path:
        """Folder of the plan; its inputs lie inside and its results go to ``out`` in it."""
        return self.path.parent

    def proving(self, enabled: bool) -> Plan:
        """The same plan, its roster to be proved by simulation or not."""
        section = self.settings.proof.model_copy(update={"enabled": enabled})
        return replace(self, settings=self.settings.model_copy(update={"proof": section}))

    def defect(
        self, problem: str, *key: str | int, value: object = None, accepted: str | None = None
    ) -> BadInput:
        """An error that points at a key of this plan."""
        return BadInput(
            problem,
            file=self.path,
            line=line_of(self.text, key),
            field=_dotted(key),
            value=value,
            accepted=accepted,
        )

    def input_path(self, name: str, *key: str | int) -> Path:
        """Path of an input file, which must lie inside the plan's folder."""
        try:
            path = (self.folder / name).resolve()
        except (OSError, RuntimeError):  # a loop of symbolic links
            raise self.defect("the path leads nowhere", *key, value=name, accepted="a file") from None
        if not path.is_relative_to(self.folder.resolve()):
            raise self.defect(
                "the file lies outside the plan's folder", *key, value=name, accepted="a path inside it"
            )
        if not path.is_file():
            problem = "a folder, not a file" if path.is_dir() else "no such file"
            raise self.defect(problem, *key, value=name, accepted=f"a file in {self.folder}")
        return self.folder / name


def load_plan(path: Path | str, seed: int | None = None) -> Plan:
    """Read a plan file, or the ``plan.toml`` of a folder.

    Parameters
    ----------
    path
        The file or the folder.
    seed
        Seed in place of the plan's own.

    Raises
    ------
    BadInput
        The file is missing or unreadable, is not TOML, or holds a value that is not accepted.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "plan.toml"
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise BadInput("no such plan", file=path, accepted="a plan.toml or a folder that holds one") from None
    except OSError as error:
        raise BadInput(
            f"cannot be read ({error.strerror})", file=path, accepted="a readable plan.toml"
        ) from None
    if len(raw) > MAX_BYTES:
        raise BadInput(
            "too large", file=path, value=f"{len(raw)} bytes", accepted=f"at most {MAX_BYTES} bytes"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput("not UTF-8 text", file=path, line=line, accepted="a TOML file in UTF-8") from None
    if not text.strip():
        raise BadInput(
            "the file is empty", file=path, line=1, accepted="a plan; `staffing init DIR` writes one"
        )
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line = int(place.group(1)) if place else len(text.splitlines())
        problem = re.sub(r" \(at .*\)$", "", str(error))
        raise BadInput(f"not valid TOML: {problem}", file=path, line=line, accepted="TOML 1.0") from None
    try:
        settings = Settings.model_validate(document)
    except ValidationError as error:
        raise _bad_value(path, text, document, error) from None
    if seed is not None:
        settings = settings.model_copy(update={"plan": settings.plan.model_copy(update={"seed": seed})})
    plan = Plan(path, text, settings)
    check_names(plan)
    return plan


def _dotted(key: tuple[str | int, ...]) -> str:
    text = ""
    for part in key:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _bad_value(path: Path, text: str, document: dict[str, Any], error: ValidationError) -> BadInput:
    details = error.errors(include_url=False)
    first = min(details, key=lambda detail: line_of(text, detail["loc"]) or 0)
    location = _in_document(first, document)
    # A value that may be of several kinds fails once for each.
    same = [detail for detail in details if _in_document(detail, document) == location]
    problem, accepted = _explain(first)
    accepted = " or ".join(dict.fromkeys(_explain(detail)[1] for detail in same))
    leading = re.match(r"^(\w+): ", problem)
    if leading and first["type"] == "value_error":
        # A check across keys of a table names its key in front.
        location = (*location, leading.group(1))
        problem = problem[leading.end() :]
    more = len(details) - len(same)
    if more:
        accepted = f"{accepted} (and {more} more in this file)"
    value = None if first["type"] == "missing" else _value_at(document, location)
    return BadInput(
        problem,
        file=path,
        line=line_of(text, location),
        field=_dotted(location),
        value=value if isinstance(value, str | int | float | bool | list) else None,
        accepted=accepted,
    )


def _in_document(detail: ErrorDetails, document: dict[str, Any]) -> tuple[str | int, ...]:
    """The place of an error by the document's own keys; the validator adds the names of alternatives."""
    location = detail["loc"]
    if detail["type"] in ("missing", "extra_forbidden"):
        return location
    depth = len(location)
    while depth > 1 and _value_at(document, location[:depth]) is None:
        depth -= 1
    return location[:depth]


def _value_at(document: Any, location: tuple[str | int, ...]) -> Any:
    for part in location:
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def _explain(detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong, and what would have been accepted."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        name = detail["loc"][-1]
        if len(detail["loc"]) == 1:
            return "the table is missing", f"a table {name}; `staffing init` writes an example"
        return "the key is missing", f"a value for {name}"
    if kind == "extra_forbidden":
        return "unknown key", "the keys that `staffing init` writes into plan.toml"
    if kind == "value_error":
        # The models say: key: what is accepted expected [for whom], got …
        said = re.match(r"^(\w+: )?(.*) expected(.*?)(, got .*)?$", str(context.get("error", detail["msg"])))
        if said:
            return f"{said.group(1) or ''}not accepted{said.group(3)}", said.group(2)
        return str(context.get("error", detail["msg"])), "values that fit together"
    if kind in ("literal_error", "enum"):
        return "not one of the accepted values", str(context.get("expected", ""))
    if kind == "string_pattern_mismatch":
        if ":" in str(context.get("pattern", "")):
            return "not a time of day", "HH:MM between 00:00 and 24:00"
        return "not a name", "1 to 64 characters, none of them / or \\ or a control character"
    if kind.startswith("int_"):
        return "not a whole number", "a whole number"
    if kind in ("float_parsing", "float_type"):
        return "not a number", "a number"
    if kind.startswith("date_"):
        return "not a date", "a date such as 2026-11-23, without quotes"
    if kind == "too_short":
        return "too few values", f"at least {context.get('min_length', 1)}"
    if kind in ("less_than", "less_than_equal") and next(iter(context.values()), None) == 1:
        return "out of range", "a share between 0 and 1: 0.80 is 80 %; less than 1"
    wanted = re.sub(r"^Input should be (a |an )?", "", detail["msg"])
    return "not accepted", wanted
