"""Every SQL statement about organisations, but for reading what is shown of them (`reading`)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import bare
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
from shared.db.hot import Hot, Value, hot

_add = hot(sa.insert(Organisation))
_add_identifier = hot(sa.insert(Identifier))
_add_tag = hot(sa.insert(OrganisationTag))
_add_word = hot(sa.insert(OrganisationWord))
_gone = {
    table: hot(
        sa.delete(table).where(table.movement == sa.bindparam("tenant"), table.organisation == sa.bindparam("of"))
    )
    for table in (Identifier, OrganisationTag, OrganisationWord)
}
_merged_into = hot(
    sa.select(MergedOrganisation.organisation).where(
        MergedOrganisation.movement == sa.bindparam("tenant"), MergedOrganisation.merged == sa.bindparam("merged")
    )
)


def known(session: Session, movement: str, organisations: Collection[str]) -> set[str]:
    """Those of the ids that are organisations of the movement."""
    query = sa.select(Organisation.id).where(Organisation.movement == movement, Organisation.id.in_(organisations))
    return set(session.scalars(query))


def current(session: Session, movement: str, ids: Collection[str]) -> Mapping[str, str]:
    """The id that each of these organisations has now: another one for those that were merged, else its own.

    It says nothing about whether there is such an organisation.
    """
    if len(ids) == 1:
        (given,) = ids
        row = _merged_into.one(session, {"tenant": movement, "merged": given})
        return {given: given if row is None else row[0]}
    query = sa.select(MergedOrganisation.merged, MergedOrganisation.organisation).where(
        MergedOrganisation.movement == movement, MergedOrganisation.merged.in_(ids)
    )
    return {given: given for given in ids} | dict(session.execute(query).all())


def present_id(session: Session, movement: str, organisation: str) -> str:
    """The id that an organisation has now: another one than was given where there was a merger, else the same."""
    return current(session, movement, [organisation])[organisation]


def ids_after(session: Session, movement: str, after: str, limit: int) -> Sequence[str]:
    """The next organisations in the order of their ids."""
    query = sa.select(Organisation.id).where(Organisation.movement == movement, Organisation.id > after)
    return session.scalars(query.order_by(Organisation.id).limit(limit)).all()


def for_change(session: Session, movement: str, organisation: str) -> Organisation | None:
    """The organisation's own row, locked until the transaction ends."""
    return session.get(Organisation, (movement, organisation), with_for_update=True)


def add(session: Session, row: Organisation) -> None:
    """Insert an organisation at once: what hangs on it refers to it."""
    _add.run(session, bare(row))


def owner(session: Session, movement: str, scheme: str, identifier: str) -> str | None:
    """The organisation that a register calls by that number."""
    query = sa.select(Identifier.organisation).where(
        Identifier.movement == movement, Identifier.scheme == scheme, Identifier.identifier == identifier
    )
    return session.scalar(query)


def put_identifiers(session: Session, movement: str, organisation: str, said: Iterable[tuple[str, str]]) -> None:
    """Give an organisation these identifiers in place of those that it has."""
    _put(session, Identifier, _add_identifier, movement, organisation,
         [{"scheme": scheme, "identifier": number} for scheme, number in said])  # fmt: skip


def put_tags(session: Session, movement: str, organisation: str, said: Iterable[str]) -> None:
    """Give an organisation these tags in place of those that it has."""
    _put(session, OrganisationTag, _add_tag, movement, organisation, [{"tag": tag} for tag in said])


def put_words(session: Session, movement: str, organisation: str, words: Iterable[str]) -> None:
    """Let an organisation be found by these words in place of those before."""
    _put(session, OrganisationWord, _add_word, movement, organisation, [{"word": word.encode()} for word in words])


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


def _put(
    session: Session,
    table: type[Identifier | OrganisationTag | OrganisationWord],
    add: Hot,
    movement: str,
    organisation: str,
    rows: Iterable[Mapping[str, Value]],
) -> None:
    """Let these be an organisation's rows in a table, at once, in place of those that it has."""
    _gone[table].run(session, {"tenant": movement, "of": organisation})
    whose = {"movement": movement, "organisation": organisation}
    add.many(session, [{**row, **whose} for row in rows])
