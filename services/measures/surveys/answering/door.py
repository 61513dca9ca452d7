"""The page that people answer on: no key, no script, no cookie; the secret in its path says which survey it is."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from services.measures.surveys.answering import domain, page
from services.measures.surveys.answering.form import Form
from services.measures.surveys.asking.models import NotAsking
from shared.calls import Call, CallOf
from shared.errors import Invalid, NotFound
from shared.opened import hooked
from shared.routing import Router

router = Router(prefix="/hooks/{movement}/surveys", tags=["Surveys"])

Movement = Annotated[str, Path(description="the movement, by id or slug")]
Secret = Annotated[str, Path(description="the secret of a link")]


@router.get("/{secret}", response_model=None, **hooked())
async def show_questionnaire(
    movement: Movement, secret: Secret, call: Call, lang: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """The questionnaire as a page in HTML, in one of its languages."""
    led = await _led(call, secret)
    if led is None:
        return page.unknown()
    try:
        led.refuse_unless_asking()
    except NotAsking as error:
        return page.over(led.survey, lang, error)
    return page.asking(led.survey, Form.empty(lang))


@router.post("/{secret}", response_model=None, **hooked())
async def take_questionnaire(movement: Movement, secret: Secret, request: Request, call: Call) -> Response:
    """Take what was answered, as the page sends it; the same page where something is to be mended, with the answers."""
    form, led = Form.read(await request.body()), await _led(call, secret)
    if led is None:
        return page.unknown()
    pepper, ages = call.parts.secrets.pepper, call.parts.settings.instrument_ages
    given = form.given(led.survey)
    try:
        await call.bound.write(domain.answer, call.movement, secret, given, form.once, ages, pepper)
    except NotAsking as error:
        return page.over(led.survey, form.language, error)
    except Invalid as error:
        return page.asking(led.survey, form, error.faults)
    return page.thanks(led.survey, form.language)


async def _led(call: CallOf, secret: str) -> domain.Led | None:
    """Where the link with this secret leads; None where there is none."""
    try:
        return await call.read(domain.led_by, secret, call.parts.secrets.pepper)
    except NotFound:
        return None
