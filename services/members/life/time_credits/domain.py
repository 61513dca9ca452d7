"""The verbs of the time bank: time transferred, a transfer reversed, a statement drawn up, the terms agreed on anew."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.engagement.activities import domain as activities
from services.members.engagement.activities.schemas import NewActivity
from services.members.life.time_credits import store
from services.members.life.time_credits.models import (
    DEFAULT_LOWEST,
    BelowLimit,
    ReversedAlready,
    TimeBank,
    TimeTransfer,
)
from services.members.life.time_credits.schemas import (
    Bank,
    BankChanges,
    Line,
    NewTransfer,
    Reversal,
    SideShown,
    Statement,
    TransferShown,
)
from services.members.life.time_credits.store import Account, Chosen
from services.members.life.whose import Whose
from services.members.named import named, organisation_now, person_now
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.life import TimeReversed, TimeTransferred
from shared.ids import new_id

GIVEN = "time_given"
"""The kind of activity that time given counts as on the helper's ladder."""

_MOST_LINES = 2_000
_YEAR = timedelta(days=365)


def transfer(session: Session, movement: str, said: NewTransfer, *, counts: bool = True) -> TimeTransfer:
    """Record time that one side gave and the other had. It counts on the helper's ladder, unless the help itself did.

    Raises Invalid, BelowLimit.
    """
    helper, helped, on = _sides(session, movement, said)
    store.lock(session, movement, helper, helped)
    balance, lowest = store.balance(session, movement, helped), _lowest(session, movement)
    if balance - said.minutes < lowest:
        raise BelowLimit(balance=balance, lowest=lowest)
    recorded = _record(session, movement, helper, helped, said.minutes, said.what, on)
    if counts and helper.person is not None:
        done = NewActivity(person=helper.person, kind=GIVEN, on=on, counterpart=helped.person)
        recorded.activity = activities.record_one(session, movement, done).id
    outbox.record(session, TimeTransferred(transfer=recorded.id, minutes=said.minutes))
    return recorded


def reverse(session: Session, movement: str, id: str, said: Reversal) -> TimeTransfer:
    """Undo a transfer by its opposite, whatever the balances: what was wrong was never had. Raises NotFound and
    ReversedAlready."""
    wrong = _found(store.find(session, movement, id, locked=True))
    already = store.reversal_of(session, movement, id)
    if already is not None or wrong.reverses is not None:
        raise ReversedAlready(reversal=already or id)
    helper = Account(wrong.helper_person, wrong.helper_organisation)
    helped = Account(wrong.helped_person, wrong.helped_organisation)
    store.lock(session, movement, helper, helped)
    recorded = _record(session, movement, helped, helper, wrong.minutes, wrong.what, days.today(session, movement))
    recorded.reverses, recorded.why = id, said.why
    if wrong.activity is not None:
        activities.void(session, movement, wrong.activity, said.why)
    outbox.record(session, TimeReversed(transfer=id, reversal=recorded.id))
    return recorded


def stands(session: Session, movement: str, id: str) -> bool:
    """Whether a transfer was not reversed."""
    return store.reversal_of(session, movement, id) is None


def read(session: Session, movement: str, id: str) -> TimeTransfer:
    """One transfer. Raises NotFound."""
    return _found(store.find(session, movement, id))


def list_transfers(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[TimeTransfer]:
    """Transfers in the order in which they were recorded; of somebody by any id that they ever had."""
    now = Chosen(person_now(session, movement, chosen.person), organisation_now(session, movement, chosen.organisation))
    return store.list_transfers(session, movement, chosen=now, after=after, limit=limit)


def statement(session: Session, movement: str, side: Whose, starts_on: date | None, ends_on: date | None) -> Statement:
    """What a side gave and had, the last year unless other days are named. Raises Invalid."""
    found = named(
        session, movement, people={"?person": side.person}, organisations={"?organisation": side.organisation}
    )
    if found.faults:
        raise Invalid(faults=found.faults)
    account = Account(found.at("?person"), found.at("?organisation"))
    until = ends_on or days.today(session, movement)
    since = starts_on or until - _YEAR
    rows = store.of_days(session, movement, account, since, until, _MOST_LINES + 1)
    if len(rows) > _MOST_LINES:
        raise Invalid(faults=[Fault("?starts_on", f"leaves more than {_MOST_LINES} transfers", "too_many")])
    balance = opening = store.balance(session, movement, account, before=since)
    lines: list[Line] = []
    for row in rows:
        came_in = account in (Account(row.helper_person, None), Account(None, row.helper_organisation))
        minutes = row.minutes if came_in else -row.minutes
        balance += minutes
        lines.append(Line(transfer=TransferShown.of(row), minutes=minutes, balance=balance))
    shown = SideShown(person=account.person, organisation=account.organisation)
    return Statement(side=shown, starts_on=since, ends_on=until, opening=opening, lines=lines, closing=balance)


def bank(session: Session, movement: str) -> Bank:
    """The terms of the time bank, and what passed through it."""
    agreed = store.terms(session, movement)
    transfers, minutes = store.totals(session, movement)
    return Bank(
        lowest_minutes=DEFAULT_LOWEST if agreed is None else agreed.lowest,
        transfers=transfers,
        minutes=minutes,
        sum_of_balances=store.sum_of_balances(session, movement),
        version=0 if agreed is None else agreed.version,
    )


def agree(session: Session, movement: str, changes: BankChanges, expected: int | None) -> Bank:
    """Set how much time the bank lends from now on; nobody's balance changes. Raises PreconditionFailed."""
    agreed = store.terms(session, movement, locked=True)
    hold_to(0 if agreed is None else agreed.version, expected)
    if agreed is None:
        agreed = TimeBank(movement=movement, version=0, lowest=DEFAULT_LOWEST, updated_at=clock.now())
        session.add(agreed)
    if changes.lowest_minutes is not None:
        agreed.lowest = changes.lowest_minutes
    agreed.version, agreed.updated_at = agreed.version + 1, clock.now()
    session.flush()
    return bank(session, movement)


def _sides(session: Session, movement: str, said: NewTransfer) -> tuple[Account, Account, date]:
    """Who helped whom, by the ids that they have now, and when. Raises Invalid."""
    found = named(
        session,
        movement,
        people={"/helper/person": said.helper.person, "/helped/person": said.helped.person},
        organisations={
            "/helper/organisation": said.helper.organisation,
            "/helped/organisation": said.helped.organisation,
        },
    )
    faults, today = list(found.faults), days.today(session, movement)
    helper = Account(found.at("/helper/person"), found.at("/helper/organisation"))
    helped = Account(found.at("/helped/person"), found.at("/helped/organisation"))
    if not faults and helper == helped:  # by two ids of one that was merged
        faults.append(Fault("/helped", "cannot give time to itself", "same_side"))
    if said.on is not None and said.on > today:
        faults.append(Fault("/on", "is still to come", "in_the_future"))
    if faults:
        raise Invalid(faults=faults)
    return helper, helped, said.on or today


def _record(
    session: Session, movement: str, helper: Account, helped: Account, minutes: int, what: str, on: date
) -> TimeTransfer:
    recorded = TimeTransfer(
        movement=movement,
        id=new_id("time"),
        helper_person=helper.person,
        helper_organisation=helper.organisation,
        helped_person=helped.person,
        helped_organisation=helped.organisation,
        minutes=minutes,
        what=what,
        on=on,
        recorded_by=of(session).context.actor,
        recorded_at=clock.now(),
    )
    session.add(recorded)
    return recorded


def _lowest(session: Session, movement: str) -> int:
    agreed = store.terms(session, movement)
    return DEFAULT_LOWEST if agreed is None else agreed.lowest


def _found(transfer: TimeTransfer | None) -> TimeTransfer:
    if transfer is None:
        raise NotFound
    return transfer
