"""Rendering: templates escape everything, and every page leaves with headers that let it load our own files only."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _moment(at: datetime, time_zone: str) -> str:
    """A moment as clocks show it there, `22 November 2026, 09:05:00 GMT`."""
    return f"{at.astimezone(ZoneInfo(time_zone)):%-d %B %Y, %H:%M:%S %Z}"


_templates.filters["moment"] = _moment


def page(template: str, *, status: int = 200, **content: object) -> Response:
    """A template as a page. Content is text and numbers; the template decides how they look."""
    return HTMLResponse(
        _templates.get_template(template).render(**content),
        status,
        {"content-security-policy": _POLICY, "referrer-policy": "same-origin"},
    )
