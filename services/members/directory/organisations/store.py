"""Every SQL statement about organisations."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members.base import After, page
from services.members.directory.custom_fields.models import OrganisationValue
from services.members.directory.organisations.models import (
    PLANNED,
    Ending,
    Identifier,
    MergedOrganisation,
    Organisation,
    OrganisationExternalId,
    OrganisationTag,
    OrganisationWord,
    Passage,
    Succession,
    Taking,
)


@cache
def _shown() -> sa.Select[Organisation]:
    """Organisations with everything that is shown of them: a statement for each kind of thing, however many there are.

    Made at the first use, for by then the tables that theirs refer to are known as well.
    """
    return sa.select(Organisation).options(
        selectinload(Organisation.identifiers),
        selectinload(Organisation.external_ids),
        selectinload(Organisation.tags),
        selectinload(Organisation.custom.of_type(OrganisationValue)),
        selectinload(Organisation.successors),
        selectinload(Organisation.predecessors),
    )


def known(session: Session, movement: str, organisations: Collection[str]) -> set[str]:
    """Those of the ids that are organisations of the movement."""
    query = sa.select(Organisation.id).where(Organisation.movement == movement, Organisation.id.in_(organisations))
    return set(session.scalars(query))


def current(session: Session, movement: str, ids: Collection[str]) -> Mapping[str, str]:
    """The id that each of these organisations has now: another one for those that were merged, else its own.

    It says nothing about whether there is such an organisation.
    """
    query = sa.select(MergedOrganisation.merged, MergedOrganisation.organisation).where(
        MergedOrganisation.movement == movement, MergedOrganisation.merged.in_(ids)
    )
    return {given: given for given in ids} | dict(session.execute(query).all())


def present_id(session: Session, movement: str, organisation: str) -> str:
    """The id that an organisation has now: another one than was given where there was a merger, else the same."""
    return current(session, movement, [organisation])[organisation]


def find(session: Session, movement: str, organisation: str) -> Organisation | None:
    """Everything that is shown of one organisation, as this transaction has it."""
    query = _shown().where(Organisation.movement == movement, Organisation.id == organisation)
    return session.scalar(query.execution_options(populate_existing=True))


def for_change(session: Session, movement: str, organisation: str) -> Organisation | None:
    """The organisation's own row, locked until the transaction ends."""
    return session.get(Organisation, (movement, organisation), with_for_update=True)


def add(session: Session, row: Organisation) -> None:
    """Insert an organisation at once: what hangs on it refers to it."""
    session.add(row)
    session.flush()


def owner(session: Session, movement: str, scheme: str, identifier: str) -> str | None:
    """The organisation that a register calls by that number."""
    query = sa.select(Identifier.organisation).where(
        Identifier.movement == movement, Identifier.scheme == scheme, Identifier.identifier == identifier
    )
    return session.scalar(query)


def put_identifiers(session: Session, movement: str, organisation: str, said: Iterable[tuple[str, str]]) -> None:
    """Give an organisation these identifiers in place of those that it has."""
    session.execute(
        sa.delete(Identifier).where(Identifier.movement == movement, Identifier.organisation == organisation)
    )
    session.add_all(
        Identifier(movement=movement, scheme=scheme, identifier=number, organisation=organisation)
        for scheme, number in said
    )
    session.flush()


def put_tags(session: Session, movement: str, organisation: str, said: Iterable[str]) -> None:
    """Give an organisation these tags in place of those that it has."""
    session.execute(
        sa.delete(OrganisationTag).where(
            OrganisationTag.movement == movement, OrganisationTag.organisation == organisation
        )
    )
    session.add_all(OrganisationTag(movement=movement, tag=tag, organisation=organisation) for tag in said)


def put_words(session: Session, movement: str, organisation: str, words: Iterable[str]) -> None:
    """Let an organisation be found by these words in place of those before."""
    session.execute(
        sa.delete(OrganisationWord).where(
            OrganisationWord.movement == movement, OrganisationWord.organisation == organisation
        )
    )
    session.add_all(OrganisationWord(movement=movement, word=w.encode(), organisation=organisation) for w in words)


def external_owner(session: Session, movement: str, system: str, external_id: str) -> str | None:
    """The organisation that another system calls by that id."""
    row = session.get(OrganisationExternalId, (movement, system, external_id))
    return None if row is None else row.organisation


def add_external_id(session: Session, movement: str, organisation: str, system: str, external_id: str) -> None:
    """Say what another system calls an organisation."""
    session.add(
        OrganisationExternalId(movement=movement, system=system, external_id=external_id, organisation=organisation)
    )
    session.flush()


def remove_external_id(session: Session, movement: str, organisation: str, system: str, external_id: str) -> bool:
    """Forget what another system calls an organisation; False where it does not call it that."""
    row = session.get(OrganisationExternalId, (movement, system, external_id))
    if row is None or row.organisation != organisation:
        return False
    session.delete(row)
    return True


def parent_of(session: Session, movement: str, organisation: str) -> str | None:
    """What an organisation is a part of; its row is locked, so that two edits cannot close a circle between them."""
    row = session.get(Organisation, (movement, organisation), with_for_update=True)
    return None if row is None else row.parent


def parts_of(session: Session, movement: str, organisation: str) -> Sequence[Organisation]:
    """The organisations that are parts of one, locked until the transaction ends."""
    query = sa.select(Organisation).where(Organisation.movement == movement, Organisation.parent == organisation)
    return session.scalars(query.order_by(Organisation.id).with_for_update()).all()


def add_all(session: Session, of_an_end: Iterable[Succession | Ending | Taking | Passage]) -> None:
    """Say that an organisation ends, who goes on in its place, what they take, and what became of each thing."""
    session.add_all(of_an_end)
    session.flush()


def ending(session: Session, movement: str, organisation: str) -> Ending | None:
    """The end of an organisation that can be undone, locked until the transaction ends."""
    return session.get(Ending, (movement, organisation), with_for_update=True)


def movements_with_endings(session: Session, until: date) -> Sequence[str]:
    """The movements with an organisation that was to end by a day, and has not yet."""
    return session.scalars(sa.select(Ending.movement).where(sa.text(PLANNED), Ending.on <= until).distinct()).all()


def endings_due(session: Session, movement: str, today: date, limit: int) -> Sequence[Ending]:
    """The ends whose day has come, locked; those that another process has are left to it."""
    query = sa.select(Ending).where(Ending.movement == movement, sa.text(PLANNED), Ending.on <= today)
    return session.scalars(query.order_by(Ending.on).limit(limit).with_for_update(skip_locked=True)).all()


def successors(session: Session, movement: str, organisation: str) -> Sequence[str]:
    """Who goes on in the place of an organisation."""
    query = sa.select(Succession.successor).where(
        Succession.movement == movement, Succession.organisation == organisation
    )
    return session.scalars(query.order_by(Succession.successor)).all()


def takings(session: Session, movement: str, organisation: str) -> Sequence[Taking]:
    """What is to pass on from an organisation."""
    query = sa.select(Taking).where(Taking.movement == movement, Taking.organisation == organisation)
    return session.scalars(query.order_by(Taking.what)).all()


def passages(session: Session, movement: str, organisation: str) -> Sequence[Passage]:
    """What became of each thing that an organisation had."""
    query = sa.select(Passage).where(Passage.movement == movement, Passage.organisation == organisation)
    return session.scalars(query.order_by(Passage.kind, Passage.record)).all()


def forget_end(session: Session, movement: str, organisation: str) -> None:
    """Forget that an organisation ends, and all that belongs to that."""
    for table in (Passage, Taking, Succession, Ending):
        gone = sa.delete(table).where(table.movement == movement, table.organisation == organisation)
        session.execute(gone)


def list_organisations(
    session: Session,
    movement: str,
    *,
    kind: str | None,
    tag: str | None,
    parent: str | None,
    identifier: tuple[str, str] | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> Sequence[Organisation]:
    """Organisations in the order in which they became known, those after ``after`` first."""
    query = _shown().where(Organisation.movement == movement)
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    if tag is not None:
        tagged = sa.select(OrganisationTag.organisation).where(
            OrganisationTag.movement == movement, OrganisationTag.tag == tag
        )
        query = query.where(Organisation.id.in_(tagged))
    if parent is not None:
        query = query.where(Organisation.parent == parent)
    if identifier is not None:
        called = sa.select(Identifier.organisation).where(
            Identifier.movement == movement, Identifier.scheme == identifier[0], Identifier.identifier == identifier[1]
        )
        query = query.where(Organisation.id.in_(called))
    if updated_since is not None:
        query = query.where(Organisation.updated_at >= updated_since)
    return session.scalars(page(query, Organisation.id, after, limit)).all()
