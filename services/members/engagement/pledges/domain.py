"""Making pledges, keeping them or being released, and showing them openly by somebody's permission."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.engagement.activities import domain as activities
from services.members.engagement.activities.schemas import NewActivity
from services.members.engagement.ladder import guard
from services.members.engagement.pledges import publication, store
from services.members.engagement.pledges.models import Pledge, PledgeState
from services.members.engagement.pledges.schemas import NewPledge, NewPledgeOf, Permitted, PledgeChanges, Settlement
from services.members.engagement.pledges.store import Chosen
from services.members.named import by_present_ids, named
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.pledges import (
    OrganisationPledged,
    PledgeKept,
    PledgeMade,
    PledgeOverdue,
    PledgePublished,
    PledgeReleased,
)
from shared.ids import new_id

PLEDGED = "pledged"
KEPT_PLEDGE = "kept_pledge"
"""The kinds of activity that a person's pledges make: one when they make it, one when they keep it."""


class NotShownOpenly(Conflict):
    """Whose words are never shown openly: children's, residents' and connectors' clients'. It is not said which."""

    code = "not_shown_openly"
    title = "This person's pledges are not shown openly"


class NoPermission(Invalid):
    """Somebody has to permit that an organisation's pledge is shown openly."""

    code = "no_permission"
    title = "It is not said by whose permission"


def make(session: Session, movement: str, person: str, said: NewPledge, at: datetime) -> str:
    """Store what a person promises as they sign up, and announce that they did; the words stay here. Its id.

    Raises Invalid where the organisation that they pledge for is none.
    """
    organisation = None
    if said.organisation is not None:
        place = "/pledge/organisation"
        found = named(session, movement, organisations={place: said.organisation})
        if found.faults:
            raise Invalid(faults=found.faults)
        organisation = found.at(place)
    pledge = _new(session, said, None if organisation else person, organisation, at)
    pledge.given_by = person if organisation else None
    if said.published:
        pledge.published_at, pledge.permitted_by = at, person
    _announce(session, pledge)
    store.add(session, movement, pledge)
    return pledge.id


def pledge(session: Session, movement: str, said: NewPledgeOf) -> Pledge:
    """Store what a person or an organisation promises. Raises Invalid, NotShownOpenly."""
    permitted_by = None if said.published is None else said.published.permitted_by
    found = named(
        session,
        movement,
        people={"/person": said.person, "/given_by": said.given_by, "/published/permitted_by": permitted_by},
        organisations={"/organisation": said.organisation},
    )
    if found.faults:
        raise Invalid(faults=found.faults)
    made = _new(session, said, found.at("/person"), found.at("/organisation"), clock.now())
    made.movement, made.given_by = movement, found.at("/given_by")
    session.add(made)
    _announce(session, made, publication=False)
    if (who := made.person or made.given_by) is not None:
        _did(session, movement, who, PLEDGED, days.today(session, movement), made.organisation)
    if said.published is not None:
        _publish(session, movement, made, found.at("/published/permitted_by"), "/published/permitted_by")
    return made


def change(session: Session, movement: str, id: str, changes: PledgeChanges, expected: int | None) -> Pledge:
    """Change a pledge that is still open. Other words are shown openly only once that is permitted. NoLongerChanged."""
    found = _held(session, movement, id, expected)
    words = found.text
    found.edit(clock.now())
    changes.apply(found)
    if found.text != words and found.published_at is not None:
        publication.hide(session, found)
    return found


def keep(session: Session, movement: str, id: str, said: Settlement) -> Pledge:
    """Note that a pledge was kept, which is something that the person did. Raises Invalid, IllegalTransition."""
    found = _held(session, movement, id, None)
    on = _day(session, movement, said)
    found.keep(on, of(session).context.actor, clock.now(), said.note)
    outbox.record(session, PledgeKept(giver=found.giver, pledge=id, campaign=found.campaign))
    if found.person is not None:
        _did(session, movement, found.person, KEPT_PLEDGE, on)
    return found


def release(session: Session, movement: str, id: str, said: Settlement) -> Pledge:
    """Free whoever made a pledge from it. Raises Invalid, IllegalTransition."""
    found = _held(session, movement, id, None)
    found.release(_day(session, movement, said), of(session).context.actor, clock.now(), said.note)
    outbox.record(session, PledgeReleased(giver=found.giver, pledge=id, campaign=found.campaign))
    return found


def publish(session: Session, movement: str, id: str, said: Permitted) -> Pledge:
    """Show a pledge openly. Raises NotShownOpenly, NoPermission, AlreadyPublished, Invalid."""
    pledge = _held(session, movement, id, None)
    found = named(session, movement, people={"/permitted_by": said.permitted_by})
    if found.faults:
        raise Invalid(faults=found.faults)
    _publish(session, movement, pledge, found.at("/permitted_by"), "/permitted_by")
    return pledge


def unpublish(session: Session, movement: str, id: str) -> Pledge:
    """Take the permission back. Raises NotPublished."""
    found = _held(session, movement, id, None)
    publication.hide(session, found)
    return found


def mark_overdue(session: Session, movement: str, slice_of: int) -> bool:
    """Let the next open pledges whose day has passed, in the movement's time zone, be overdue; whether more may be."""
    found = store.due(session, movement, days.today(session, movement), slice_of)
    at = clock.now()
    for pledge in found:
        pledge.fall_due(at)
        outbox.record(session, PledgeOverdue(giver=pledge.giver, pledge=pledge.id, campaign=pledge.campaign))
    return len(found) == slice_of


def list_pledges(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Pledge]:
    """Pledges in the order of their making; of somebody by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person",), organisations=("organisation",))
    return store.list_pledges(session, movement, chosen=chosen, after=after, limit=limit)


def read(session: Session, movement: str, id: str) -> Pledge:
    """One pledge. Raises NotFound."""
    return _found(store.find(session, movement, id))


def _new(
    session: Session, said: NewPledge | NewPledgeOf, person: str | None, organisation: str | None, at: datetime
) -> Pledge:
    return Pledge(
        id=new_id("pledge"),
        version=1,
        person=person,
        organisation=organisation,
        text=said.text,
        campaign=said.campaign,
        due_on=said.due_on,
        state=PledgeState.MADE,
        made_at=at,
        made_by=of(session).context.actor,
        updated_at=at,
    )


def _announce(session: Session, pledge: Pledge, *, publication: bool = True) -> None:
    if pledge.person is not None:
        outbox.record(session, PledgeMade(person=pledge.person, pledge=pledge.id, campaign=pledge.campaign))
    else:
        made = OrganisationPledged(organisation=pledge.giver, pledge=pledge.id, campaign=pledge.campaign)
        outbox.record(session, made)
    if publication and pledge.published_at is not None:
        outbox.record(session, PledgePublished(giver=pledge.giver, pledge=pledge.id, campaign=pledge.campaign))


def _publish(session: Session, movement: str, pledge: Pledge, permitted_by: str | None, place: str) -> None:
    permitted_by = permitted_by or pledge.person
    if permitted_by is None:
        raise NoPermission(faults=[Fault(place, "is needed for an organisation's pledge", NoPermission.code)])
    if pledge.person is not None and not guard.shown_openly(session, movement, pledge.person):
        raise NotShownOpenly
    pledge.publish(permitted_by, clock.now())
    outbox.record(session, PledgePublished(giver=pledge.giver, pledge=pledge.id, campaign=pledge.campaign))


def _day(session: Session, movement: str, said: Settlement) -> date:
    """The day that was named, or today. Raises Invalid where it is in the future."""
    today = days.today(session, movement)
    if said.on is not None and said.on > today:
        raise Invalid(faults=[Fault("/on", "is in the future", "in_the_future")])
    return said.on or today


def _did(session: Session, movement: str, person: str, kind: str, on: date, organisation: str | None = None) -> None:
    done = NewActivity(person=person, kind=kind, on=on, organisation=organisation)
    activities.record_one(session, movement, done)


def _held(session: Session, movement: str, id: str, expected: int | None) -> Pledge:
    """The pledge, locked, at the version that the caller read."""
    found = _found(store.for_change(session, movement, id))
    hold_to(found.version, expected)
    return found


def _found(pledge: Pledge | None) -> Pledge:
    if pledge is None:
        raise NotFound
    return pledge
