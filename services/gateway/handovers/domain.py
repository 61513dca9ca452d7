"""What is done with handovers: access ends and the handover is stored, in one transaction; members is told after it.

The order is the point. Whatever becomes of the rest, whoever leaves is out when the transaction commits; and since the
handover is stored in the same transaction, what they held cannot be forgotten.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import orm

from services.gateway.access.api_keys import store as api_keys
from services.gateway.access.movements import store as movements
from services.gateway.access.sessions import store as sessions
from services.gateway.access.users import domain as users
from services.gateway.access.users import store as accounts
from services.gateway.access.users.models import User
from services.gateway.handovers import store
from services.gateway.handovers.models import Handover, State
from services.gateway.handovers.schemas import NewHandover
from shared import clock, outbox
from shared.db.session import of
from shared.errors import Fault, Invalid, NotFound
from shared.events.gateway import AccessEnded
from shared.ids import new_id

FIRST_AGAIN = timedelta(seconds=2)
"""How long the request that begins a handover has for telling members itself, before the worker does it again."""

_LONGEST_PAUSE = timedelta(minutes=5)

Shown = tuple[Handover, list[str]]
"""A handover, and the users who left through it."""


def begin(session: orm.Session, movement: str, said: NewHandover, granting: Collection[str]) -> Shown:
    """End the access of whoever leaves, and store the handover.

    A user who has left already answers the handover through which they did. Nobody ends the access of somebody who may
    do more than they may themselves. Raises Invalid, LastAdmin, ScopeNotHeld.
    """
    leaving_on = _day(session, movement, said.leaving_on)
    leaving, person = _who(session, movement, said)
    before = next((user.handover for user in leaving if user.handover is not None), None)
    if before is not None:
        return read(session, movement, before)
    at = clock.now()
    handover = Handover(
        movement=movement, id=new_id("handover"), person=person, caretaker=said.caretaker, reason=said.reason,
        leaving_on=leaving_on, state=State.PENDING, begun_by=of(session).context.actor, access_ended_at=at,
        sessions_ended=0, keys_ended=[], attempts=0, next_attempt_at=at + FIRST_AGAIN,
    )  # fmt: skip
    for user in leaving:
        _end_access(session, movement, user, handover, granting)
    session.add(handover)
    session.flush()
    return handover, [user.id for user in leaving]


def read(session: orm.Session, movement: str, handover: str) -> Shown:
    """A handover of this movement, or NotFound."""
    found = store.find(session, movement, handover)
    if found is None:
        raise NotFound("there is no such handover")
    return found, [user.id for user in accounts.of_handover(session, movement, handover)]


def page(session: orm.Session, movement: str, after: str, limit: int) -> list[Shown]:
    """Handovers in the order in which they began."""
    return [
        (found, [user.id for user in accounts.of_handover(session, movement, found.id)])
        for found in store.page(session, movement, after, limit)
    ]


def handed_over(session: orm.Session, movement: str, handover: str) -> None:
    """Members has it; being told twice changes nothing."""
    found = store.find(session, movement, handover, lock=True)
    if found is not None and found.state == State.PENDING:
        found.state, found.handed_over_at, found.next_attempt_at = State.HANDED_OVER, clock.now(), None
        found.attempts, found.trouble = found.attempts + 1, None


def not_yet(session: orm.Session, movement: str, handover: str, trouble: str) -> None:
    """Members could not be told; it is tried again after a pause that doubles, from 2 seconds to 5 minutes."""
    found = store.find(session, movement, handover, lock=True)
    if found is not None and found.state == State.PENDING:
        found.attempts += 1
        pause = min(timedelta(seconds=2 ** min(found.attempts, 10)), _LONGEST_PAUSE)
        found.next_attempt_at, found.trouble = clock.now() + pause, trouble


def _day(session: orm.Session, movement: str, said: date | None) -> date:
    """The day of the leaving: access ends now, so it cannot lie ahead."""
    found = movements.find(session, movement)
    if found is None:
        raise NotFound("there is no such movement")
    today = clock.today(found.time_zone)
    if said is not None and said > today:
        raise Invalid(faults=[Fault("/leaving_on", "is in the future; access ends at once", "in_the_future")])
    return said or today


def _who(session: orm.Session, movement: str, said: NewHandover) -> tuple[Sequence[User], str | None]:
    """Whose access ends, and who they are among the movement's people."""
    named = None
    person = said.person
    if said.user is not None:
        named = accounts.find(session, movement, said.user, lock=True)
        if named is None:
            raise Invalid(faults=[Fault("/user", "is no user of this movement", "unknown_user")])
        if person is not None and named.person not in {None, *accounts.ids_of(session, movement, person)}:
            raise Invalid(faults=[Fault("/person", "is not who this user is", "another_person")])
        person = person or named.person
    linked = accounts.of_person(session, movement, person) if person is not None else ()
    leaving = {user.id: user for user in linked if user.ended_at is None or user.id == said.user}
    if named is not None:
        leaving[named.id] = named
    return [leaving[user] for user in sorted(leaving)], person


def _end_access(session: orm.Session, movement: str, user: User, handover: Handover, granting: Collection[str]) -> None:
    """Close one account with its sessions and the keys that its user made, and count what ended."""
    at: datetime = handover.access_ended_at
    handover.sessions_ended += sessions.count_live(session, movement, user.id, at)
    handover.keys_ended = [*handover.keys_ended, *api_keys.live_made_by(session, movement, user.id)]
    users.end_user(session, movement, user.id, granting=granting)
    user.handover = handover.id
    outbox.record(session, AccessEnded(user=user.id, handover=handover.id))
