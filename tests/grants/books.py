"""A fund whose money is spent by the ledger's own verbs, and what its accounts come to."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from fastapi import FastAPI

from services.grants.ledger import postings, reading, store
from services.grants.ledger.chart import Account
from shared import clock
from shared.ids import new_id
from tests.grants.caller import Caller, gbp

T = TypeVar("T")
DAY = clock.today("Europe/London") + timedelta(1)
"""The day after all was promised, cleared and accepted."""


class Books:
    """One fund of £1,500 that two funders gave, the second of them restricted, and an accepted award of £1,000."""

    def __init__(self, app: FastAPI, grants: Caller) -> None:
        self._db = app.state.parts.db
        self.movement = grants.movement
        self._grants = grants
        self.fund = self.free = self.bound = self.award = ""

    async def begun(self) -> "Books":
        grants = self._grants
        self.fund = await grants.fund(cleared="1000.00")
        self.free = (await grants.get(f"/v1/funds/{self.fund}/contributions"))["data"][0]["id"]
        gift = {"funder": "Trust", "promised": gbp("500.00"), "cleared": gbp("500.00"), "restriction": "Walking only"}
        self.bound = (await grants.post(f"/v1/funds/{self.fund}/contributions", gift))["id"]
        drafted = await grants.draft(self.fund, "1500.00")
        await grants.post(f"/v1/rounds/{drafted}/open")
        self.award = await grants.award(await grants.application(drafted, "1000.00"), "1000.00")
        await grants.post(f"/v1/awards/{self.award}/accept")
        return self

    async def do(self, verb: Callable[..., T], *args: object, **named: object) -> T:
        done: T = await self._db.write(verb, self.movement, *args, **named)
        return done

    async def pay(self, pence: int) -> str:
        """A payment of so much; its id."""
        payment = new_id("payment")
        await self.do(postings.payment_paid, self.fund, self.award, payment, pence, DAY)
        return payment

    async def paid_by(self, account: Account = Account.BANK) -> dict[str, int]:
        found: dict[str, int] = await self._db.read(store.of_award, self.movement, self.award, account)
        return found

    async def balances(self) -> dict[str, int]:
        """What each account comes to, over all contributions; those that come to nothing are left out."""
        assert (await self._db.read(reading.replay, self.movement)).differences == []
        sums = await self._db.read(reading.trial_balance, self.movement, fund=None, as_of=None)
        return {each.account: each.pence for each in sums}
