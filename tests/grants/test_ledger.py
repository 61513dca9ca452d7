"""The ledger keeps what every movement of money was: it balances, nobody changes it, money goes back whence it came."""

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.grants.ledger import domain, postings
from services.grants.ledger.chart import Account, Kind
from services.grants.ledger.domain import Entry, Line
from services.grants.ledger.models import AlreadyReversed, LedgerBalance, LedgerEntry, LedgerLine, OverDrawn
from shared.errors import NotFound
from shared.ids import new_id
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.books import DAY, Books
from tests.grants.caller import Caller, asking, gbp


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


@ON_ONE_DATABASE
async def test_money_that_its_funder_bound_pays_for_no_award_outside_of_that(grants: Caller) -> None:
    fund = await grants.fund(cleared="100.00")
    only = {"places": ["E07000081"], "kinds": [], "themes": ["walking"]}
    gift = {"funder": "Trust", "promised": gbp("2000.00"), "cleared": gbp("2000.00"), "fits": only}
    bound = (await grants.post(f"/v1/funds/{fund}/contributions", gift))["id"]
    opened = await grants.draft(fund, "2000.00")
    await grants.post(f"/v1/rounds/{opened}/open")
    paid_by = []
    for theme in ("walking", "arts"):
        asked = asking(opened, place="E07000081", theme=theme)
        award = await grants.award((await grants.post("/v1/applications", asked))["id"])
        await grants.post(f"/v1/awards/{award}/accept")
        paying = (postings.payment_paid, grants.movement, fund, award, new_id("payment"), 500_00, DAY)
        if theme == "arts":
            with pytest.raises(OverDrawn, match="may pay for this award"):
                await grants.app.state.parts.db.write(*paying)
            paying = (*paying[:-2], 100_00, DAY)
        await grants.app.state.parts.db.write(*paying)
        shown = (await grants.get(f"/v1/awards/{award}/funders"))["funders"]
        paid_by.append([(each["contribution"] == bound, each["net"]) for each in shown])
    assert paid_by == [[(True, gbp("500.00"))], [(False, gbp("100.00"))]]
