"""The page on which a group accepts with a click: no key, no script; the secret in its path says which one."""

from functools import cache
from pathlib import Path as File
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Path, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import TypeAdapter, ValidationError

from services.grants.agreements import domain
from services.grants.agreements.models import Agreement, AgreementState
from shared.calls import Call, CallOf
from shared.errors import Conflict, NotFound
from shared.fields import Name
from shared.opened import hooked
from shared.routing import Router

router = Router(prefix="/hooks/{movement}/award-agreements", tags=["agreements of awards"])

Movement = Annotated[str, Path(description="the movement, by id or slug")]
Secret = Annotated[str, Path(description="the secret of a link")]

_NAME: TypeAdapter[str] = TypeAdapter(Name)
_POLICY = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@router.get("/{secret}", response_model=None, **hooked())
async def show_agreement(movement: Movement, secret: Secret, call: Call) -> Response:
    """The agreement as a page in HTML, with the button to accept it."""
    found = await _led(call, secret)
    return _page(404) if found is None else _page(200, found)


@router.post("/{secret}", response_model=None, **hooked())
async def accept_by_click(movement: Movement, secret: Secret, request: Request, call: Call) -> Response:
    """Accept the agreement, as the page sends it; the same page again where it does not say who accepts."""
    found = await _led(call, secret)
    if found is None:
        return _page(404)
    try:
        name = _NAME.validate_python(parse_qs((await request.body()).decode(), max_num_fields=10)["name"][0])
    except (KeyError, UnicodeDecodeError, ValidationError, ValueError):
        return _page(422, found)
    try:
        accept = domain.accept_by_click
        accepted = await call.bound.write(accept, call.movement, secret, call.parts.secrets.pepper, name)
    except Conflict:  # it was accepted, replaced or ended while it was being read
        return _page(409, found, over=True)
    return _page(200, accepted.agreement)


async def _led(call: CallOf, secret: str) -> Agreement | None:
    try:
        return await call.read(domain.led_by, secret, call.parts.secrets.pepper)
    except NotFound:
        return None


def _page(status: int, found: Agreement | None = None, *, over: bool = False) -> Response:
    content = (
        _template()
        .get_template("agreement.html")
        .render(
            agreement=found,
            open=found is not None and found.state == AgreementState.OPEN and not over,
            accepted=found is not None and found.state == AgreementState.ACCEPTED,
            needs_name=status == 422,
        )
    )
    headers = {"content-security-policy": _POLICY, "referrer-policy": "no-referrer", "cache-control": "no-store"}
    return HTMLResponse(content, status, headers | {"x-robots-tag": "noindex"})


@cache
def _template() -> Environment:
    return Environment(
        loader=FileSystemLoader(File(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
