"""Recording what people did, and voiding it; the ladder follows in the same transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.people import store as people
from services.members.engagement.activities import store
from services.members.engagement.activities.models import Activity, ActivityVoid, Shown
from services.members.engagement.activities.schemas import NewActivity
from services.members.engagement.activities.store import Chosen
from services.members.engagement.ladder import domain as ladder
from services.members.engagement.ladder import store as ladder_store
from services.members.engagement.ladder.models import Cause
from services.members.named import by_present_ids, named
from services.members.trust.employers.store import refuse_own_staff
from shared import clock, outbox
from shared.db.session import of
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.engagement import ActivityRecorded, ActivityVoided
from shared.ids import new_id


def record_one(session: Session, movement: str, said: NewActivity) -> Activity:
    """Record one activity. Raises Invalid."""
    return _record(session, movement, {"": said})[0]


def record_many(session: Session, movement: str, said: Sequence[NewActivity]) -> list[Activity]:
    """Record every activity of a list, in its order. Raises Invalid, with every fault of the list, and records none."""
    return _record(session, movement, {f"/{number}": one for number, one in enumerate(said)})


def _record(session: Session, movement: str, said: dict[str, NewActivity]) -> list[Activity]:
    """Record activities, each given under the pointer of its place in the request."""
    members = ladder_store.for_change(session, movement, {one.person for one in said.values()})
    known = {member.person for member in members}
    others = {one.person for one in said.values()} | {one.counterpart for one in said.values() if one.counterpart}
    if others := others - known:
        known |= people.known(session, movement, others)
    if strangers := others - known:
        present = people.current(session, movement, strangers)
        if any(present[one] != one for one in strangers):  # merged: looked up only here, for it is rare
            return _record(session, movement, {place: _by_present_ids(one, present) for place, one in said.items()})
    behalf = {f"{place}/organisation": one.organisation for place, one in said.items()}
    bodies = named(session, movement, organisations=behalf)
    today = days.today(session, movement)
    faults = [fault for place, one in said.items() for fault in _faults(place, one, known, today)]
    if faults := [*faults, *bodies.faults]:
        raise Invalid("nothing was recorded", faults=faults)
    now = [one.model_copy(update={"organisation": bodies.at(f"{place}/organisation")}) for place, one in said.items()]
    activities = note(session, movement, now)
    kinds, since = {activity.kind for activity in activities}, min(activity.on for activity in activities)
    ladder.climb(session, movement, members, kinds, since)
    return activities


def void(session: Session, movement: str, activity: str, reason: str) -> Shown:
    """Let an activity count for nothing, as if it had never been recorded. Raises NotFound, AlreadyVoided."""
    row, at = store.find_for_change(session, movement, activity), clock.now()
    if row is None:
        raise NotFound
    refuse_own_staff(session, movement, row.person)
    members = ladder_store.for_change(session, movement, [row.person])
    row.void(at)
    why = ActivityVoid(movement=movement, activity=activity, reason=reason, by=of(session).context.actor, at=at)
    session.add(why)
    session.flush()  # what counts is read back at once
    outbox.record(session, ActivityVoided(person=row.person, activity=row.id, kind=row.kind))
    ladder.bring_up_to_date(session, movement, members, Cause.VOIDED)
    return Shown(row, why)


def read(session: Session, movement: str, activity: str) -> Shown:
    """One activity, and why it was voided if it was. Raises NotFound and OwnStaff."""
    row = store.find(session, movement, activity)
    if row is None:
        raise NotFound
    refuse_own_staff(session, movement, row.person)
    return Shown(row, store.void_of(session, movement, activity))


def list_activities(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Activity]:
    """Activities in the order of their recording; of somebody by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person",))
    return store.list_activities(session, movement, chosen=chosen, after=after, limit=limit)


def note(session: Session, movement: str, said: Sequence[NewActivity]) -> list[Activity]:
    """Store activities that are known to be right, and say that they were recorded."""
    at = clock.now()
    activities = [
        Activity(
            movement=movement,
            id=new_id("activity"),
            person=one.person,
            kind=one.kind,
            on=one.on,
            counterpart=one.counterpart,
            organisation=one.organisation,
            recorded_at=at,
            voided_at=None,
        )
        for one in said
    ]
    store.add(session, movement, activities)
    for activity in activities:
        recorded = ActivityRecorded(person=activity.person, activity=activity.id, kind=activity.kind)
        outbox.record(session, recorded)
    return activities


def _by_present_ids(said: NewActivity, present: Mapping[str, str]) -> NewActivity:
    """The activity of whoever they are now; ``present`` gives the ids of those who were looked up."""
    counterpart = said.counterpart and present.get(said.counterpart, said.counterpart)
    return said.model_copy(update={"person": present.get(said.person, said.person), "counterpart": counterpart})


def _faults(place: str, said: NewActivity, known: set[str], today: date) -> Iterator[Fault]:
    for field, person in (("person", said.person), ("counterpart", said.counterpart)):
        if person is not None and person not in known:
            yield Fault(f"{place}/{field}", "is no person of this movement", "unknown_person")
    if said.counterpart == said.person:
        yield Fault(f"{place}/counterpart", "is the person's own id", "own_counterpart")
    if said.on > today:
        yield Fault(f"{place}/on", "is in the future", "in_the_future")
