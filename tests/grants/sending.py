"""Payments on their way to the bank and back."""

from shared import clock
from shared.testing.caller import Json
from tests.grants.caller import Caller

TODAY = clock.now().date().isoformat()


def result(payment: Json, outcome: str, on: str = TODAY, **said: str) -> Json:
    """What the bank says of one payment."""
    return {"results": [{"payment": payment["id"], "outcome": outcome, "on": on, **said}]}


async def paid_by_the_bank(grants: Caller, colleague: Caller, award: str, payment: str | Json) -> Json:
    """A payment, or one of so much, that is approved, sent in a batch of its own and paid; as the API shows it."""
    proposed = await grants.payment(award, payment) if isinstance(payment, str) else payment
    await colleague.edit("POST", f"/v1/payments/{proposed['id']}/approve")
    batch = await grants.post("/v1/payment-batches", {"fund": proposed["fund"], "payments": [proposed["id"]]})
    answered = await grants.client.post(f"/v1/payment-batches/{batch['id']}/export")
    assert answered.status_code == 200, answered.text
    await grants.post(f"/v1/payment-batches/{batch['id']}/results", result(proposed, "paid"))
    return await grants.get(f"/v1/payments/{proposed['id']}")
