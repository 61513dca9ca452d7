"""Routes of mandates."""

from datetime import date

from fastapi import Response

from services.members.fields import OrganisationId
from services.members.life.mandates import domain
from services.members.life.mandates.domain import Standing
from services.members.life.mandates.schemas import MandateEnding, MandateId, MandateShown, NewMandate, NewReview
from services.members.life.mandates.store import Chosen
from shared.calls import Call
from shared.editing import tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/mandates", tags=["Common agenda"])


@router.post("", status_code=201, response_model=MandateShown, **needs("agenda:write"))
async def give_mandate(body: NewMandate, call: Call) -> Response:
    """Note who is the backbone: who chose it, how, and until when.

    409 `mandate_overlaps` where the organisation has a mandate on one of these days already.
    """
    return tagged(await call.write(domain.give, body, answer=_shown))


@router.get("", response_model=Page[MandateShown], **needs("agenda:read"))
async def list_mandates(
    call: Call,
    paging: Paging,
    organisation: OrganisationId | None = None,
    on: date | None = None,
    updated_since: UpdatedSince = None,
) -> Page[MandateShown]:
    """Mandates in the order in which they were noted, perhaps those that hold `on` a day."""
    chosen = Chosen(organisation, on, updated_since)
    rows = await call.read(domain.list_mandates, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, _shown, lambda standing: (standing.mandate.id,))


@router.get("/{mandate}", response_model=MandateShown, **needs("agenda:read"))
async def read_mandate(mandate: MandateId, call: Call, response: Response) -> MandateShown:
    """One mandate, with what partners make of it."""
    shown = _shown(await call.read(domain.read, mandate))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/{mandate}/reviews", status_code=201, response_model=MandateShown, **needs("agenda:write"))
async def review_mandate(mandate: MandateId, body: NewReview, call: Call) -> Response:
    """Note what a partner makes of a year of the mandate: once a year each (409 `reviewed_already`)."""
    return tagged(await call.write(domain.review, mandate, body, answer=_shown))


@router.post("/{mandate}/end", response_model=MandateShown, **needs("agenda:write"))
async def end_mandate(mandate: MandateId, body: MandateEnding, call: Call) -> Response:
    """End a mandate before its time, and say why."""
    return tagged(await call.write(domain.end, mandate, body, answer=_shown))


def _shown(standing: Standing) -> MandateShown:
    return MandateShown.of(standing.mandate, standing.today)
