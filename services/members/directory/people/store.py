"""Every SQL statement about people. Writes are hot statements: a sign-up is one of the suite's busiest transactions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from services.members.base import After, bare, page
from services.members.directory.custom_fields.models import PersonValue
from services.members.directory.people.ages import UNTIL, born_by
from services.members.directory.people.hidden import SEEN
from services.members.directory.people.models import (
    Email,
    ExternalId,
    Label,
    LabelKind,
    MergedPerson,
    NameWord,
    Person,
    Phone,
    Provenance,
)
from services.members.engagement.ladder.engine import Rung
from services.members.engagement.memberships.models import Membership
from shared.db.hot import hot

_add_person = hot(sa.insert(Person))
_add_email = hot(sa.insert(Email))
_add_phone = hot(sa.insert(Phone))
_add_word = hot(sa.insert(NameWord))
_add_label = hot(sa.insert(Label))
_add_provenance = hot(sa.insert(Provenance))
# Of two transactions that claim the same external id at once, the second waits for the first and then gets no row.
_claim = hot(
    sa.text(
        "INSERT INTO person_external_ids (movement, system, external_id, person)"
        " VALUES (:movement, :system, :external_id, :person) ON CONFLICT DO NOTHING RETURNING person"
    )
)
_owner = hot(
    sa.select(ExternalId.person).where(
        ExternalId.movement == sa.bindparam("movement"),
        ExternalId.system == sa.bindparam("system"),
        ExternalId.external_id == sa.bindparam("external_id"),
    )
)
_exists = hot(
    sa.select(Person.id).where(Person.movement == sa.bindparam("movement"), Person.id == sa.bindparam("person"), SEEN)
)

_merged_into = hot(
    sa.select(MergedPerson.person).where(
        MergedPerson.movement == sa.bindparam("movement"), MergedPerson.merged == sa.bindparam("merged")
    )
)

# A statement for each kind of thing that hangs on a person, however many people there are.
SHOWN = sa.select(Person).options(
    joinedload(Person.membership),
    selectinload(Person.emails),
    selectinload(Person.phones),
    selectinload(Person.external_ids),
    selectinload(Person.labels),
    selectinload(Person.provenance),
    selectinload(Person.custom.of_type(PersonValue)),
)
"""People with everything that is shown of them: what every list of people begins with."""


def add(session: Session, movement: str, person: Person) -> None:
    """Insert the person alone, at once: what hangs on them refers to them."""
    _add_person.run(session, bare(person) | {"movement": movement})


def add_ways_to_reach(session: Session, movement: str, emails: Iterable[Email], phones: Iterable[Phone]) -> None:
    """Insert addresses and telephone numbers, by the end of the transaction."""
    for email in emails:
        _add_email.later(session, bare(email) | {"movement": movement})
    for phone in phones:
        _add_phone.later(session, bare(phone) | {"movement": movement})


def add_words(session: Session, movement: str, person: str, words: Iterable[str]) -> None:
    """Insert the words that the person is found by, by the end of the transaction."""
    for word in words:
        _add_word.later(session, {"movement": movement, "person": person, "word": word.encode()})


def add_labels(session: Session, movement: str, labels: Iterable[Label]) -> None:
    """Insert tags, interests and skills, by the end of the transaction."""
    for label in labels:
        _add_label.later(session, bare(label) | {"movement": movement})


def add_provenance(session: Session, movement: str, provenance: Provenance) -> None:
    """Insert how the movement came to have somebody's data, by the end of the transaction."""
    _add_provenance.later(session, bare(provenance) | {"movement": movement})


def current(session: Session, movement: str, ids: Collection[str]) -> Mapping[str, str]:
    """The id that each of these people has now: another one for whoever was merged, its own for everybody else.

    It says nothing about whether somebody is known by the id.
    """
    if len(ids) == 1:
        (given,) = ids
        row = _merged_into.one(session, {"movement": movement, "merged": given})
        return {given: given if row is None else row[0]}
    query = sa.select(MergedPerson.merged, MergedPerson.person).where(
        MergedPerson.movement == movement, MergedPerson.merged.in_(ids)
    )
    return {given: given for given in ids} | dict(session.execute(query).all())


def present_id(session: Session, movement: str, person: str) -> str:
    """The id that somebody has now: another one than was given where there was a merger, else the same."""
    return current(session, movement, [person])[person]


def ids_of(session: Session, movement: str, person: str) -> set[str]:
    """Every id that answers for who a person is now: their own, and those of whom they were merged with."""
    return all_ids_of(session, movement, [person])


def all_ids_of(session: Session, movement: str, people: Collection[str]) -> set[str]:
    """Every id that answers for who one of these people is now."""
    now = set(current(session, movement, people).values())
    behind = sa.select(MergedPerson.merged).where(MergedPerson.movement == movement, MergedPerson.person.in_(now))
    return {*now, *session.scalars(behind)}


def claim(session: Session, movement: str, person: str, system: str, external_id: str) -> bool:
    """Give the external id to the person; False where somebody has it already."""
    row = {"movement": movement, "system": system, "external_id": external_id, "person": person}
    return _claim.one(session, row) is not None


def owner(session: Session, movement: str, system: str, external_id: str) -> str | None:
    """The person whom another system calls by that id."""
    row = _owner.one(session, {"movement": movement, "system": system, "external_id": external_id})
    return None if row is None else row[0]


def known(session: Session, movement: str, people: Collection[str]) -> set[str]:
    """Those of the ids that are people of the movement; whom an import still hides is not yet one."""
    if len(people) == 1:
        rows = _exists.rows(session, {"movement": movement, "person": next(iter(people))})
        return {row[0] for row in rows}
    return set(session.scalars(sa.select(Person.id).where(Person.movement == movement, Person.id.in_(people))))


def find(session: Session, movement: str, person: str) -> Person | None:
    """Everything that is shown of one person."""
    return session.scalar(SHOWN.where(Person.movement == movement, Person.id == person))


def several(session: Session, movement: str, people: Collection[str]) -> Mapping[str, Person]:
    """Everything that is shown of some people, by id."""
    found = session.scalars(SHOWN.where(Person.movement == movement, Person.id.in_(people)))
    return {person.id: person for person in found}


def owners(session: Session, movement: str, called: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """Whom systems call by these ids, by system and id: the person that the record belongs to now."""
    by_system: dict[str, list[str]] = {}
    for system, external_id in called:
        by_system.setdefault(system, []).append(external_id)
    found: dict[tuple[str, str], str] = {}
    for system, ids in by_system.items():
        query = sa.select(ExternalId.external_id, ExternalId.person).where(
            ExternalId.movement == movement, ExternalId.system == system, ExternalId.external_id.in_(ids)
        )
        found |= {(system, external_id): person for external_id, person in session.execute(query)}
    now = current(session, movement, set(found.values())) if found else {}
    return {key: now[person] for key, person in found.items()}


def find_again(session: Session, movement: str, person: str) -> Person:
    """Everything that is shown of somebody whom this transaction has written."""
    query = SHOWN.where(Person.movement == movement, Person.id == person)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def for_change(session: Session, movement: str, person: str) -> Person | None:
    """The person's own row, locked until the transaction ends."""
    return session.get(Person, (movement, person), with_for_update=True)


def movements_with_outgrown(session: Session, today: date) -> Sequence[str]:
    """The movements with somebody who is older by then than their age band."""
    return session.scalars(sa.select(Person.movement).where(_outgrown(today)).distinct()).all()


def outgrown(session: Session, movement: str, today: date, limit: int) -> Sequence[Person]:
    """People who are older than their age band, locked; those that another process has are left to it."""
    query = sa.select(Person).where(Person.movement == movement, _outgrown(today)).order_by(Person.id).limit(limit)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def forget_ways_to_reach(session: Session, movement: str, person: str, kind: type[Email | Phone]) -> None:
    """Take away all e-mail addresses or all telephone numbers of a person."""
    session.execute(sa.delete(kind).where(kind.movement == movement, kind.person == person))


def forget_labels(session: Session, movement: str, person: str, kind: LabelKind) -> None:
    """Take away all the tags, interests or skills of a person."""
    session.execute(sa.delete(Label).where(Label.movement == movement, Label.person == person, Label.kind == kind))


def words_known(session: Session, movement: str, person: str) -> set[str]:
    """The words that a person is found by."""
    query = sa.select(NameWord.word).where(NameWord.movement == movement, NameWord.person == person)
    return {word.decode() for word in session.scalars(query)}


def forget_words(session: Session, movement: str, person: str) -> None:
    """Take away the words that a person is found by."""
    session.execute(sa.delete(NameWord).where(NameWord.movement == movement, NameWord.person == person))


def release(session: Session, movement: str, person: str, system: str, external_id: str) -> bool:
    """Take an external id away from a person; False where they do not have it."""
    gone = session.execute(
        sa.delete(ExternalId)
        .where(ExternalId.movement == movement, ExternalId.system == system, ExternalId.external_id == external_id)
        .where(ExternalId.person == person)
        .returning(ExternalId.person)
    )
    return gone.one_or_none() is not None


def list_people(
    session: Session,
    movement: str,
    *,
    words: Sequence[str],
    rung: Rung | None,
    tag: str | None,
    updated_since: datetime | None,
    external_id: tuple[str, str] | None,
    after: After,
    limit: int,
) -> Sequence[Person]:
    """People in the order of their joining, those after ``after`` first; each word begins one word of a name."""
    query = SHOWN.where(Person.movement == movement)
    for word in words:
        start = word.encode()
        begins = sa.select(NameWord.person).where(
            NameWord.movement == movement,
            NameWord.word >= start,
            NameWord.word < start + b"\xff",  # no UTF-8 text holds this byte: the range is all that begins so
        )
        query = query.where(Person.id.in_(begins))
    if rung is not None:
        standing = sa.select(Membership.person).where(Membership.movement == movement, Membership.rung == rung)
        query = query.where(Person.id.in_(standing))
    if tag is not None:
        tagged = sa.select(Label.person).where(
            Label.movement == movement, Label.kind == LabelKind.TAG, Label.label == tag
        )
        query = query.where(Person.id.in_(tagged))
    if updated_since is not None:
        query = query.where(Person.updated_at >= updated_since)
    if external_id is not None:
        system, called = external_id
        owner = sa.select(ExternalId.person).where(
            ExternalId.movement == movement, ExternalId.system == system, ExternalId.external_id == called
        )
        query = query.where(Person.id.in_(owner))
    return session.scalars(page(query, Person.id, after, limit)).all()


def _outgrown(today: date) -> sa.ColumnElement[bool]:
    each = [sa.and_(Person.age_band == band, Person.date_of_birth <= born_by(until, today)) for band, until in UNTIL]
    return sa.and_(Person.date_of_birth.is_not(None), sa.or_(*each))
