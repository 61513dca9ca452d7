"""Routes of recognition."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from services.members.fields import OrganisationId, PersonId
from services.members.life.recognitions import domain, store
from services.members.life.recognitions.domain import Standing
from services.members.life.recognitions.schemas import (
    Ending,
    NewRecognition,
    NewScheme,
    RecognitionId,
    RecognitionShown,
    SchemeChanges,
    SchemeId,
    SchemeShown,
)
from services.members.life.recognitions.store import Chosen
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/recognitions", tags=["Wins and recognition"])


@router.post("/schemes", status_code=201, response_model=SchemeShown, **needs("recognitions:write"))
async def make_scheme(body: NewScheme, call: Call) -> Response:
    """Make a recognition scheme: what is recognised, by which criteria, and for how long."""
    return tagged(await call.write(domain.make_scheme, body, answer=SchemeShown.of))


@router.get("/schemes", response_model=Page[SchemeShown], **needs("recognitions:read"))
async def list_schemes(call: Call, paging: Paging, updated_since: UpdatedSince = None) -> Page[SchemeShown]:
    """Schemes in the order in which they were made."""
    rows = await call.read(store.list_schemes, updated_since=updated_since, after=paging.after, limit=paging.fetch)
    return paging.page(rows, SchemeShown.of, lambda scheme: (scheme.id,))


@router.get("/schemes/{scheme}", response_model=SchemeShown, **needs("recognitions:read"))
async def read_scheme(scheme: SchemeId, call: Call, response: Response) -> SchemeShown:
    """One scheme."""
    shown = SchemeShown.of(await call.read(domain.read_scheme, scheme))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/schemes/{scheme}", response_model=SchemeShown, **needs("recognitions:write"))
async def change_scheme(scheme: SchemeId, body: SchemeChanges, call: Call, expected: Expected) -> Response:
    """Change a scheme from now on; what was given stands under the criteria of its time."""
    return tagged(await call.write(domain.change_scheme, scheme, body, expected, answer=SchemeShown.of))


@router.post("/schemes/{scheme}/close", response_model=SchemeShown, **needs("recognitions:write"))
async def close_scheme(scheme: SchemeId, call: Call, expected: Expected) -> Response:
    """Let a scheme give nothing any more; what it gave stands."""
    return tagged(await call.write(domain.close_scheme, scheme, expected, answer=SchemeShown.of))


@router.post("", status_code=201, response_model=RecognitionShown, **needs("recognitions:write"))
async def give_recognition(body: NewRecognition, call: Call) -> Response:
    """Recognise a person or an organisation, and say how they met the criteria.

    409 `recognised_already` where the scheme recognises them on one of these days already; `scheme_closed`;
    `not_for_children` for whoever is under 16.
    """
    return tagged(await call.write(domain.give, body, answer=_shown))


@router.get("", response_model=Page[RecognitionShown], **needs("recognitions:read", shows=ADMINISTRATION))
async def list_recognitions(
    call: Call,
    paging: Paging,
    scheme: SchemeId | None = None,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    on: Annotated[date | None, Query(description="those that hold on a day")] = None,
    updated_since: UpdatedSince = None,
) -> Page[RecognitionShown]:
    """Recognitions in the order in which they were noted."""
    chosen = Chosen(scheme, person, organisation, on, updated_since)
    rows = await call.read(domain.list_recognitions, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, _shown, lambda standing: (standing.recognition.id,))


@router.get("/{recognition}", response_model=RecognitionShown, **needs("recognitions:read", shows=ADMINISTRATION))
async def read_recognition(recognition: RecognitionId, call: Call, response: Response) -> RecognitionShown:
    """One recognition."""
    shown = _shown(await call.read(domain.read, recognition))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/{recognition}/end", response_model=RecognitionShown, **needs("recognitions:write"))
async def end_recognition(recognition: RecognitionId, body: Ending, call: Call) -> Response:
    """End a recognition before its time, and say why."""
    return tagged(await call.write(domain.end, recognition, body, answer=_shown))


def _shown(standing: Standing) -> RecognitionShown:
    return RecognitionShown.of(*standing)
