"""How the ledger is written: entries that sum to zero are posted, and corrected by posting their reverse.

    post(session, movement, Entry(Kind.AWARD_ACCEPTED, on=today, about=award.id, lines=[Line(…), Line(…)]))

Whoever moves money posts in the same transaction, by the named functions of :mod:`services.grants.ledger.postings`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from services.grants.ledger import store
from services.grants.ledger.chart import Account, Kind, Restriction
from services.grants.ledger.models import AlreadyReversed, LedgerLine, OverDrawn, YearClosed
from shared import clock
from shared.db.types import microseconds
from shared.errors import NotFound
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Line:
    """So many pence, debits positive, on an account of a fund; whose money it is and for which award, where known.

    The restriction is that of the contribution unless it is given.
    """

    account: Account
    pence: int
    fund: str
    contribution: str | None = None
    restriction: Restriction | None = None
    award: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What moved money: its kind, its day in the movement's zone, the id of the record that it is about."""

    kind: Kind
    on: date
    about: str
    lines: Sequence[Line] = field(default_factory=list)


def post(session: Session, movement: str, entry: Entry, *, reverses: str | None = None, reason: str = "") -> str:
    """Write an entry and carry its lines to the balances; the entry's id.

    Its lines sum to zero for each fund and, within it, for each contribution: ValueError otherwise, for that is a fault
    of ours. Raises :class:`OverDrawn` where an account would pass its side of nothing, NotFound for a fund or a
    contribution of it that is not there, :class:`YearClosed` for a day of a financial year that is closed.
    """
    _check(entry)
    currency = _held(session, movement, entry)
    if store.is_closed(session, movement, entry.on):
        raise YearClosed("date it into the year that is open")
    lines = _with_restrictions(session, movement, entry)
    entry_id = new_id("entry")
    store.insert(
        session,
        movement,
        {
            "id": entry_id,
            "kind": entry.kind.value,
            "day": entry.on.isoformat(),
            "about": entry.about,
            "currency": currency,
            "reverses": reverses,
            "reason": reason or None,
            "posted_at": microseconds(clock.now()),
        },
        [
            {
                "entry_id": entry_id,
                "number": number,
                "account": line.account.value,
                "fund_id": line.fund,
                "contribution_id": line.contribution,
                "award_id": line.award,
                "restriction": restriction.value,
                "pence": line.pence,
            }
            for number, (line, restriction) in enumerate(lines, 1)
        ],
    )
    _carry(session, movement, entry.on, lines)
    return entry_id


def reverse(
    session: Session, movement: str, entry_id: str, reason: str, on: date, *, kind: Kind = Kind.REVERSAL
) -> str:
    """Post the opposite of an entry, for a reason; the new entry's id. It is all that corrects one.

    Raises NotFound, :class:`AlreadyReversed`, and :class:`OverDrawn` where its money has gone elsewhere since.
    """
    entry = store.find_entry(session, movement, entry_id)
    if entry is None:
        raise NotFound("there is no such entry")
    posted = store.lines_of(session, movement, [entry_id])
    opposite = Entry(kind, on, entry.about, [_opposite(line) for line in posted])
    _held(session, movement, opposite)
    if entry.reverses is not None or store.reversal_of(session, movement, entry_id) is not None:
        raise AlreadyReversed("an entry is reversed once, and a reversal never")
    return post(session, movement, opposite, reverses=entry_id, reason=reason)


def _opposite(line: LedgerLine) -> Line:
    return Line(
        Account(line.account),
        -line.pence,
        line.fund_id,
        line.contribution_id,
        Restriction(line.restriction),
        line.award_id,
    )


def _check(entry: Entry) -> None:
    sums: Counter[tuple[str, str | None]] = Counter()
    for line in entry.lines:
        sums[line.fund, line.contribution] += line.pence
    if not entry.lines or any(sums.values()) or any(line.pence == 0 for line in entry.lines):
        raise ValueError(f"the lines of an entry of the kind {entry.kind} do not sum to zero")


def _held(session: Session, movement: str, entry: Entry) -> str:
    """Hold the funds of an entry, in the order of their ids; the currency that they share."""
    currencies = {store.hold_fund(session, movement, fund) for fund in sorted({line.fund for line in entry.lines})}
    if None in currencies:
        raise NotFound("there is no such fund")
    (currency, *others) = (each for each in currencies if each is not None)
    if others:
        raise ValueError("an entry is in one currency")
    return currency


def _with_restrictions(session: Session, movement: str, entry: Entry) -> list[tuple[Line, Restriction]]:
    asked = {line.contribution for line in entry.lines if line.contribution is not None and line.restriction is None}
    known = store.restrictions(session, movement, asked) if asked else {}
    found: list[tuple[Line, Restriction]] = []
    for line in entry.lines:
        if line.contribution is None:
            found.append((line, Restriction.UNALLOCATED))
            continue
        restriction = line.restriction or known.get((line.fund, line.contribution))
        if restriction is None:
            raise NotFound("there is no such contribution to this fund")
        found.append((line, restriction))
    return found


def _carry(session: Session, movement: str, day: date, lines: Sequence[tuple[Line, Restriction]]) -> None:
    """Add the lines to the balances, each once, in the order of their keys."""
    moved: Counter[store.Key] = Counter()
    for line, restriction in lines:
        moved[line.fund, line.account.value, line.contribution or "", restriction.value] += line.pence
    for key, pence in sorted(moved.items()):
        if pence and not store.move(session, movement, key, pence, day):
            raise OverDrawn(f"there is less than that on the account {key[1]}", account=key[1])
