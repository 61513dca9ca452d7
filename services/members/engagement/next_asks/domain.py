"""Meaning to ask somebody, changing one's mind about it, and writing down what they said."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.people import store as people
from services.members.engagement.ladder import guard
from services.members.engagement.ladder.domain import NoLadder
from services.members.engagement.next_asks import store
from services.members.engagement.next_asks.models import AskState, NextAsk
from services.members.engagement.next_asks.schemas import AskChanges, NewAnswer, NewAsk
from services.members.engagement.next_asks.store import Chosen
from services.members.named import by_present_ids
from services.members.trust.employers.store import refuse_own_staff
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.engagement import NextAskAnswered, NextAskMade, NextAskWithdrawn
from shared.ids import new_id
from shared.lifecycle import IllegalTransition


def ask(session: Session, movement: str, said: NewAsk) -> NextAsk:
    """Mean to ask somebody. Raises Invalid for people who are not known, and NoLadder for whom the ladder is not."""
    now = people.current(session, movement, {said.person, said.asker or said.person})
    person, asker = now[said.person], None if said.asker is None else now[said.asker]
    if faults := list(_strangers(session, movement, {"/person": person, "/asker": asker})):
        raise Invalid(faults=faults)
    if not guard.on_ladder(session, movement, person):
        raise NoLadder
    at = clock.now()
    row = NextAsk(
        movement=movement,
        id=new_id("nextask"),
        person=person,
        what=said.what,
        asker=asker,
        due_on=said.due_on,
        state=AskState.OPEN,
        version=1,
        created_at=at,
        updated_at=at,
    )
    session.add(row)
    outbox.record(session, NextAskMade(ask=row.id, person=person, asker=asker))
    return row


def change(session: Session, movement: str, which: str, changes: AskChanges, expected: int | None) -> NextAsk:
    """Change what is given of an open ask. Raises NotFound, PreconditionFailed, IllegalTransition, Invalid."""
    row = _found(session, movement, which)
    hold_to(row.version, expected)
    if row.state != AskState.OPEN:
        raise IllegalTransition(f"an ask that is {row.state} cannot be changed", state=row.state)
    given = changes.model_fields_set
    if changes.asker is not None:
        asker = people.present_id(session, movement, changes.asker)
        if faults := list(_strangers(session, movement, {"/asker": asker})):
            raise Invalid(faults=faults)
        row.asker = asker
    elif "asker" in given:
        row.asker = None
    row.what, row.due_on = changes.what or row.what, changes.due_on or row.due_on
    row.version, row.updated_at = row.version + 1, clock.now()
    return row


def answer(session: Session, movement: str, which: str, said: NewAnswer) -> NextAsk:
    """Write down what somebody said. Raises NotFound, IllegalTransition, and Invalid for a day to come."""
    row = _found(session, movement, which)
    if said.on > days.today(session, movement):
        raise Invalid(faults=[Fault("/on", "is in the future", "in_the_future")])
    row.settle(said.answer, said.on, said.note, clock.now())
    outbox.record(session, NextAskAnswered(ask=row.id, person=row.person, answer=said.answer))
    return row


def withdraw(session: Session, movement: str, which: str) -> NextAsk:
    """No longer mean to ask. Raises NotFound, IllegalTransition."""
    row = _found(session, movement, which)
    row.withdraw(clock.now())
    outbox.record(session, NextAskWithdrawn(ask=row.id, person=row.person))
    return row


def withdraw_all_of(session: Session, movement: str, person: str) -> int:
    """Ask a person nothing that was meant to be asked; how many asks that were."""
    open_asks = store.open_of(session, movement, person)
    for row in open_asks:
        row.withdraw(clock.now())
        outbox.record(session, NextAskWithdrawn(ask=row.id, person=row.person))
    return len(open_asks)


def read(session: Session, movement: str, which: str) -> NextAsk:
    """One ask. Raises NotFound and OwnStaff."""
    row = store.find(session, movement, which)
    if row is None:
        raise NotFound
    refuse_own_staff(session, movement, row.person)
    return row


def list_asks(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[NextAsk]:
    """Asks in the order in which they were made; of somebody, or by somebody, by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person", "asker"))
    return store.list_asks(session, movement, chosen=chosen, after=after, limit=limit)


def _found(session: Session, movement: str, which: str) -> NextAsk:
    row = store.find_for_change(session, movement, which)
    if row is None:
        raise NotFound
    return row


def _strangers(session: Session, movement: str, named: dict[str, str | None]) -> Iterator[Fault]:
    for pointer, person in named.items():
        if person is not None and not people.known(session, movement, [person]):
            yield Fault(pointer, "is no person of this movement", "unknown_person")
