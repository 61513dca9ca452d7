"""The SQL of what is shown of organisations: their own rows by one statement, and what hangs on them by two.

It is two however many organisations there are and however little hangs on them. A statement for each of the six kinds
of thing, made into objects, took nine tenths of the time of reading one.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.members.base import After, page
from services.members.directory.custom_fields.models import OrganisationValue
from services.members.directory.organisations.models import (
    Identifier,
    Organisation,
    OrganisationExternalId,
    OrganisationTag,
    Shown,
    Succession,
)
from shared.db.hot import Hot, hot
from shared.db.session import of
from shared.db.types import from_microseconds

Column = InstrumentedAttribute[str]

# Days as text and instants as numbers, which both drivers give alike: hot statements process no types.
_own = sa.select(
    sa.cast(Organisation.ended_on, sa.Text),
    sa.type_coerce(Organisation.created_at, sa.BigInteger), sa.type_coerce(Organisation.updated_at, sa.BigInteger),
    Organisation.id, Organisation.version, Organisation.name, Organisation.kind, Organisation.description,
    Organisation.parent, Organisation.postcode, Organisation.website, Organisation.email, Organisation.phone,
)  # fmt: skip
_one = hot(_own.where(Organisation.movement == sa.bindparam("tenant"), Organisation.id == sa.bindparam("organisation")))

_ids = sa.bindparam("ids", type_=sa.Text())
_among = {
    "sqlite": sa.select(sa.func.json_each(_ids).table_valued("value").c.value),
    "postgresql": sa.select(sa.func.json_array_elements_text(sa.cast(_ids, sa.JSON))),
}
"""The ids of a JSON array, as each database takes it apart."""


def _hanging(ids: sa.Select[str]) -> Hot:
    """Pairs that hang on these organisations: on which, of which kind, and both halves (tags have no second one)."""

    def pairs(
        kind: str, movement: Column, holder: Column, first: Column, second: sa.ColumnElement[str] | Column
    ) -> sa.Select[str, str, str, str]:
        told = sa.select(holder, sa.literal_column(f"'{kind}'", sa.Text), first, second)
        return told.where(movement == sa.bindparam("tenant"), holder.in_(ids))

    external, tag, on = OrganisationExternalId, OrganisationTag, sa.cast(Succession.succeeded_on, sa.Text)
    return hot(
        sa.union_all(
            pairs("identifier", Identifier.movement, Identifier.organisation, Identifier.scheme, Identifier.identifier),
            pairs("external_id", external.movement, external.organisation, external.system, external.external_id),
            pairs("tag", tag.movement, tag.organisation, tag.tag, sa.literal_column("''", sa.Text)),
            pairs("successor", Succession.movement, Succession.organisation, Succession.successor, on),
            pairs("predecessor", Succession.movement, Succession.successor, Succession.organisation, on),
        )
    )


def _values(ids: sa.Select[str]) -> Hot:
    value = OrganisationValue
    told = sa.select(value.organisation, value.key, value.text, value.number, sa.cast(value.day, sa.Text), value.yes)
    return hot(told.where(value.movement == sa.bindparam("tenant"), value.organisation.in_(ids)))


_pairs = {dialect: _hanging(ids) for dialect, ids in _among.items()}
_custom = {dialect: _values(ids) for dialect, ids in _among.items()}


def find(session: Session, movement: str, organisation: str) -> Shown | None:
    """One organisation by the id that it has now, as this transaction has it."""
    row = _one.one(session, {"tenant": movement, "organisation": organisation})
    return None if row is None else _in_full(session, movement, [row])[0]


def several(session: Session, movement: str, organisations: Collection[str]) -> Mapping[str, Shown]:
    """Some organisations, by the ids that they have now."""
    query = _own.where(Organisation.movement == movement, Organisation.id.in_(organisations))
    return {each.id: each for each in _in_full(session, movement, session.execute(query).all())}


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
) -> Sequence[Shown]:
    """Organisations in the order in which they became known, those after ``after`` first."""
    query = _own.where(Organisation.movement == movement)
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
    return _in_full(session, movement, session.execute(page(query, Organisation.id, after, limit)).all())


def _in_full(session: Session, movement: str, rows: Sequence[Sequence[Any]]) -> list[Shown]:
    """These rows of :data:`_own` with all that hangs on them."""
    shown = [
        Shown(
            None if ended_on is None else date.fromisoformat(ended_on),
            from_microseconds(created_at),
            from_microseconds(updated_at),
            *told,
        )
        for ended_on, created_at, updated_at, *told in rows
    ]
    by_id = {each.id: each for each in shown}
    of_these = {"tenant": movement, "ids": msgspec.json.encode(list(by_id)).decode()}
    dialect = of(session).dialect.name
    for holder, kind, first, second in sorted(_pairs[dialect].rows(session, of_these)):  # however a database collates
        _hang(by_id[holder], kind, first, second)
    for holder, key, text, number, day, yes in sorted(_custom[dialect].rows(session, of_these), key=lambda row: row[1]):
        value = OrganisationValue(
            key=key, text=text, number=number, day=None if day is None else date.fromisoformat(day),
            yes=None if yes is None else bool(yes),
        )  # fmt: skip
        by_id[holder].custom.append(value)
    return shown


def _hang(on: Shown, kind: str, first: str, second: str) -> None:
    match kind:
        case "identifier":
            on.identifiers.append((first, second))
        case "external_id":
            on.external_ids.append((first, second))
        case "tag":
            on.tags.append(first)
        case "successor":
            on.successors.append((first, date.fromisoformat(second)))
        case "predecessor":
            on.predecessors.append((first, date.fromisoformat(second)))
