"""Every SQL statement about notices."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.directory.people.models import Provenance
from services.members.trust.notices.models import GivenNotice, PublishedNotice
from services.members.trust.permissions.models import Permission
from shared.db.hot import hot

# Every sign-up that gives a permission asks it.
_versions = hot(
    sa.select(PublishedNotice.version).where(
        PublishedNotice.movement == sa.bindparam("movement"), PublishedNotice.name == sa.bindparam("name")
    )
)


class Given(NamedTuple):
    """That somebody was given a notice: by itself, or with the record that ``record`` names."""

    record: str
    name: str
    version: str
    language: str
    given_on: date | None
    recorded_at: datetime


def add(session: Session, row: PublishedNotice | GivenNotice) -> None:
    """Insert a notice, or that one was given."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, name: str, version: str, language: str) -> PublishedNotice | None:
    """A version of a notice in a language."""
    query = sa.select(PublishedNotice).where(
        PublishedNotice.movement == movement,
        PublishedNotice.name == name,
        PublishedNotice.version == version,
        PublishedNotice.language == language,
    )
    return session.scalar(query)


def versions(session: Session, movement: str, name: str) -> set[str]:
    """The versions of a notice that the movement keeps here."""
    return {row[0] for row in _versions.rows(session, {"movement": movement, "name": name})}


def list_notices(
    session: Session, movement: str, *, name: str | None, after: After, limit: int
) -> Sequence[PublishedNotice]:
    """Notices in the order in which they were entered, those after ``after`` first."""
    query = sa.select(PublishedNotice).where(PublishedNotice.movement == movement)
    if name is not None:
        query = query.where(PublishedNotice.name == name)
    return session.scalars(page(query, PublishedNotice.id, after, limit)).all()


def given_to(session: Session, movement: str, person: str) -> Sequence[Given]:
    """Every notice that somebody was given, however it came to them, in the order of its recording."""
    decided = sa.select(
        Permission.id, Permission.notice, Permission.notice_version, Permission.notice_language, Permission.said_on,
        Permission.decided_at,
    ).where(Permission.movement == movement, Permission.person == person, Permission.notice.is_not(None))  # fmt: skip
    came = sa.select(
        Provenance.id, Provenance.notice, Provenance.notice_version, Provenance.notice_language,
        Provenance.notice_given_on, Provenance.recorded_at,
    ).where(Provenance.movement == movement, Provenance.person == person, Provenance.notice.is_not(None))  # fmt: skip
    alone = sa.select(
        GivenNotice.id, GivenNotice.name, GivenNotice.version, GivenNotice.language, GivenNotice.given_on,
        GivenNotice.recorded_at,
    ).where(GivenNotice.movement == movement, GivenNotice.person == person)  # fmt: skip
    found = [
        Given(record, name, version, language, given_on, recorded_at)
        for query in (decided, came, alone)
        for record, name, version, language, given_on, recorded_at in session.execute(query)
        if name is not None and version is not None and language is not None
    ]
    return sorted(found, key=lambda each: (each.recorded_at, each.record))
