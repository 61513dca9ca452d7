"""How an organisation comes to be known to a movement, and how it is edited."""

from collections.abc import Sequence
from typing import NoReturn

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.members.directory.custom_fields import domain as custom_fields
from services.members.directory.custom_fields.models import Noun
from services.members.directory.organisations import reading, store
from services.members.directory.organisations.models import Organisation, Shown
from services.members.directory.organisations.schemas import Identifier, NewOrganisation, OrganisationChanges
from services.members.directory.people import names
from services.members.directory.people.schemas import ExternalId
from services.members.directory.search import store as search
from shared import clock, outbox
from shared.db.hot import settle
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.organisations import OrganisationCreated, OrganisationUpdated
from shared.ids import new_id

_COLUMNS = {"name", "kind", "description", "postcode", "website", "email", "phone"}


class IdentifierTaken(Conflict):
    """Another organisation is called that; ``organisation`` is which."""

    code = "identifier_taken"
    title = "Another organisation has this identifier"


def create(session: Session, movement: str, said: NewOrganisation) -> Shown:
    """Make an organisation. Raises IdentifierTaken, and Invalid for an unknown parent or a value that misfits."""
    at = clock.now()
    row = Organisation(
        movement=movement, id=new_id("org"), **{column: getattr(said, column) for column in _COLUMNS},
        parent=None, ended_on=None, version=1, created_at=at, updated_at=at,
    )  # fmt: skip
    row.parent = None if said.parent is None else _parent(session, movement, row.id, said.parent)
    store.add(session, row)
    if said.identifiers:
        _identify(session, movement, row.id, said.identifiers)
    for external in said.external_ids:
        _claim(session, movement, row.id, external)
    store.put_tags(session, movement, row.id, said.tags)
    _name(session, movement, row, [])
    custom_fields.write_first(session, movement, Noun.ORGANISATION, row.id, said.custom, "/custom")
    outbox.record(session, OrganisationCreated(organisation=row.id))
    return shown_again(session, row)


def read(session: Session, movement: str, organisation: str) -> Shown:
    """One organisation, by its own id or one that was merged into it. Raises NotFound."""
    found = reading.find(session, movement, store.present_id(session, movement, organisation))
    if found is None:
        raise NotFound
    return found


def change(
    session: Session, movement: str, organisation: str, said: OrganisationChanges, expected: int | None
) -> Shown:
    """Change those fields that are said. Raises NotFound, PreconditionFailed, IdentifierTaken and Invalid."""
    row, given = held(session, movement, organisation, expected), said.model_fields_set
    called = names.words(row.name)
    for field in given & _COLUMNS:
        setattr(row, field, getattr(said, field))
    if "parent" in given:
        row.parent = None if said.parent is None else _parent(session, movement, row.id, said.parent)
    if "identifiers" in given:
        _identify(session, movement, row.id, said.identifiers)
    if "tags" in given:
        store.put_tags(session, movement, row.id, said.tags)
    if "name" in given:
        _name(session, movement, row, called)
    custom_fields.write(session, movement, Noun.ORGANISATION, row.id, said.custom, "/custom")
    return changed(session, row)


def add_external_id(session: Session, movement: str, organisation: str, said: ExternalId) -> Shown:
    """Say what one more system calls an organisation; said again it changes nothing. Raises IdentifierTaken."""
    row = held(session, movement, organisation, None)
    if store.external_owner(session, movement, said.system, said.id) == row.id:
        return shown_again(session, row)
    _claim(session, movement, row.id, said)
    return changed(session, row)


def remove_external_id(session: Session, movement: str, organisation: str, said: ExternalId) -> Shown:
    """Forget what a system calls an organisation. Raises NotFound where it does not call it that."""
    row = held(session, movement, organisation, None)
    if not store.remove_external_id(session, movement, row.id, said.system, said.id):
        raise NotFound
    return changed(session, row)


def held(session: Session, movement: str, organisation: str, expected: int | None) -> Organisation:
    """The organisation's row, locked, at the version that the caller read. Raises NotFound and PreconditionFailed."""
    row = store.for_change(session, movement, store.present_id(session, movement, organisation))
    if row is None:
        raise NotFound
    hold_to(row.version, expected)
    return row


def changed(session: Session, row: Organisation) -> Shown:
    """Enter an edit: the next version, its event; and all that is shown of the organisation from now on."""
    row.changed(clock.now())
    outbox.record(session, OrganisationUpdated(organisation=row.id, version=row.version))
    return shown_again(session, row)


def shown_again(session: Session, row: Organisation) -> Shown:
    """What is shown of an organisation that this transaction has written."""
    settle(session)
    session.flush()
    return read(session, row.movement, row.id)


def known(session: Session, movement: str, organisation: str, pointer: str) -> str:
    """The present id of an organisation that a body names at ``pointer``. Raises Invalid (`unknown_organisation`)."""
    now = store.present_id(session, movement, organisation)
    if not store.known(session, movement, [now]):
        raise Invalid(faults=[Fault(pointer, "is no organisation of this movement", "unknown_organisation")])
    return now


def above(session: Session, movement: str, organisation: str | None) -> set[str]:
    """An organisation, and whatever it is a part of."""
    found: set[str] = set()
    while organisation is not None and organisation not in found:
        found.add(organisation)
        organisation = store.parent_of(session, movement, organisation)
    return found


def _name(session: Session, movement: str, row: Organisation, called: Sequence[str]) -> None:
    """Let an organisation be found by its name, and no longer by the one before."""
    words = names.words(row.name)
    store.put_words(session, movement, row.id, words)
    search.learn(session, movement, words)
    settle(session)
    search.forget(session, movement, called)


def _parent(session: Session, movement: str, organisation: str, said: str) -> str:
    """The organisation that another is to be a part of. Raises Invalid where it is unknown or closes a circle."""
    parent = known(session, movement, said, "/parent")
    above: str | None = parent
    while above is not None:
        if above == organisation:
            raise Invalid(faults=[Fault("/parent", "is the organisation itself or a part of it", "circular")])
        above = store.parent_of(session, movement, above)
    return parent


def _identify(session: Session, movement: str, organisation: str, said: Sequence[Identifier]) -> None:
    for each in said:
        owner = store.owner(session, movement, each.scheme, each.id)
        if owner not in (None, organisation):
            _taken(owner)
    try:
        store.put_identifiers(session, movement, organisation, [(each.scheme, each.id) for each in said])
    except IntegrityError:  # somebody else gave it away at the same moment
        _taken(None)


def _claim(session: Session, movement: str, organisation: str, external: ExternalId) -> None:
    owner = store.external_owner(session, movement, external.system, external.id)
    if owner not in (None, organisation):
        _taken(owner)
    try:
        store.add_external_id(session, movement, organisation, external.system, external.id)
    except IntegrityError:
        _taken(None)


def _taken(organisation: str | None) -> NoReturn:
    raise IdentifierTaken(organisation=organisation) if organisation else IdentifierTaken
