"""The ledger as files for others: beancount, which checks itself, and CSV. A part at a time, however long it is.

Beancount's language: https://beancount.github.io/docs/beancount_language_syntax.html. Each account is opened before its
first line, and the file ends by asserting what each comes to, so a penny changed anywhere fails `bean-check`.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.grants.ledger import reading
from services.grants.ledger.chart import CHART, Account
from services.grants.ledger.models import LedgerLine
from shared import csv_out
from shared.db import Database
from shared.money import Money

_AT_ONCE = 500
_COLUMNS = (
    "entry", "day", "kind", "about", "reverses", "line", "account", "fund", "contribution", "award", "restriction",
    "debit", "credit", "currency",
)  # fmt: skip


async def beancount(db: Database, movement: str) -> AsyncIterator[bytes]:
    """The ledger as a beancount file, with the balances that its accounts come to by the end."""
    yield b'option "title" "Backbone grants ledger"\n'
    written = _Beancount()
    async for part in _parts(db, movement):
        yield "".join(written.entries(part)).encode()
    yield "".join(written.assertions()).encode()


async def csv(db: Database, movement: str) -> AsyncIterator[bytes]:
    """Every line of the ledger as CSV: amounts in the major unit, either a debit or a credit."""
    yield csv_out.lines([_COLUMNS])
    async for part in _parts(db, movement):
        yield csv_out.lines(_row(posted, line) for posted in part for line in posted.lines)


async def _parts(db: Database, movement: str) -> AsyncIterator[list[reading.Posted]]:
    """The entries in the order of their days, some at a time. What is posted meanwhile may be among them or not."""
    after: tuple[date, str] | None = None
    while part := await db.read(_part, movement, after):
        yield part
        after = part[-1].entry.day, part[-1].entry.id


def _part(session: Session, movement: str, after: tuple[date, str] | None) -> list[reading.Posted]:
    return list(reading.by_day(session, movement, after, _AT_ONCE))


class _Beancount:
    """Writes entries and knows what each account comes to by now."""

    def __init__(self) -> None:
        self._sums: Counter[tuple[str, str]] = Counter()
        self._last = date.min

    def entries(self, part: Iterable[reading.Posted]) -> Iterator[str]:
        """These entries, each after the accounts that it is the first to use."""
        for entry, lines in part:
            self._last = max(self._last, entry.day)
            for line in lines:
                if (_account(line), entry.currency) not in self._sums:
                    yield f"\n{entry.day} open {_account(line)} {entry.currency}\n"
                self._sums[_account(line), entry.currency] += line.pence
            yield f'\n{entry.day} * "{entry.kind}" "{entry.about}"\n  entry: "{entry.id}"\n'
            if entry.reverses is not None:
                yield f'  reverses: "{entry.reverses}"\n'
            for line in lines:
                yield f"  {_account(line)}  {_signed(line.pence, entry.currency)} {entry.currency}\n"
                if line.award_id is not None:
                    yield f'    award: "{line.award_id}"\n'

    def assertions(self) -> Iterator[str]:
        """What each account comes to, asserted for the day after the last entry: to the penny, for without a tolerance
        beancount lets one pass.
        """
        for (account, currency), pence in sorted(self._sums.items()):
            day = self._last + timedelta(1)
            yield f"\n{day} balance {account}  {_signed(pence, currency)} ~ {_signed(0, currency)} {currency}\n"


def _account(line: LedgerLine) -> str:
    """The account in beancount's form, `Assets:Bank:Fund-01j5…:Contrib-01j5…`."""
    whose = "Unallocated" if line.contribution_id is None else _component(line.contribution_id)
    return f"{CHART[Account(line.account)].beancount}:{_component(line.fund_id)}:{whose}"


def _component(id: str) -> str:
    """An id as part of an account's name: it begins with a capital, and has hyphens and no underscores."""
    return id.replace("_", "-").capitalize()


def _signed(pence: int, currency: str) -> str:
    return f"{'-' if pence < 0 else ''}{Money.of(abs(pence), currency).amount}"


def _row(posted: reading.Posted, line: LedgerLine) -> list[object]:
    entry = posted.entry
    amount = Money.of(abs(line.pence), entry.currency).amount
    debit, credit = (amount, None) if line.pence > 0 else (None, amount)
    return [
        entry.id, entry.day, entry.kind, entry.about, entry.reverses, line.number, line.account, line.fund_id,
        line.contribution_id, line.award_id, line.restriction, debit, credit, entry.currency,
    ]  # fmt: skip
