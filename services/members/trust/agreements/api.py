"""Routes of agreements."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members import days
from services.members.fields import OrganisationId, Slug
from services.members.trust.agreements import domain
from services.members.trust.agreements.models import AgreementKind, AgreementState
from services.members.trust.agreements.schemas import (
    Agreement,
    AgreementChanges,
    AgreementId,
    Coverage,
    NewAgreement,
    NewEnd,
    NewReview,
)
from services.members.trust.agreements.store import Chosen
from shared import clock
from shared.calls import Call
from shared.coverage import DataClass
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/agreements", tags=["Agreements"])


@router.post("", status_code=201, response_model=Agreement, **needs("agreements:write"))
async def sign_agreement(body: NewAgreement, call: Call) -> Response:
    """Enter an agreement that was signed: between whom, about which classes of data, for which purposes, until when."""
    return tagged(await call.write(domain.sign, body, answer=Agreement.of))


@router.get("", response_model=Page[Agreement], **needs("agreements:read"))
async def list_agreements(
    call: Call,
    paging: Paging,
    party: OrganisationId | None = None,
    kind: AgreementKind | None = None,
    data_class: DataClass | None = None,
    purpose: Slug | None = None,
    state: AgreementState | None = None,
    updated_since: AwareDatetime | None = None,
) -> Page[Agreement]:
    """Agreements in the order in which they were entered; `state=expiring` are those that were warned of."""
    today: date = await call.read_by_key(days.today)
    chosen = Chosen(today, party, kind, data_class, purpose, state, updated_since)
    rows = await call.read(domain.list_agreements, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Agreement.of, lambda standing: (standing.agreement.id,))


@router.get("/coverage", response_model=Coverage, **needs("agreements:read"))
async def read_coverage(
    call: Call,
    organisation: OrganisationId,
    data_class: DataClass,
    purpose: Annotated[Slug | None, Query(description="any purpose, unless one is named")] = None,
    at: Annotated[AwareDatetime | None, Query(description="now, unless another moment is named")] = None,
) -> Coverage:
    """Whether a class of personal data may leave for an organisation, and by which agreement or why not."""
    answer = await call.read(domain.covered, organisation, data_class, purpose, at or clock.now())
    return Coverage.of(answer)


@router.get("/{agreement}", response_model=Agreement, **needs("agreements:read"))
async def read_agreement(agreement: AgreementId, call: Call, response: Response) -> Agreement:
    """One agreement, and how it stands today."""
    shown = Agreement.of(await call.read(domain.read, agreement))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{agreement}", response_model=Agreement, **needs("agreements:write"))
async def change_agreement(agreement: AgreementId, body: AgreementChanges, call: Call, expected: Expected) -> Response:
    """Change what is sent; 409 `agreement_over` once it has ended."""
    return tagged(await call.write(domain.change, agreement, body, expected, answer=Agreement.of))


@router.post("/{agreement}/reviews", response_model=Agreement, **needs("agreements:write"))
async def review_agreement(agreement: AgreementId, body: NewReview, call: Call, expected: Expected) -> Response:
    """Note that it was reviewed: it holds until the next review. What an overdue review had stopped goes on."""
    return tagged(await call.write(domain.review, agreement, body, expected, answer=Agreement.of))


@router.post("/{agreement}/end", response_model=Agreement, **needs("agreements:write"))
async def end_agreement(agreement: AgreementId, body: NewEnd, call: Call, expected: Expected) -> Response:
    """End it from a day on: keys, webhooks and exports that it covers stop then."""
    return tagged(await call.write(domain.end, agreement, body, expected, answer=Agreement.of))
