"""Routes of responses: keying what came on paper or by telephone, reading, and taking out again."""

from fastapi import Response as Answer

from services.measures.fields import ResponseId, SurveyId, WaveId
from services.measures.surveys.responses import domain
from services.measures.surveys.responses.models import ResponseState
from services.measures.surveys.responses.schemas import Keyed, NewResponse, Response, Withdrawal, Withdrawn
from services.measures.surveys.responses.store import Chosen
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1", tags=["Surveys"])


@router.post("/responses", status_code=201, response_model=Response, **needs("responses:write"))
async def key_response(body: NewResponse, call: Call) -> Answer:
    """Key what somebody answered on paper or by telephone.

    422 names every answer that is none, `wrong_age` for whoever an instrument was not validated for, and where a
    proxy or a code is not wanted; 409 `not_asking` outside the wave. A survey with double entry waits for the second.
    """
    settings, pepper = call.parts.settings, call.parts.secrets.pepper
    return tagged(await call.write(domain.key, body, settings.instrument_ages, pepper, answer=Response.of))


@router.get("/responses", response_model=Page[Response], **needs("responses:read"))
async def list_responses(
    call: Call,
    paging: Paging,
    survey: SurveyId | None = None,
    wave: WaveId | None = None,
    state: ResponseState | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Response]:
    """Responses in the order in which they came. 403 `not_for_organisations`: they see figures alone."""
    chosen = Chosen(survey, wave, state, updated_since)
    rows = await call.read(domain.list_responses, chosen, paging.after_id, paging.fetch)
    return paging.page(rows, Response.of, lambda response: (response.id,))


@router.get("/responses/{response_id}", response_model=Response, **needs("responses:read"))
async def read_response(response_id: ResponseId, call: Call, response: Answer) -> Response:
    """One response."""
    shown = Response.of(await call.read_by_key(domain.read, response_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/responses/{response_id}/second-keying", response_model=Response, **needs("responses:write"))
async def key_response_again(response_id: ResponseId, body: Keyed, call: Call) -> Answer:
    """Key it the second time, by somebody else (409 `same_keyer`): `accepted` where both agree, else `disputed`, and
    `differs` says where."""
    ages, pepper = call.parts.settings.instrument_ages, call.parts.secrets.pepper
    return tagged(await call.write(domain.key_again, response_id, body, ages, pepper, answer=Response.of))


@router.post("/responses/{response_id}/settle", response_model=Response, **needs("responses:write"))
async def settle_response(response_id: ResponseId, body: Keyed, call: Call, expected: Expected) -> Answer:
    """Say what is on the paper where two keyings differ."""
    ages, pepper = call.parts.settings.instrument_ages, call.parts.secrets.pepper
    return tagged(await call.write(domain.settle, response_id, body, expected, ages, pepper, answer=Response.of))


@router.delete("/responses/{response_id}", status_code=204, response_model=None, **needs("responses:write"))
async def delete_response(response_id: ResponseId, call: Call) -> Answer:
    """Delete a response: it was a trial, or whoever answered asks for it."""
    return await call.write(domain.remove, response_id, answer=None)


@router.post("/surveys/{survey}/withdrawals", response_model=Withdrawn, **needs("responses:write"))
async def withdraw_responses(survey: SurveyId, body: Withdrawal, call: Call) -> Answer:
    """Delete all that somebody answered in the survey, who tells the code that they made."""
    pepper = call.parts.secrets.pepper
    return await call.write(domain.withdraw, survey, body.code, pepper, answer=lambda count: Withdrawn(deleted=count))
