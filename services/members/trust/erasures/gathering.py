"""What is known of somebody that tells in a text that it speaks of them: read off all their records."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.merging import store as merges
from services.members.directory.merging.models import Merge
from services.members.directory.merging.steps import Changed, SetAside
from services.members.directory.people import names
from services.members.directory.people.models import Email, ExternalId, MergedPerson, NameWord, Person, Phone
from shared.erasure.marks import Marks, called

_SHORTEST_ALONE = 4
"""Letters of a family name that is looked for by itself: a shorter one is part of too much else."""


class Known(NamedTuple):
    """All that the records of one person say of who they are, those that were merged too."""

    names: list[tuple[str, str | None, str | None]]
    addresses: list[str]
    phones: list[str]
    postcodes: list[str]
    birthdays: list[str]
    external_ids: list[tuple[str, str]]


def ids_of(session: Session, movement: str, person: str) -> list[str]:
    """Every id by which somebody is known: their own first, then those of records that were merged into it."""
    query = sa.select(MergedPerson.merged).where(MergedPerson.movement == movement, MergedPerson.person == person)
    return [person, *sorted(session.scalars(query))]


def known(session: Session, movement: str, ids: Sequence[str]) -> Known:
    """What is known of somebody by all their ids."""
    found = Known([], [], [], [], [], [])
    for row in _rows(session, movement, ids):
        if "given_name" in row:
            found.names.append((str(row["given_name"]), _text(row.get("family_name")), _text(row.get("known_as"))))
        for key, into in (
            ("address", found.addresses), ("number", found.phones),
            ("postcode", found.postcodes), ("date_of_birth", found.birthdays),
        ):  # fmt: skip
            if row.get(key):
                into.append(str(row[key]))
        if "external_id" in row:
            found.external_ids.append((str(row["system"]), str(row["external_id"])))
    return found


def marks(session: Session, movement: str, ids: Sequence[str], also: Sequence[str]) -> Marks:
    """What to look for in texts everywhere."""
    of_them = known(session, movement, ids)
    families = {family for _, family, _ in of_them.names if family and len(family) >= _SHORTEST_ALONE}
    phrases = [phrase for name in of_them.names for phrase in called(*name)]
    return Marks(
        people=ids,
        phrases=list(dict.fromkeys([*phrases, *also])),
        words=sorted(family for family in families if _theirs_alone(session, movement, ids, family)),
        addresses=sorted(set(of_them.addresses)),
        phones=sorted(set(of_them.phones)),
        beside=sorted(set(of_them.postcodes)),
    )


def _rows(session: Session, movement: str, ids: Sequence[str]) -> Iterator[dict[str, object]]:
    """The rows that say who they are, and those that a merge has taken out of sight."""
    for table in (Person.__table__, Email.__table__, Phone.__table__, ExternalId.__table__):
        theirs = table.c.id if table is Person.__table__ else table.c.person
        query = sa.select(table).where(table.c.movement == movement, theirs.in_(ids))
        yield from (dict(row) for row in session.execute(query).mappings())
    about = sa.select(Merge.id).where(
        Merge.movement == movement, sa.or_(Merge.survivor.in_(ids), Merge.merged.in_(ids))
    )
    for merge in session.scalars(about):
        for step in merges.steps(session, movement, merge):
            if isinstance(step, SetAside):
                yield step.row
            elif isinstance(step, Changed) and step.table == "people":
                yield from ({name: value} for side in (step.before, step.after) for name, value in side.items())


def _theirs_alone(session: Session, movement: str, ids: Sequence[str], family: str) -> bool:
    """Whether nobody else of the movement has a name with any of these words in it."""
    words = [word.encode() for word in names.words(family)]
    others = sa.select(NameWord.person).where(
        NameWord.movement == movement, NameWord.word.in_(words), NameWord.person.not_in(ids)
    )
    return session.execute(others.limit(1)).first() is None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
