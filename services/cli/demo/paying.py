"""From the offer to the bank: awards agreed, checked and paid in batches by two people. Each step does what is missing,
so that a run which was killed anywhere is completed by the next.
"""

from collections.abc import Mapping, Sequence
from itertools import islice

import msgspec

from services.cli.demo.client import Api, together
from services.cli.demo.officers import Officers
from services.cli.demo.progress import Bar
from services.cli.errors import Refused
from shared import clock
from shared.money import Money

_ACCOUNT = {"name_on_account": "Demo group", "sort_code": "08-99-99", "account_number": "66374958"}
"""An account of the banks' own published example."""
_LIVE = frozenset({"proposed", "approved", "exported", "paid"})
_SENT_BACK = "The account was closed"


class _Made(msgspec.Struct):
    id: str


class _OfAward(msgspec.Struct):
    award: str


class _Check(msgspec.Struct):
    kind: str
    state: str


class _Checks(msgspec.Struct):
    checks: list[_Check]


class _Batch(msgspec.Struct):
    id: str
    state: str


class _Payment(msgspec.Struct):
    id: str
    award: str
    state: str
    version: int
    retries: str | None = None
    batch: str | None = None


class _Taken(msgspec.Struct):
    """An answer of which nothing is read."""


async def make_ready(two: Officers, awards: Sequence[str], measure: str, hosted: str | None) -> None:
    """Each award is agreed, checked, has a payee and says what it will count. `hosted` is paid through its host."""
    anna = two.first
    agreed = {one.award for one in await anna.every("/v1/award-agreements", _OfAward, state="accepted")}
    named = {one.award for one in await anna.every("/v1/payees", _OfAward)}

    async def ready(award: str) -> None:
        if award not in agreed:
            page = await anna.post("/v1/award-agreements", _Made, {"award": award})
            said = {"way": "call", "name": "The group's treasurer", "evidence": "A recording of the demo"}
            await anna.post(f"/v1/award-agreements/{page.id}/accept", _Made, said)
        for needed in (await anna.get(f"/v1/awards/{award}/checks", _Checks)).checks:
            if needed.state not in ("done", "waived"):
                await anna.post("/v1/checks-of-groups", _Made, {"award": award, "kind": needed.kind})
        await anna.edit("PUT", f"/v1/awards/{award}/measures", {"measures": [measure]})
        if award not in named:  # last: whoever has a payee is ready
            kind = {"kind": "host", "name": "The parish hall trust"} if award == hosted else {"name": "Demo group"}
            await anna.post("/v1/payees", _Made, {"award": award, "account": _ACCOUNT} | kind)

    await together(ready(award) for award in awards if award not in named)


async def pay(two: Officers, fund: str, due: Mapping[str, int], returned: str, bar: Bar) -> None:
    """Pay each award (pence) in two batches; the bank sends the payment of one back, which the second makes again."""
    half = dict(islice(due.items(), len(due) // 2 + 1))
    await _pay_now(two, fund, half, bar)
    of_returned = await two.first.every("/v1/payments", _Payment, award=returned)
    if len(of_returned) == 1 and of_returned[0].batch is not None and of_returned[0].state == "paid":
        await _bank_says(two.first, of_returned[0].batch, [of_returned[0].id], "returned")
    await _pay_now(two, fund, due, bar)


async def _pay_now(two: Officers, fund: str, due: Mapping[str, int], bar: Bar) -> None:
    """Propose what nobody proposed, have the other approve it, and send all that is approved to the bank."""
    before = await two.first.every("/v1/payments", _Payment, fund=fund)
    live = {one.award for one in before if one.state in _LIVE}
    came_back = {one.award: one.id for one in before if one.state == "returned"}

    async def propose(award: str) -> None:
        again = {"retries": came_back[award]} if award in came_back else {}
        amount = Money.of(due[award], "GBP").model_dump()
        await two.first.post("/v1/payments", _Made, {"award": award, "amount": amount} | again)

    await together(propose(award) for award in due if award not in live)
    proposed = await two.first.every("/v1/payments", _Payment, fund=fund, state="proposed")
    await together(_approve(two.second, payment) for payment in proposed)
    approved = await two.first.every("/v1/payments", _Payment, fund=fund, state="approved")
    waiting = [one.id for one in approved if one.batch is None]
    if waiting:
        await two.first.post("/v1/payment-batches", _Made, {"fund": fund, "payments": waiting})
    for batch in await two.first.every("/v1/payment-batches", _Batch, fund=fund):
        await _through_the_bank(two.first, batch, bar)


async def _approve(ben: Api, payment: _Payment) -> None:
    await ben.edit("POST", f"/v1/payments/{payment.id}/approve", version=f'"{payment.version}"')


async def _through_the_bank(anna: Api, batch: _Batch, bar: Bar) -> None:
    """Make the file of a batch, once, and take back what the bank says: that all of it is paid."""
    if batch.state == "open":
        await anna.write(f"/v1/payment-batches/{batch.id}/export")
    if batch.state == "dissolved":
        raise Refused(f"somebody dissolved {batch.id}: pay by hand what the demo did not")
    gone = [one.id for one in await anna.every("/v1/payments", _Payment, batch=batch.id) if one.state == "exported"]
    if gone:
        await _bank_says(anna, batch.id, gone, "paid")
        bar.advance(len(gone))


async def _bank_says(anna: Api, batch: str, payments: Sequence[str], outcome: str) -> None:
    said = {"outcome": outcome, "on": clock.today("Europe/London").isoformat(), "reason": _SENT_BACK}
    results = [{"payment": payment} | said for payment in payments]
    await anna.post(f"/v1/payment-batches/{batch}/results", _Taken, {"results": results})
