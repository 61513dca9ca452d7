"""Routes of repayments, under the award that they are of."""

from typing import Annotated

from fastapi import Response

from services.grants.delegations.holding import held_to, of_award
from services.grants.delegations.models import Power
from services.grants.fields import AwardId
from services.grants.repayments import domain
from services.grants.repayments.schemas import Received, Repayment, Repayments, WriteOff
from shared.calls import Call
from shared.ids import Id
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1/awards/{award_id}/repayments", tags=["repayments"])

RepaymentId = Annotated[str, Id("repayment")]


@router.get("", **needs("awards:read"))
async def list_repayments(award_id: AwardId, call: Call) -> Repayments:
    """What the group is asked to pay back of its award, and what came of it."""
    return Repayments.of(await call.read(domain.list_repayments, award_id))


@router.post("/{repayment_id}/receive", response_model=Repayment, **needs("awards:write", user=True))
async def receive_repayment(award_id: AwardId, repayment_id: RepaymentId, body: Received, call: Call) -> Response:
    """Note that so much has come back: it may be awarded again. 409 `over_repayment` beyond what is asked back."""
    step = held_to(call.principal, Power.ADMINISTER, of_award(award_id), domain.receive_repayment)
    return await call.write(step, award_id, repayment_id, body.amount, answer=Repayment.of)


@router.post("/{repayment_id}/write-off", response_model=Repayment, **needs("awards:write", user=True))
async def write_off_repayment(award_id: AwardId, repayment_id: RepaymentId, body: WriteOff, call: Call) -> Response:
    """Note that so much will not come back, and why: it stays spent. 409 `over_repayment` beyond what is asked back."""
    step = held_to(call.principal, Power.AWARD, of_award(award_id), domain.write_off_repayment)
    return await call.write(step, award_id, repayment_id, body.amount, body.reason, answer=Repayment.of)
