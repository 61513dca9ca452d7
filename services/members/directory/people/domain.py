"""How a person comes to be known to a movement."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.people import names, store
from services.members.directory.people.models import Email, Label, LabelKind, Person, Phone, Provenance
from services.members.directory.people.schemas import NewPerson, NewProvenance
from services.members.engagement.ladder.engine import Rung
from services.members.fields import digits
from shared import outbox
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.directory import PersonCreated
from shared.ids import new_id


def create(session: Session, movement: str, person: str, said: NewPerson, at: datetime) -> None:
    """Make a person under an id that was taken for them, with all that is said of them but their external ids."""
    row = Person(
        movement=movement,
        id=person,
        given_name=said.given_name,
        family_name=said.family_name,
        known_as=said.known_as,
        postcode=said.postcode,
        languages=said.languages,
        age_band=said.age_band,
        date_of_birth=None,
        contact_preference=[str(channel) for channel in said.contact_preference],
        access_needs=said.access_needs,
        version=1,
        created_at=at,
        updated_at=at,
    )
    store.add(session, movement, row)
    store.add_ways_to_reach(
        session,
        movement,
        [Email(person=person, address=email.address, is_primary=email.primary) for email in said.emails],
        [Phone(person=person, number=phone.number, digits=digits(phone.number)) for phone in said.phones],
    )
    said_of_them = {LabelKind.TAG: said.tags, LabelKind.INTEREST: said.interests, LabelKind.SKILL: said.skills}
    store.add_labels(
        session,
        movement,
        [Label(person=person, kind=kind, label=label) for kind, labels in said_of_them.items() for label in labels],
    )
    called = " ".join(name for name in (said.given_name, said.family_name, said.known_as) if name)
    store.add_words(session, movement, person, names.words(called))
    outbox.record(session, PersonCreated(person=person))


def note_provenance(session: Session, movement: str, person: str, said: NewProvenance, at: datetime) -> None:
    """Add one more way in which the movement came to have the data of somebody who is known."""
    notice = said.notice
    row = Provenance(
        id=new_id("provenance"),
        person=person,
        source=said.source,
        reference=said.reference,
        basis=said.basis,
        notice=None if notice is None else notice.name,
        notice_version=None if notice is None else notice.version,
        notice_language=None if notice is None else notice.language,
        notice_given_on=said.notice_given_on,
        recorded_at=at,
    )
    store.add_provenance(session, movement, row)


def read(session: Session, movement: str, person: str) -> Person:
    """One person, by their own id or that of a record that was merged into theirs. Raises NotFound."""
    found = store.find(session, movement, store.current(session, movement, [person])[person])
    if found is None:
        raise NotFound
    return found


def list_people(
    session: Session,
    movement: str,
    *,
    q: str | None,
    rung: Rung | None,
    external_system: str | None,
    external_id: str | None,
    after: After,
    limit: int,
) -> Sequence[Person]:
    """People by name, rung or external id. Raises Invalid where half of an external id is given."""
    called = None
    if external_system is not None and external_id is not None:
        called = (external_system, external_id)
    elif external_system is not None or external_id is not None:
        missing = "external_id" if external_id is None else "external_system"
        raise Invalid(faults=[Fault(f"?{missing}", "goes with the other half of the external id", "missing")])
    return store.list_people(
        session, movement, words=names.words(q or ""), rung=rung, external_id=called, after=after, limit=limit
    )
