"""Routes of agreements; the page on which a group accepts with a click is :mod:`.door`."""

import secrets as random
from functools import partial
from typing import Annotated

from fastapi import Query, Response

from services.grants.acting import by_user
from services.grants.agreements import domain, store
from services.grants.agreements.models import AgreementState
from services.grants.agreements.schemas import Acceptance, Agreement, AgreementMade, NewAgreement, NewText, Text
from services.grants.delegations.holding import held_to, of_agreement, of_award
from services.grants.delegations.models import Power
from services.grants.fields import AwardId, GrantAgreementId
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/award-agreements", tags=["agreements of awards"])


@router.post("/texts", status_code=201, response_model=Text, **needs("award_agreements:write", user=True))
async def publish_text(body: NewText, call: Call) -> Response:
    """Publish the text that agreements are made of from now on. Those that are made already stay as they are."""
    return await call.write(domain.publish_text, body.text, by_user(call), answer=Text.of)


@router.get("/texts", **needs("award_agreements:read"))
async def list_texts(call: Call, paging: Paging) -> Page[Text]:
    """The texts that were published, oldest first. Without any, the usual one is used (`text_number` 0)."""
    after = 0 if paging.after is None else int(paging.after[0])
    rows = await call.read(store.list_texts, after=after, limit=paging.fetch)
    return paging.page(rows, Text.of, lambda row: (row.number,))


@router.post("", status_code=201, response_model=AgreementMade, **needs("award_agreements:write"))
async def make_agreement(body: NewAgreement, call: Call) -> Response:
    """Make the page of an award as it stands now, and the link on which its group accepts it. It is shown once.

    A page that was open is replaced, and its link leads nowhere any more. 409 `nothing_to_agree` where the award is
    agreed as it stands, or has ended.
    """
    secret, pepper = random.token_urlsafe(32), call.parts.secrets.pepper
    made = partial(AgreementMade.made, secret=secret, public_url=call.parts.settings.public_url)
    return await call.write(
        held_to(call.principal, Power.ADMINISTER, of_award(body.award), domain.make_agreement),
        body.award,
        secret,
        pepper,
        answer=made,
    )


@router.get("", **needs("award_agreements:read"))
async def list_agreements(
    call: Call,
    paging: Paging,
    award_id: Annotated[AwardId | None, Query(alias="award", description="only this award's")] = None,
    state: Annotated[AgreementState | None, Query(description="only those in this state")] = None,
) -> Page[Agreement]:
    """The movement's agreements, oldest first."""
    rows = await call.read(
        store.list_agreements, award_id=award_id, state=state, after=paging.after_id, limit=paging.fetch
    )
    return paging.page([domain.Signed(*row) for row in rows], Agreement.of, lambda row: (row.agreement.id,))


@router.get("/{agreement_id}", **needs("award_agreements:read"))
async def get_agreement(agreement_id: GrantAgreementId, call: Call) -> Agreement:
    """An agreement: its words, and how it was accepted."""
    return Agreement.of(await call.read_by_key(domain.get_agreement, agreement_id))


@router.post("/{agreement_id}/accept", response_model=Agreement, **needs("award_agreements:write", user=True))
async def accept_agreement(agreement_id: GrantAgreementId, body: Acceptance, call: Call) -> Response:
    """Note that the group signed the page, or accepted it in a recorded call. An award on offer is accepted with it."""
    return await call.write(
        held_to(call.principal, Power.ADMINISTER, of_agreement(agreement_id), domain.accept_recorded),
        agreement_id,
        body.way,
        body.name,
        body.evidence,
        by_user(call),
        answer=Agreement.of,
    )
