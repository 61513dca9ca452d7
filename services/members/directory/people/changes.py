"""Editing people: their fields, what other systems call them, and one more way in which the movement knows of them."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.custom_fields import domain as custom_fields
from services.members.directory.custom_fields.models import Noun
from services.members.directory.people import ages, domain, store
from services.members.directory.people.models import WITHOUT_LADDER, AgeBand, Email, LabelKind, Person, Phone
from services.members.directory.people.schemas import ExternalId, NewProvenance, PersonChanges
from services.members.directory.search import store as search
from services.members.engagement.ladder import guard
from services.members.engagement.ladder.models import Reason
from shared import clock, outbox
from shared.db.hot import settle
from shared.editing import hold_to
from shared.errors import NotFound
from shared.events.members.directory import PersonUpdated

_NAMES = {"given_name", "family_name", "known_as"}
_COLUMNS = _NAMES | {"postcode", "languages", "contact_preference", "access_needs"}
_LABELS = {"tags": LabelKind.TAG, "interests": LabelKind.INTEREST, "skills": LabelKind.SKILL}


def change(session: Session, movement: str, person: str, said: PersonChanges, expected: int | None) -> Person:
    """Change those fields of a person that are said. Raises NotFound, PreconditionFailed and Invalid.

    Whoever turns out to be a child has no rung from then on, and whoever no longer is one may have one again.
    """
    row = _held(session, movement, person, expected)
    given, called = said.model_fields_set, domain.words_of(row)
    for field in given & _COLUMNS:
        setattr(row, field, getattr(said, field))
    if given & {"age_band", "date_of_birth"}:
        _age(session, movement, row, said)
    if given & _NAMES:
        _rename(session, movement, row, called)
    if "emails" in given:
        store.forget_ways_to_reach(session, movement, row.id, Email)
        store.add_ways_to_reach(session, movement, domain.emails_of(row.id, said.emails), [])
    if "phones" in given:
        store.forget_ways_to_reach(session, movement, row.id, Phone)
        store.add_ways_to_reach(session, movement, [], domain.phones_of(row.id, said.phones))
    for field in given & _LABELS.keys():
        store.forget_labels(session, movement, row.id, _LABELS[field])
        store.add_labels(session, movement, domain.labels_of(row.id, _LABELS[field], getattr(said, field)))
    custom_fields.write(session, movement, Noun.PERSON, row.id, said.custom, "/custom")
    return _changed(session, movement, row)


def grow(session: Session, movement: str, slice_of: int) -> bool:
    """Let the next people who outgrew their age band be in the one of their date of birth; whether more may have."""
    today = days.today(session, movement)
    found = store.outgrown(session, movement, today, slice_of)
    for row in found:
        before = row.age_band
        row.age_band = ages.band_on(row.date_of_birth or today, today)
        _guard(session, movement, row, before)
        row.changed(clock.now())
        outbox.record(session, PersonUpdated(person=row.id, version=row.version))
    return len(found) == slice_of


def add_external_id(session: Session, movement: str, person: str, said: ExternalId) -> Person:
    """Say what one more system calls a person; said again it changes nothing. Raises NotFound and ExternalIdTaken."""
    row = _held(session, movement, person, None)
    if store.owner(session, movement, said.system, said.id) == row.id:
        return store.find_again(session, movement, row.id)
    domain.claim(session, movement, row.id, said)
    return _changed(session, movement, row)


def remove_external_id(session: Session, movement: str, person: str, said: ExternalId) -> Person:
    """Forget what a system calls a person. Raises NotFound where it does not call them that."""
    row = _held(session, movement, person, None)
    if not store.release(session, movement, row.id, said.system, said.id):
        raise NotFound
    return _changed(session, movement, row)


def add_provenance(session: Session, movement: str, person: str, said: NewProvenance) -> Person:
    """Add one more way in which the movement came to have a person's data. Raises NotFound."""
    row = _held(session, movement, person, None)
    domain.note_provenance(session, movement, row.id, said, clock.now())
    return _changed(session, movement, row)


def _held(session: Session, movement: str, person: str, expected: int | None) -> Person:
    row = store.for_change(session, movement, store.present_id(session, movement, person))
    if row is None:
        raise NotFound
    hold_to(row.version, expected)
    return row


def _changed(session: Session, movement: str, row: Person) -> Person:
    row.changed(clock.now())
    outbox.record(session, PersonUpdated(person=row.id, version=row.version))
    settle(session)
    return store.find_again(session, movement, row.id)


def _rename(session: Session, movement: str, row: Person, called: list[str]) -> None:
    """Let somebody be found by their new names, and no longer by those before."""
    words = domain.words_of(row)
    store.forget_words(session, movement, row.id)
    store.add_words(session, movement, row.id, words)
    search.learn(session, movement, words)
    settle(session)
    search.forget(session, movement, called)


def _age(session: Session, movement: str, row: Person, said: PersonChanges) -> None:
    """Take over what is said of somebody's age; a date of birth that is there already goes on to settle the band."""
    given, before = said.model_fields_set, row.age_band
    born = said.date_of_birth if "date_of_birth" in given else row.date_of_birth
    band = said.age_band if "age_band" in given else AgeBand.NOT_ASKED if born else AgeBand(before)
    row.date_of_birth, row.age_band = born, ages.settled(session, movement, band, born, "")
    _guard(session, movement, row, before)


def _guard(session: Session, movement: str, row: Person, before: str) -> None:
    """Let a child have no rung, and whoever no longer is one have one again; ``before`` is the band until now."""
    is_child, was_child = row.age_band in WITHOUT_LADDER, before in WITHOUT_LADDER
    if is_child and not was_child:
        guard.exclude(session, movement, row.id, Reason.CHILD)
    elif was_child and not is_child:
        guard.readmit(session, movement, row.id, Reason.CHILD)
