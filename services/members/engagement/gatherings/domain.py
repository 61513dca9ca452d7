"""What is done with gatherings: drafted, edited, published, held, cancelled."""

from sqlalchemy.orm import Session

from services.members.directory.organisations import store as organisations
from services.members.engagement.gatherings import store
from services.members.engagement.gatherings.feeds import listing
from services.members.engagement.gatherings.models import Gathering, State
from services.members.engagement.gatherings.schemas import GatheringChanges, NewGathering
from services.members.engagement.gatherings.slots import store as slots
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.gatherings import GatheringChanged, GatheringStateChanged
from shared.ids import new_id


class NotReady(Conflict):
    """It cannot be published: nobody would know when or where to come."""

    code = "not_ready"
    title = "The gathering is not ready to be published"


class StillToCome(Conflict):
    """Some of its slots have not begun, so it has not been held; cancel them first."""

    code = "slots_to_come"
    title = "Some of its slots are still to come"


def draft(session: Session, movement: str, said: NewGathering) -> Gathering:
    """Write down a gathering; it is a draft. Raises Invalid for an organisation that is not the movement's."""
    at = clock.now()
    fields = said.model_dump()
    fields["organisation"] = _present_organisation(session, movement, said.organisation)
    gathering = Gathering(
        movement=movement, id=new_id("gathering"), state=State.DRAFT, cancelled_because=None, version=1,
        created_at=at, updated_at=at, **fields,
    )  # fmt: skip
    store.add(session, gathering)
    _tell_state(session, gathering)
    return gathering


def read(session: Session, movement: str, gathering: str) -> Gathering:
    """One gathering. Raises NotFound."""
    return _found(store.find(session, movement, gathering))


def change(session: Session, movement: str, gathering: str, said: GatheringChanges, expected: int | None) -> Gathering:
    """Change what is said about a gathering."""
    found = _held(session, movement, gathering, expected)
    changes = {field: getattr(said, field) for field in said.model_fields_set}
    if "organisation" in changes:
        changes["organisation"] = _present_organisation(session, movement, said.organisation)
    for field, value in changes.items():
        setattr(found, field, value)
    _changed(session, found)
    outbox.record(session, GatheringChanged(gathering=found.id))
    return found


def publish(session: Session, movement: str, gathering: str, expected: int | None) -> Gathering:
    """Draft → published. Raises NotReady where it has no slot, or neither a place nor an online address."""
    found = _held(session, movement, gathering, expected)
    found.publish()
    if not slots.has_open(session, movement, gathering):
        raise NotReady("it has no slot")
    if not (found.place_name or found.address or found.online_url):
        raise NotReady("it has neither a place nor an online address")
    return _moved(session, found)


def hold(session: Session, movement: str, gathering: str, expected: int | None) -> Gathering:
    """Published → held. Raises StillToCome."""
    found = _held(session, movement, gathering, expected)
    found.hold()
    if slots.has_open(session, movement, gathering, after=clock.now()):
        raise StillToCome
    return _moved(session, found)


def cancel(session: Session, movement: str, gathering: str, because: str | None, expected: int | None) -> Gathering:
    """Draft or published → cancelled. Bookings stay as they were, so that it is known who has to hear of it."""
    found = _held(session, movement, gathering, expected)
    found.cancel(because)
    return _moved(session, found)


def _found(gathering: Gathering | None) -> Gathering:
    if gathering is None:
        raise NotFound
    return gathering


def _held(session: Session, movement: str, gathering: str, expected: int | None) -> Gathering:
    """The gathering, locked, at the version that the caller read."""
    found = _found(store.for_change(session, movement, gathering))
    hold_to(found.version, expected)
    return found


def _moved(session: Session, gathering: Gathering) -> Gathering:
    _changed(session, gathering)
    _tell_state(session, gathering)
    return gathering


def _changed(session: Session, gathering: Gathering) -> None:
    """Count an edit of the gathering, which is one of each of its slots in calendars and in the open feed."""
    gathering.changed(clock.now())
    slots.renew(session, gathering.movement, gathering.id)
    listing.relist(session, gathering)


def _present_organisation(session: Session, movement: str, organisation: str | None) -> str | None:
    if organisation is None:
        return None
    now_known_as = organisations.present_id(session, movement, organisation)
    if not organisations.known(session, movement, [now_known_as]):
        fault = Fault("/organisation", "is no organisation of this movement", "unknown_organisation")
        raise Invalid(faults=[fault])
    return now_known_as


def _tell_state(session: Session, gathering: Gathering) -> None:
    outbox.record(session, GatheringStateChanged(gathering=gathering.id, kind=gathering.kind, state=gathering.state))
