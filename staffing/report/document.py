"""The self-contained document: templates with escaping on, style and script inlined, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from staffing.report.quantities import missing


def _asset(name: str) -> str:
    return files("staffing.report").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("staffing.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["missing"] = missing
    return environment


def document(template: str, **content: Any) -> str:
    """Render a template of the package into a full page.

    The page carries a content security policy that forbids every request and every script but the
    one written here, known by its hash: text that slipped through as markup could still not run.
    """
    script = _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page: str = (
        _environment()
        .get_template(template)
        .render(
            style=Markup(_asset("page.css")), script=Markup(script), script_hash=f"sha256-{digest}", **content
        )
    )
    return page
