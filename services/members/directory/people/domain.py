"""How a person comes to be known to a movement."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.custom_fields import domain as custom_fields
from services.members.directory.custom_fields.models import Noun
from services.members.directory.people import ages, names, schemas, store
from services.members.directory.people.models import (
    WITHOUT_LADDER,
    AgeBand,
    Email,
    Label,
    LabelKind,
    Person,
    Phone,
    Provenance,
)
from services.members.directory.people.schemas import ExternalId, KnownPerson, NewPerson, NewProvenance
from services.members.directory.search import store as search
from services.members.engagement.ladder import guard
from services.members.engagement.ladder.engine import Rung
from services.members.engagement.ladder.models import Reason
from services.members.fields import digits
from services.members.trust.children import domain as children
from services.members.trust.children.checking import Aged
from shared import clock, outbox
from shared.db.hot import settle
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.directory import PersonCreated
from shared.ids import new_id


class ExternalIdTaken(Conflict):
    """Somebody has one of the external ids already; ``person`` is who, unless an import hides them still."""

    code = "external_id_taken"
    title = "Somebody has this external id already"


def create(
    session: Session,
    movement: str,
    person: str,
    said: NewPerson,
    at: datetime,
    place: str = "/person",
    hidden_by: str | None = None,
) -> AgeBand:
    """Make a person under an id that was taken for them, with all that is said of them but their external ids.

    Answers the age band that they are in; a child has no rung from now on. ``place`` is where the request says it,
    ``hidden_by`` the import that reveals them later. Raises Invalid.
    """
    band = ages.settled(session, movement, said.age_band, said.date_of_birth, place)
    row = Person(
        movement=movement,
        id=person,
        given_name=said.given_name,
        family_name=said.family_name,
        known_as=said.known_as,
        postcode=said.postcode,
        languages=said.languages,
        age_band=band,
        date_of_birth=said.date_of_birth,
        contact_preference=[str(channel) for channel in said.contact_preference],
        access_needs=said.access_needs,
        version=1,
        created_at=at,
        updated_at=at,
        hidden_by=hidden_by,
    )
    store.add(session, movement, row)
    if band in WITHOUT_LADDER:
        guard.exclude(session, movement, person, Reason.CHILD)
    store.add_ways_to_reach(session, movement, emails_of(person, said.emails), phones_of(person, said.phones))
    said_of_them = {LabelKind.TAG: said.tags, LabelKind.INTEREST: said.interests, LabelKind.SKILL: said.skills}
    for kind, labels in said_of_them.items():
        store.add_labels(session, movement, labels_of(person, kind, labels))
    custom_fields.write_first(session, movement, Noun.PERSON, person, said.custom, f"{place}/custom")
    words = words_of(row)
    store.add_words(session, movement, person, words)
    search.learn(session, movement, words)
    outbox.record(session, PersonCreated(person=person))
    return band


def enter(session: Session, movement: str, said: KnownPerson) -> Person:
    """Make a person who is known and has not joined.

    Raises ExternalIdTaken, ChildRecordMissing for a child without what lets one be named, and Invalid.
    """
    person, at = new_id("person"), clock.now()
    for external in said.person.external_ids:
        claim(session, movement, person, external)
    band = create(session, movement, person, said.person, at)
    children.name_child(session, movement, person, Aged(band, said.person.date_of_birth), said.child)
    note_provenance(session, movement, person, said.provenance, at)
    settle(session)
    return store.find_again(session, movement, person)


def claim(session: Session, movement: str, person: str, external: ExternalId) -> None:
    """Give an external id to a person. Raises ExternalIdTaken, which names who has it, unless it is they."""
    if not store.claim(session, movement, person, external.system, external.id):
        taken_by = store.owner(session, movement, external.system, external.id)
        if taken_by != person:
            if taken_by is None or not store.known(session, movement, [taken_by]):
                raise ExternalIdTaken
            raise ExternalIdTaken(person=taken_by)


def emails_of(person: str, said: Sequence[schemas.Email]) -> list[Email]:
    """Addresses as rows."""
    return [Email(person=person, address=email.address, is_primary=email.primary) for email in said]


def phones_of(person: str, said: Sequence[schemas.Phone]) -> list[Phone]:
    """Telephone numbers as rows, in their order."""
    return [
        Phone(person=person, number=phone.number, digits=digits(phone.number), place=place)
        for place, phone in enumerate(said)
    ]


def labels_of(person: str, kind: LabelKind, said: Sequence[str]) -> list[Label]:
    """Tags, interests or skills as rows."""
    return [Label(person=person, kind=kind, label=label) for label in said]


def words_of(person: Person) -> list[str]:
    """The words that a person is found by."""
    return names.words(" ".join(name for name in (person.given_name, person.family_name, person.known_as) if name))


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
    found = store.find(session, movement, store.present_id(session, movement, person))
    if found is None:
        raise NotFound
    return found


def list_people(
    session: Session,
    movement: str,
    *,
    q: str | None,
    rung: Rung | None,
    tag: str | None,
    updated_since: datetime | None,
    external_system: str | None,
    external_id: str | None,
    after: After,
    limit: int,
) -> Sequence[Person]:
    """People by name, rung, tag, last edit or external id. Raises Invalid where half of an external id is given."""
    called = None
    if external_system is not None and external_id is not None:
        called = (external_system, external_id)
    elif external_system is not None or external_id is not None:
        missing = "external_id" if external_id is None else "external_system"
        raise Invalid(faults=[Fault(f"?{missing}", "goes with the other half of the external id", "missing")])
    return store.list_people(
        session,
        movement,
        words=names.words(q or ""),
        rung=rung,
        tag=tag,
        updated_since=updated_since,
        external_id=called,
        after=after,
        limit=limit,
    )
