"""Money of an award that has gone out, as its payment tells awards and the ledger."""

from services.grants.awards import paying
from services.grants.ledger import postings
from shared import clock
from shared.ids import new_id
from shared.parts import Parts
from tests.grants.caller import BECAUSE, Caller


async def paid(grants: Caller, award: str, pence: int) -> None:
    """So much of an award that is ready to be paid goes out."""
    parts: Parts = grants.app.state.parts
    db, payment = parts.acting_in(grants.movement), new_id("payment")
    fund = (await grants.get(f"/v1/rounds/{(await grants.get(f'/v1/awards/{award}'))['round']}"))["fund"]
    await db.write(paying.begin_payment, grants.movement, award, pence)
    await db.write(paying.note_paid, grants.movement, award, pence)
    await db.write(postings.payment_paid, grants.movement, fund, award, payment, pence, clock.now().date())


async def asked_back(grants: Caller, award: str) -> str:
    """What was paid of an award is asked back, for it was cancelled; the id of the repayment."""
    await paid(grants, award, 300_00)
    await grants.post(f"/v1/awards/{award}/cancel", BECAUSE)
    return str((await grants.get(f"/v1/awards/{award}/repayments"))["repayments"][0]["id"])
