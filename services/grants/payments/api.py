"""Routes of payments until they go to the bank. Each takes a person: a key gets 403 `needs_a_user`."""

from typing import Annotated

from fastapi import Query, Response

from services.grants.acting import acting
from services.grants.fields import AwardId, FundId
from services.grants.payments import domain, store
from services.grants.payments.models import PaymentState
from services.grants.payments.schemas import (
    BatchId,
    NewInstalments,
    NewPayment,
    Payment,
    PaymentChanges,
    PaymentId,
    Payments,
    VoidPayment,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["payments"])


@router.post("/v1/payments", status_code=201, response_model=Payment, **needs("payments:write", user=True))
async def propose_payment(body: NewPayment, call: Call) -> Response:
    """Propose a payment of an award to its payee; somebody else approves it. All live ones never exceed the award.

    409 `over_award`, `award_not_payable` (it is not accepted, or has ended), `award_on_hold`, `no_payee`;
    `not_to_be_retried` for a retry of what neither failed nor was returned, or is retried already.
    """
    return tagged(await call.write(domain.propose, body, acting(call), answer=Payment.of))


@router.post("/v1/payments/instalments", status_code=201, response_model=Payments, **needs("payments:write", user=True))
async def propose_instalments(body: NewInstalments, call: Call) -> Response:
    """Propose an award's payments one after the other, each due on a day of its own: all of them, or none."""
    return await call.write(domain.propose_instalments, body.award, body.instalments, acting(call), answer=Payments.of)


@router.get("/v1/payments", **needs("payments:read"))
async def list_payments(
    call: Call,
    paging: Paging,
    award_id: Annotated[AwardId | None, Query(alias="award", description="only this award's")] = None,
    fund_id: Annotated[FundId | None, Query(alias="fund", description="only this fund's")] = None,
    state: Annotated[PaymentState | None, Query(description="only those in this state")] = None,
    batch_id: Annotated[BatchId | None, Query(alias="batch", description="only this batch's")] = None,
    updated_since: UpdatedSince = None,
) -> Page[Payment]:
    """The movement's payments, oldest first."""
    rows = await call.read(
        store.list_payments, award_id=award_id, fund_id=fund_id, batch_id=batch_id, state=state,
        since=updated_since, after=paging.after_id, limit=paging.fetch,
    )  # fmt: skip
    return paging.page(rows, Payment.of, lambda row: (row.id,))


@router.get("/v1/payments/{payment_id}", **needs("payments:read"))
async def get_payment(payment_id: PaymentId, call: Call, response: Response) -> Payment:
    """A payment: who proposed and who approved it, and what became of it."""
    found = Payment.of(await call.read_by_key(domain.get_payment, payment_id))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/v1/payments/{payment_id}", response_model=Payment, **needs("payments:write", user=True))
async def change_payment(payment_id: PaymentId, body: PaymentChanges, call: Call, expected: Expected) -> Response:
    """Change what did not go to the bank. It is then yours, and somebody else approves it, whoever had before."""
    return tagged(await call.write(domain.change, payment_id, body, expected, acting(call), answer=Payment.of))


@router.post("/v1/payments/{payment_id}/approve", response_model=Payment, **needs("payments:write", user=True))
async def approve_payment(payment_id: PaymentId, call: Call, expected: Expected) -> Response:
    """Approve somebody else's proposal, as you read it (If-Match).

    The approval is of this amount, to this payee, into this account, and any change of one of them voids it. 403
    `own_proposal` where you proposed it or changed it last, `own_details` where you changed the payee or its account
    last; 409 `account_waits` until changed details were made sure of, `award_on_hold`, `award_not_payable`, `no_payee`;
    412 where it, or its payee, was changed since you read it.
    """
    return tagged(await call.write(domain.approve, payment_id, expected, acting(call), answer=Payment.of))


@router.post("/v1/payments/{payment_id}/void", response_model=Payment, **needs("payments:write", user=True))
async def void_payment(payment_id: PaymentId, body: VoidPayment, call: Call, expected: Expected) -> Response:
    """Let a payment not be made that did not go to the bank yet."""
    return tagged(await call.write(domain.void, payment_id, body.reason, expected, acting(call), answer=Payment.of))
