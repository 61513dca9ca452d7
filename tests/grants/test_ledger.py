"""The ledger keeps what every movement of money was: it balances, nobody changes it, money goes back whence it came."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.grants.ledger import domain, postings, store
from services.grants.ledger.chart import Account, Kind
from services.grants.ledger.domain import Entry, Line
from services.grants.ledger.models import AlreadyReversed, LedgerBalance, LedgerEntry, LedgerLine, OverDrawn
from shared.errors import NotFound
from shared.ids import new_id
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, gbp

T = TypeVar("T")
DAY = date(2026, 6, 1)


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
        kept, replayed = await self._db.read(_sums, self.movement)
        assert kept == replayed
        totals: dict[str, int] = {}
        for (account, *_), pence in kept.items():
            totals[account] = totals.get(account, 0) + pence
        return {account: pence for account, pence in totals.items() if pence}


def _sums(session: Session, movement: str) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int]]:
    lines: dict[tuple[str, ...], int] = {}
    for line in session.scalars(sa.select(LedgerLine).where(LedgerLine.movement == movement)):
        key = (line.account, line.fund_id, line.contribution_id or "", line.restriction)
        lines[key] = lines.get(key, 0) + line.pence
    kept: dict[tuple[str, ...], int] = {
        (row.account, row.fund_id, row.contribution_id, row.restriction): row.balance
        for row in session.scalars(sa.select(LedgerBalance).where(LedgerBalance.movement == movement))
    }
    return kept, lines


@pytest.fixture
async def books(app: FastAPI, grants: Caller) -> Books:
    return await Books(app, grants).begun()


async def test_gifts_clearings_and_accepted_awards_are_posted_by_their_verbs(books: Books) -> None:
    assert await books.balances() == {
        "bank": 1_500_00,
        "contributions": -1_500_00,
        "grants": 1_000_00,
        "grants_payable": -1_000_00,
    }


async def test_a_payment_takes_restricted_money_first_and_what_returns_goes_back_whence_it_came(books: Books) -> None:
    payment = await books.pay(700_00)
    assert await books.paid_by() == {books.bound: -500_00, books.free: -200_00}
    assert (await books.balances())["grants_payable"] == -300_00

    await books.do(postings.payment_returned, payment, DAY, "returned")
    assert await books.paid_by() == {}
    assert (await books.balances())["grants_payable"] == -1_000_00
    with pytest.raises(AlreadyReversed):
        await books.do(postings.payment_returned, payment, DAY, "returned")
    with pytest.raises(NotFound):
        await books.do(postings.payment_returned, new_id("payment"), DAY, "returned")


async def test_what_a_group_pays_back_is_each_funders_share_to_the_penny(books: Books) -> None:
    await books.pay(1_000_00)
    repayment = new_id("repayment")
    about = (books.fund, books.award, repayment)
    await books.do(postings.repayment_requested, *about, 333_33, DAY)
    assert await books.paid_by(Account.REPAYMENTS_DUE) == {books.bound: 166_66, books.free: 166_67}
    await books.do(postings.repayment_received, *about, 300_00, DAY)
    await books.do(postings.repayment_written_off, *about, 33_33, DAY)
    assert await books.balances() == {
        "bank": 800_00,
        "contributions": -1_500_00,
        "grants": 666_67,
        "written_off": 33_33,
    }
    with pytest.raises(OverDrawn):
        await books.do(postings.repayment_requested, *about, 666_68, DAY)
    with pytest.raises(OverDrawn):
        await books.do(postings.repayment_received, *about, 1, DAY)


async def test_a_payment_beyond_the_award_or_the_bank_moves_nothing(books: Books) -> None:
    before = await books.balances()
    with pytest.raises(OverDrawn, match="grants_payable"):
        await books.pay(1_000_01)
    with pytest.raises(OverDrawn, match="bank"):
        await books.pay(1_500_01)
    assert await books.balances() == before


async def test_an_underspent_commitment_is_released_and_no_more_than_is_owed(books: Books) -> None:
    release = (postings.commitment_released, books.fund, books.award)
    await books.do(*release, 400_00, DAY, Kind.AWARD_UNDERSPENT)
    assert (await books.balances())["grants"] == 600_00
    with pytest.raises(OverDrawn):
        await books.do(*release, 600_01, DAY, Kind.AWARD_CANCELLED)
    with pytest.raises(ValueError, match="releases nothing"):
        await books.do(*release, 1, DAY, Kind.PAYMENT_PAID)


@ON_ONE_DATABASE
async def test_an_entry_that_does_not_sum_to_zero_for_each_contribution_is_refused(books: Books) -> None:
    before = await books.balances()
    crossed = [Line(Account.BANK, -5, books.fund, books.free), Line(Account.MANAGEMENT_FEE, 5, books.fund, books.bound)]
    for lines in ([], crossed, [Line(Account.BANK, 0, books.fund, books.free)]):
        with pytest.raises(ValueError, match="sum to zero"):
            await books.do(domain.post, Entry(Kind.MANAGEMENT_FEE_TAKEN, DAY, books.free, lines))
    assert await books.balances() == before


async def test_the_database_itself_refuses_to_change_what_was_posted(app: FastAPI, books: Books) -> None:
    for change in (
        sa.update(LedgerLine).values(pence=LedgerLine.pence + 1),
        sa.update(LedgerEntry).values(day=DAY),
        sa.delete(LedgerLine),
        sa.delete(LedgerEntry),
        sa.update(LedgerBalance).values(balance=-1).where(LedgerBalance.account == "bank"),
        sa.update(LedgerBalance).values(balance=1).where(LedgerBalance.account == "grants_payable"),
    ):

        def write(session: Session, change: sa.Delete | sa.Update = change) -> None:
            session.execute(change)

        with pytest.raises(IntegrityError):
            await app.state.parts.db.write(write)


async def test_words_of_a_reason_can_be_taken_out_and_nothing_else(app: FastAPI, books: Books) -> None:
    await books.do(postings.payment_returned, await books.pay(1_00), DAY, "Ms Smith's account is closed")

    def write(session: Session) -> list[str]:
        shredded = sa.update(LedgerEntry).where(LedgerEntry.reason.is_not(None)).values(reason="[erased]")
        return list(session.scalars(shredded.returning(LedgerEntry.kind)))

    assert await app.state.parts.db.write(write) == [Kind.PAYMENT_RETURNED]
