"""Champions and co-owners: a user of the movement confirms that somebody is ready, and the person says yes or no.

Nobody stands on either rung without both. Whoever stands there may step back, and declining costs nothing.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people import store as people
from services.members.engagement.ladder import confirmations_store as store
from services.members.engagement.ladder import decisions, domain, engine, rules, words
from services.members.engagement.ladder import store as ladder_store
from services.members.engagement.ladder.domain import NoLadder
from services.members.engagement.ladder.engine import RUNGS, Rung
from services.members.engagement.ladder.models import Cause, Confirmed, Decided, How, RungConfirmation
from services.members.engagement.ladder.store import Member
from shared import clock, outbox
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.engagement import RungConfirmationAnswered, RungConfirmationOffered
from shared.ids import new_id


class NotEligible(Conflict):
    """The rung is not the next one up for this person, or its rules are not met; ``rung`` says where they stand."""

    code = "not_eligible"
    title = "Not eligible for this rung"


class AlreadyOffered(Conflict):
    """The person was asked about this rung and has not answered; ``confirmation`` is the one that waits."""

    code = "already_offered"
    title = "This rung is offered to them already"


class Answer(NamedTuple):
    """How and on which day the person gave their word."""

    how: How
    on: date


def offer(
    session: Session, movement: str, person: str, rung: Rung, answer: Answer | None, user: str
) -> RungConfirmation:
    """Confirm that somebody is ready for a rung; with their acceptance they stand on it at once, else it waits.

    Raises NotFound, NoLadder, NotEligible, AlreadyOffered.
    """
    person = people.present_id(session, movement, person)
    rules.applied(session, movement)
    if answer is not None:
        _refuse_future(session, movement, answer, "/accepted/on")
    member = _member(session, movement, person)
    stood = Rung(member.rung or RUNGS[0])
    if engine.awaiting(stood, Rung(member.computed_rung or RUNGS[0])) is not rung:
        raise NotEligible(f"their next step is not to be {words.NAMES[rung]}", rung=stood)
    for waiting in store.of_person(session, movement, person, Confirmed.OFFERED):
        raise AlreadyOffered("they have not answered yet", confirmation=waiting.id)
    offered = RungConfirmation(
        movement=movement,
        id=new_id("confirmation"),
        person=person,
        rung=rung,
        state=Confirmed.OFFERED,
        confirmed_by=user,
        confirmed_at=clock.now(),
    )
    session.add(offered)
    session.flush()
    outbox.record(session, RungConfirmationOffered(person=person, confirmation=offered.id, rung=rung))
    if answer is not None:
        _accept(session, movement, member, offered, answer)
    return offered


def accept(session: Session, movement: str, person: str, confirmation: str, answer: Answer) -> RungConfirmation:
    """The person accepts, and stands on the rung. Raises NotFound, NoLadder, NotEligible, IllegalTransition."""
    person = people.present_id(session, movement, person)
    _refuse_future(session, movement, answer, "/on")
    member = _member(session, movement, person)
    offered = _offered(session, movement, person, confirmation)
    _accept(session, movement, member, offered, answer)
    return offered


def decline(session: Session, movement: str, person: str, confirmation: str, answer: Answer) -> RungConfirmation:
    """The person would rather not. They stand where they stood. Raises NotFound, NoLadder, IllegalTransition."""
    person = people.present_id(session, movement, person)
    _refuse_future(session, movement, answer, "/on")
    _member(session, movement, person)
    offered = _offered(session, movement, person, confirmation)
    offered.answer(Confirmed.DECLINED, answer.how, answer.on, clock.now())
    store.declined(session, movement, person, offered.rung)
    _announce(session, offered)
    return offered


def step_back(session: Session, movement: str, person: str, to: Rung, answer: Answer) -> Sequence[RungConfirmation]:
    """The person steps back to a lower rung. What they did still counts. Raises NotFound, NoLadder, NotEligible."""
    person = people.present_id(session, movement, person)
    _refuse_future(session, movement, answer, "/on")
    member = _member(session, movement, person)
    given = [
        each
        for each in store.of_person(session, movement, person, Confirmed.ACCEPTED)
        if Rung(each.rung).height > to.height
    ]
    stood = Rung(member.rung or RUNGS[0])
    if not given or stood.height <= to.height:
        raise NotEligible(f"they do not stand above {words.NAMES[to]}", rung=stood)
    for each in given:
        each.answer(Confirmed.STEPPED_BACK, answer.how, answer.on, clock.now())
        _announce(session, each)
    session.flush()
    decisions.end_confirmations(session, movement, person, {each.rung for each in given})
    store.declined(session, movement, person, to.above)
    domain.bring_up_to_date(session, movement, [member._replace(declined_rung=to.above)], Cause.STEPPED_BACK)
    return given


def of_person(session: Session, movement: str, person: str) -> Sequence[RungConfirmation]:
    """Every confirmation of a person, for reading; none for who has no place on the ladder. Raises NotFound."""
    person = people.present_id(session, movement, person)
    member = ladder_store.member(session, movement, person)
    if member is None:
        raise NotFound
    return () if member.rung is None else store.of_person(session, movement, person)


def _accept(session: Session, movement: str, member: Member, offered: RungConfirmation, answer: Answer) -> None:
    offered.answer(Confirmed.ACCEPTED, answer.how, answer.on, clock.now())
    session.flush()
    decisions.decide(session, movement, member.person, Decided.CONFIRMED, rung=Rung(offered.rung))
    store.declined(session, movement, member.person, None)
    member = member._replace(declined_rung=None)
    domain.bring_up_to_date(session, movement, [member], Cause.CONFIRMATION, confirmed_by=offered.confirmed_by)
    (settled,) = ladder_store.for_change(session, movement, [member.person])
    if settled.confirmed_rung is None or Rung(settled.confirmed_rung).height < Rung(offered.rung).height:
        raise NotEligible("its rules are no longer met", rung=member.rung or RUNGS[0])
    _announce(session, offered)


def _refuse_future(session: Session, movement: str, answer: Answer, pointer: str) -> None:
    if answer.on > days.today(session, movement):
        raise Invalid(faults=[Fault(pointer, "is in the future", "in_the_future")])


def _member(session: Session, movement: str, person: str) -> Member:
    found = ladder_store.for_change(session, movement, [person])
    if not found:
        raise NotFound
    if found[0].rung is None:
        raise NoLadder
    return found[0]


def _offered(session: Session, movement: str, person: str, confirmation: str) -> RungConfirmation:
    found = store.find(session, movement, person, confirmation)
    if found is None:
        raise NotFound
    return found


def _announce(session: Session, answered: RungConfirmation) -> None:
    event = RungConfirmationAnswered(
        person=answered.person, confirmation=answered.id, rung=answered.rung, answer=answered.state
    )
    outbox.record(session, event)
