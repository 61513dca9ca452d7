"""Locks and floors: a user decides where a person stands, or below which rung they do not fall, and says why.

Neither takes anybody past what was confirmed to them and accepted.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people import store as people
from services.members.engagement.ladder import decisions, domain, engine, rules, store
from services.members.engagement.ladder.domain import NoLadder
from services.members.engagement.ladder.engine import Rung
from services.members.engagement.ladder.models import Cause, Decided, LadderDecision
from shared import clock
from shared.db.session import of
from shared.errors import Conflict, Fault, Invalid, NotFound

CAUSES = {Decided.LOCKED: Cause.LOCK, Decided.FLOOR: Cause.FLOOR}


class NotConfirmed(Conflict):
    """The rung takes a confirmation that the person accepted, and they have none."""

    code = "not_confirmed"
    title = "This rung takes a confirmation"


class Hold(NamedTuple):
    """What is decided: the rung, why, and the last day that it is meant for (None: until it is lifted)."""

    rung: Rung
    why: str
    until: date | None


def put(session: Session, movement: str, person: str, kind: Decided, hold: Hold, user: str) -> LadderDecision:
    """Lock a person's rung, or put a floor under it, in place of what held before.

    Raises NotFound, NoLadder, NotConfirmed, and Invalid for a day that is past.
    """
    person = people.present_id(session, movement, person)
    rules.applied(session, movement)
    if hold.until is not None and hold.until < days.today(session, movement):
        raise Invalid(faults=[Fault("/until", "is in the past", "in_the_past")])
    found = store.for_change(session, movement, [person])
    if not found:
        raise NotFound
    (member,) = found
    if member.rung is None:
        raise NoLadder
    confirmed = None if member.confirmed_rung is None else Rung(member.confirmed_rung)
    if engine.effective(hold.rung, confirmed) is not hold.rung:
        raise NotConfirmed("confirm it first, and let them accept", rung=hold.rung)
    _end(session, movement, person, kind)
    decisions.decide(session, movement, person, kind, rung=hold.rung, why=hold.why, until=hold.until, by=user)
    domain.bring_up_to_date(session, movement, found, CAUSES[kind])
    return in_force(session, movement, person, kind)[-1]


def lift(session: Session, movement: str, person: str, kind: Decided) -> None:
    """Lift a lock or a floor; nothing changes where there is none. Raises NotFound."""
    person = people.present_id(session, movement, person)
    found = store.for_change(session, movement, [person])
    if not found:
        raise NotFound
    _end(session, movement, person, kind)
    domain.bring_up_to_date(session, movement, found, CAUSES[kind])


def let_expire(session: Session, movement: str) -> None:
    """End what was meant until a day that is past, and let whom it held stand where they would without it."""
    over = decisions.past(session, movement, days.today(session, movement))
    if not over:
        return
    found = store.for_change(session, movement, {each.person for each in over})
    decisions.end(session, movement, [each.id for each in over], of(session).context.actor, clock.now())
    for kind, cause in CAUSES.items():
        people = {each.person for each in over if each.decided == kind}
        domain.bring_up_to_date(session, movement, [member for member in found if member.person in people], cause)


def movements_with_past(session: Session) -> list[str]:
    """The movements in which something was meant until a day that is past."""
    return [
        movement
        for movement in decisions.movements_with_ends(session)
        if decisions.past(session, movement, days.today(session, movement))
    ]


def in_force(session: Session, movement: str, person: str, kind: Decided) -> list[LadderDecision]:
    """The locks or floors of a person that hold."""
    return list(decisions.of_person(session, movement, person, kind))


def _end(session: Session, movement: str, person: str, kind: Decided) -> None:
    before = [each.id for each in in_force(session, movement, person, kind)]
    if before:
        decisions.end(session, movement, before, of(session).context.actor, clock.now())
