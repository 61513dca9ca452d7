"""How financial years end: by a day that the movement names, and by closing them one after the other, for good.

Closing carries what income and expenses came to over to the funds, each contribution's by itself, so that the next year
begins with nothing but what there is. The closing entries are the year's statement.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from services.grants.days import today
from services.grants.ledger.chart import CHART, Account, Kind, Restriction
from services.grants.ledger.domain import Entry, Line, post
from services.grants.ledger.models import LedgerLine, LedgerYear
from services.grants.ledger.store import Key
from services.grants.ledger.years import store
from services.grants.ledger.years.calendar import DayOfYear
from services.grants.ledger.years.models import NothingToClose, YearEnd, YearNotOver
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.ledger import LedgerYearClosed
from shared.ids import new_id

_ENDING = [account.value for account, described in CHART.items() if described.ends_with_the_year]


@dataclass(frozen=True, slots=True)
class Ends:
    """When a movement's years end: the day, the last one that was closed, the next one to close, and the version."""

    day: DayOfYear
    closed_until: date | None
    next_ends_on: date | None
    version: int
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed year, and the lines that closed it, each with its currency."""

    year: LedgerYear
    lines: Sequence[tuple[str, LedgerLine]]


def year_ends(session: Session, movement: str, default: str) -> Ends:
    """When the movement's years end; `default` (`03-31`) where it has not said so."""
    said = store.year_end(session, movement)
    day = DayOfYear.read(default) if said is None else DayOfYear(said.month, said.day)
    closed, begun = store.last_closed(session, movement), store.first_day(session, movement)
    begins = begun if closed is None else closed + timedelta(1)
    following = None if begins is None else day.on_or_after(begins)
    version, at = (1, None) if said is None else (said.version, said.updated_at)
    return Ends(day, closed, following, version, at)


def change_year_ends(session: Session, movement: str, day: DayOfYear, expected: int | None, default: str) -> Ends:
    """Let years end on another day from the one on that is open. A year that is closed stays as it was."""
    said = store.year_end_for_change(session, movement)
    hold_to(1 if said is None else said.version, expected)
    at = clock.now()
    if said is None:
        session.add(YearEnd(movement=movement, month=day.month, day=day.day, updated_at=at, version=2))
    else:
        said.month, said.day, said.updated_at, said.version = day.month, day.day, at, said.version + 1
    session.flush()
    return year_ends(session, movement, default)


def close_year(session: Session, movement: str, ends_on: date, closed_by: str, default: str) -> Closed:
    """Close the next year, whose last day is ``ends_on``: carry its income and expenses over, and date nothing into it.

    Raises :class:`NothingToClose`, Invalid where it is not the next one, and :class:`YearNotOver`.
    """
    store.hold_funds(session, movement)
    ends = year_ends(session, movement, default)
    if ends.next_ends_on is None:
        raise NothingToClose
    if ends_on != ends.next_ends_on:
        raise Invalid(faults=[Fault("/ends_on", f"the next year to close ends on {ends.next_ends_on}", "not_the_next")])
    if ends_on >= today(session, movement):
        raise YearNotOver(f"it ends on {ends_on}")
    begun = ends.closed_until + timedelta(1) if ends.closed_until else ends.day.year_of(ends_on)[0]
    year = LedgerYear(
        movement=movement,
        id=new_id("year"),
        starts_on=begun,
        ends_on=ends_on,
        closed_at=clock.now(),
        closed_by=closed_by,
    )
    came_to = store.came_to(session, movement, _ENDING, ends_on)
    for fund in dict.fromkeys(key[0] for key in came_to):
        lines = _carried_over(((key, pence) for key, pence in came_to.items() if key[0] == fund))
        post(session, movement, Entry(Kind.YEAR_CLOSED, ends_on, year.id, lines))
    session.add(year)
    session.flush()
    outbox.record(session, LedgerYearClosed(year=year.id, ends_on=ends_on.isoformat()))
    return get_year(session, movement, year.id)


def get_year(session: Session, movement: str, year_id: str) -> Closed:
    """A closed year with the lines that closed it, or NotFound."""
    year = store.find(session, movement, year_id)
    if year is None:
        raise NotFound("there is no such year")
    return Closed(year, store.closing_lines(session, movement, year_id))


def _carried_over(came_to: Iterable[tuple[Key, int]]) -> list[Line]:
    """The lines that bring these balances of one fund to nothing, and what they come to over to what is carried on."""
    lines: list[Line] = []
    left: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for (fund, account, contribution, restriction), pence in came_to:
        lines.append(Line(Account(account), -pence, fund, contribution or None, Restriction(restriction)))
        left[fund, contribution, restriction] += pence
    for (fund, contribution, restriction), pence in left.items():
        if pence:
            of = contribution or None
            lines.append(Line(Account.CARRIED_FORWARD, pence, fund, of, Restriction(restriction)))
    return lines
