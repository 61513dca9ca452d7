"""Entering, editing and ending people's places in organisations."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.affiliations import store
from services.members.directory.affiliations.models import Affiliation
from services.members.directory.affiliations.schemas import AffiliationChanges, NewAffiliation
from services.members.directory.affiliations.store import Chosen
from services.members.directory.organisations import domain as organisations
from services.members.directory.organisations import store as organisations_store
from services.members.directory.organisations.models import EndedOrganisation
from services.members.directory.people import store as people
from services.members.named import by_present_ids
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.organisations import AffiliationChanged
from shared.ids import new_id


class AlreadyAffiliated(Conflict):
    """The person has that role there on some of these days already; ``affiliation`` says where."""

    code = "already_affiliated"
    title = "The person has this role there already"


def enter(session: Session, movement: str, said: NewAffiliation) -> Affiliation:
    """Enter a person's place in an organisation. Raises Invalid, AlreadyAffiliated and EndedOrganisation."""
    person = people.present_id(session, movement, said.person)
    if not people.known(session, movement, [person]):
        raise Invalid(faults=[Fault("/person", "is no person of this movement", "unknown_person")])
    organisation = organisations.known(session, movement, said.organisation, "/organisation")
    _fits(session, movement, organisation, said.started_on, said.ended_on)
    at = clock.now()
    row = Affiliation(
        movement=movement, id=new_id("affiliation"), person=person, organisation=organisation, role=said.role,
        started_on=said.started_on, ended_on=said.ended_on, version=1, created_at=at, updated_at=at,
    )  # fmt: skip
    _once(session, row)
    store.add(session, row)
    return _told(session, row)


def list_affiliations(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Affiliation]:
    """Affiliations in the order in which they were entered; of either side by any id that it ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person",), organisations=("organisation",))
    return store.list_affiliations(session, movement, chosen=chosen, after=after, limit=limit)


def read(session: Session, movement: str, affiliation: str) -> Affiliation:
    """One affiliation. Raises NotFound."""
    found = store.find(session, movement, affiliation)
    if found is None:
        raise NotFound
    return found


def change(
    session: Session, movement: str, affiliation: str, said: AffiliationChanges, expected: int | None
) -> Affiliation:
    """Change the role or the days that are said. Raises NotFound, PreconditionFailed, Invalid and AlreadyAffiliated."""
    row = _held(session, movement, affiliation, expected)
    for field in said.model_fields_set:
        setattr(row, field, getattr(said, field))
    with session.no_autoflush:
        _fits(session, movement, row.organisation, row.started_on, row.ended_on)
        _once(session, row)
    row.changed(clock.now())
    return _told(session, row)


def remove(session: Session, movement: str, affiliation: str, expected: int | None) -> None:
    """Take away an affiliation that never was; one that is over is ended and not removed. Raises NotFound."""
    row = _held(session, movement, affiliation, expected)
    _tell(session, row, days.today(session, movement))
    store.remove(session, row)


def pass_on(session: Session, movement: str, row: Affiliation, to: str | None, on: date) -> str | None:
    """End a place in an organisation from a day on, and let it go on in another one: the id of the one that does.

    One that would begin later never comes about. A role that the person has in the other one already goes on there.
    """
    at, begins, goes_on = clock.now(), max(on, row.started_on or on), None
    if to is not None:
        there = [each for each in store.of_both(session, movement, row.person, to) if each.role == row.role]
        if not any(each.overlaps(begins, row.ended_on) for each in there):
            onward = Affiliation(
                movement=movement, id=new_id("affiliation"), person=row.person, organisation=to, role=row.role,
                started_on=begins, ended_on=row.ended_on, version=1, created_at=at, updated_at=at,
            )  # fmt: skip
            store.add(session, onward)
            goes_on = _told(session, onward).id
    row.ended_on = begins
    row.changed(at)
    _told(session, row)
    return goes_on


def come_back(
    session: Session, movement: str, affiliation: str, onward: str | None, on: date, was: date | None
) -> None:
    """Undo `pass_on`, where nobody has edited either place since: the one goes on as before, the other never was."""
    row = store.for_change(session, movement, affiliation)
    if row is not None and row.ended_on == max(on, row.started_on or on):
        row.ended_on = was
        row.changed(clock.now())
        _told(session, row)
    there = None if onward is None else store.for_change(session, movement, onward)
    if there is not None and there.version == 1:
        remove(session, movement, there.id, None)


def _fits(session: Session, movement: str, organisation: str, started_on: date | None, ended_on: date | None) -> None:
    """Raise Invalid where it ends before it begins, and EndedOrganisation where it outlasts the organisation."""
    if started_on is not None and ended_on is not None and ended_on < started_on:
        raise Invalid(faults=[Fault("/ended_on", "lies before `started_on`", "ends_before_it_begins")])
    row = organisations_store.for_change(session, movement, organisation)
    if row is not None and row.ended_on is not None and (ended_on is None or ended_on > row.ended_on):
        raise EndedOrganisation(ended_on=row.ended_on.isoformat())


def _once(session: Session, row: Affiliation) -> None:
    """Raise AlreadyAffiliated where the person has the same role there on a day in common."""
    for each in store.of_both(session, row.movement, row.person, row.organisation):
        if each.id != row.id and each.role == row.role and each.overlaps(row.started_on, row.ended_on):
            raise AlreadyAffiliated(affiliation=each.id)


def _held(session: Session, movement: str, affiliation: str, expected: int | None) -> Affiliation:
    row = store.for_change(session, movement, affiliation)
    if row is None:
        raise NotFound
    hold_to(row.version, expected)
    return row


def _told(session: Session, row: Affiliation) -> Affiliation:
    _tell(session, row, row.ended_on)
    return row


def _tell(session: Session, row: Affiliation, until: date | None) -> None:
    told = AffiliationChanged(affiliation=row.id, organisation=row.organisation, person=row.person, until=until)
    outbox.record(session, told)
