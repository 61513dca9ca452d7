"""Rendering: templates escape everything, and every page leaves with headers that let it load our own files only."""

from pathlib import Path

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


def page(template: str, *, status: int = 200, **content: object) -> Response:
    """A template as a page. Content is text and numbers; the template decides how they look."""
    return HTMLResponse(
        _templates.get_template(template).render(**content),
        status,
        {"content-security-policy": _POLICY, "referrer-policy": "same-origin"},
    )
