"""Routes of the ledger, and of whose money went where. Nothing is posted here: what moves money posts by itself."""

from datetime import date
from typing import Annotated

from fastapi import Query
from starlette.responses import StreamingResponse

from services.grants.fields import AwardId, ContributionId, EntryId, FundId
from services.grants.ledger import books, export, reading
from services.grants.ledger.chart import Account, Kind, Restriction
from services.grants.ledger.schemas import (
    Balance,
    Entry,
    Funder,
    Funders,
    TrialBalance,
    Use,
    Verification,
)
from shared import csv_out
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["ledger"])

OfFund = Annotated[FundId | None, Query(alias="fund", description="only this fund's")]


@router.get("/ledger/entries", **needs("ledger:read"))
async def list_ledger_entries(
    call: Call,
    paging: Paging,
    fund: OfFund = None,
    contribution: Annotated[ContributionId | None, Query(description="only those of this contribution's money")] = None,
    award: Annotated[AwardId | None, Query(description="only those of this award")] = None,
    about: Annotated[str | None, Query(max_length=100, description="the id of the record that it is about")] = None,
    kind: Annotated[Kind | None, Query(description="only of this kind")] = None,
    since: Annotated[date | None, Query(description="dated this day or later")] = None,
    until: Annotated[date | None, Query(description="dated this day or earlier")] = None,
) -> Page[Entry]:
    """What moved money, in the order in which it was posted."""
    rows = await call.read(
        reading.list_entries,
        kind=kind,
        about=about,
        fund=fund,
        contribution=contribution,
        award=award,
        since=since,
        until=until,
        after=paging.after_id,
        limit=paging.fetch,
    )
    return paging.page(rows, Entry.of, lambda row: (row.entry.id,))


@router.get("/ledger/entries/{entry_id}", **needs("ledger:read"))
async def get_ledger_entry(entry_id: EntryId, call: Call) -> Entry:
    """An entry and its lines."""
    return Entry.of(await call.read_by_key(books.get_entry, entry_id))


@router.get("/ledger/accounts", **needs("ledger:read"))
async def list_ledger_accounts(
    call: Call,
    paging: Paging,
    fund: OfFund = None,
    contribution: Annotated[ContributionId | None, Query(description="only this contribution's money")] = None,
    account: Annotated[Account | None, Query(description="only this account")] = None,
    restriction: Annotated[Restriction | None, Query(description="only money that is bound like this")] = None,
) -> Page[Balance]:
    """What each account of each fund holds, by contribution. Balances are kept: this does not grow with the entries."""
    rows = await call.read(
        reading.list_balances,
        fund=fund,
        contribution=contribution,
        account=account,
        restriction=restriction,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Balance.of, books.position)


@router.get("/ledger/trial-balance", **needs("ledger:read"))
async def get_trial_balance(
    call: Call,
    fund: OfFund = None,
    as_of: Annotated[date | None, Query(description="at the end of this day; else of all that is posted")] = None,
) -> TrialBalance:
    """What every account comes to, debits against credits."""
    return TrialBalance.of(as_of, list(await call.read(books.trial_balance, fund=fund, as_of=as_of)))


@router.get("/ledger/verification", **needs("ledger:read"))
async def verify_ledger(call: Call) -> Verification:
    """Add up every line anew and compare with the balances that are kept. It takes longer the more there are."""
    return Verification.of(await call.read(reading.replay))


@router.get("/ledger/export.beancount", **needs("ledger:read", file="text/plain"))
async def export_ledger_as_beancount(call: Call) -> StreamingResponse:
    """The whole ledger as a beancount file, streamed; `bean-check` passes on it and fails once a penny is changed.

    It has ids, kinds, days and amounts, and no words: nobody is named in it.
    """
    headers = {"content-disposition": 'attachment; filename="ledger.beancount"'}
    pieces = export.beancount(call.parts.db, call.movement)
    return StreamingResponse(pieces, media_type="text/plain; charset=utf-8", headers=headers)


@router.get("/ledger/export.csv", **needs("ledger:read", file="text/csv"))
async def export_ledger_as_csv(call: Call) -> StreamingResponse:
    """Every line of the ledger as CSV, streamed in the order of the days: for spreadsheets and other ledgers."""
    headers = {"content-disposition": 'attachment; filename="ledger.csv"'}
    return StreamingResponse(export.csv(call.parts.db, call.movement), media_type=csv_out.MEDIA_TYPE, headers=headers)


@router.get("/awards/{award_id}/funders", **needs("awards:read"))
async def get_funders_of_award(award_id: AwardId, call: Call) -> Funders:
    """Whose money an award was paid: settled for each payment as it leaves the bank, and never changed afterwards.

    What came back from the bank or the group went to those from whom it came.
    """
    shares = await call.read(books.funders, award_id)
    return Funders(award=award_id, funders=[Funder.of(share) for share in shares])


@router.get("/contributions/{contribution_id}/uses", **needs("funds:read"))
async def list_uses_of_contribution(contribution_id: ContributionId, call: Call, paging: Paging) -> Page[Use]:
    """The awards that were paid of a contribution, in the order of their offering, with how much of it each."""
    rows, currency = await call.read(books.uses, contribution_id, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, lambda use: Use.of(use, currency), lambda use: (use.award,))
