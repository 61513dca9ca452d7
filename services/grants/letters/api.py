"""Routes of the letters that groups receive. Each is rendered on a thread: it is a hundredth of a second's work."""

import asyncio
from typing import Annotated

from fastapi import Response

from services.grants.fields import AwardId, GrantAgreementId
from services.grants.letters import domain, pdf
from shared.calls import Call
from shared.ids import Id
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["letters"])

_PDF = "application/pdf"


@router.get("/v1/awards/{award_id}/offer-letter.pdf", **needs("awards:read", file=_PDF))
async def offer_letter(award_id: AwardId, call: Call) -> Response:
    """The letter that offers a group its award, as PDF in plain English. 409 `nothing_offered` once the offer ended."""
    return await _rendered(await call.read(domain.offer_letter, award_id))


@router.get(
    "/v1/award-agreements/{agreement_id}/agreement.pdf",
    **needs("award_agreements:read", file=_PDF),
)
async def agreement(agreement_id: GrantAgreementId, call: Call) -> Response:
    """The page that a group agrees to, in its very words, as PDF; to be signed, or with how it was accepted."""
    return await _rendered(await call.read(domain.agreement, agreement_id))


@router.get("/v1/payments/{payment_id}/remittance.pdf", **needs("payments:read", file=_PDF))
async def remittance(payment_id: Annotated[str, Id("payment")], call: Call) -> Response:
    """What a group is told of a payment that went out, as PDF. 409 `nothing_paid` for any other."""
    return await _rendered(await call.read(domain.remittance, payment_id))


async def _rendered(letter: domain.Letter) -> Response:
    return Response(await asyncio.to_thread(pdf.render, *letter), media_type=_PDF)
