"""Every SQL statement about directories and postcodes. They are shared by all movements, so nothing here takes one."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.measures.postcodes.models import DirectoryState, Postcode, PostcodeDirectory
from services.measures.postcodes.rows import PostcodeRow
from shared.db.session import of


def add(session: Session, directory: PostcodeDirectory) -> None:
    """Enter an edition."""
    session.add(directory)
    session.flush()


def find(session: Session, edition: str) -> PostcodeDirectory | None:
    """One edition, or None."""
    return session.get(PostcodeDirectory, edition)


def of_job(session: Session, job: str) -> PostcodeDirectory | None:
    """The edition that a job loads, locked; or None."""
    return session.scalar(sa.select(PostcodeDirectory).where(PostcodeDirectory.job == job).with_for_update())


def delete(session: Session, directory: PostcodeDirectory) -> None:
    """Delete an edition without postcodes."""
    session.delete(directory)


def editions(session: Session) -> Sequence[PostcodeDirectory]:
    """Every edition, the one that was loaded last first."""
    loaded_first = PostcodeDirectory.loaded_at.is_(None), PostcodeDirectory.loaded_at.desc()
    return session.scalars(sa.select(PostcodeDirectory).order_by(*loaded_first)).all()


def newest(session: Session) -> PostcodeDirectory | None:
    """The edition that was loaded last, or None."""
    return next((each for each in editions(session) if each.state == DirectoryState.LOADED), None)


def save(session: Session, edition: str, rows: Sequence[PostcodeRow]) -> int:
    """Enter postcodes; of one that stands in the file twice the first counts. Answers how many were new."""
    if not rows:
        return 0
    insert = postgresql.insert if of(session).dialect.name == "postgresql" else sqlite.insert
    values = [{"edition": edition, **row._asdict()} for row in rows]
    entered = insert(Postcode).values(values).on_conflict_do_nothing().returning(Postcode.postcode)
    return len(session.execute(entered).all())


def drop_some(session: Session, edition: str, limit: int) -> bool:
    """Delete some of an edition's postcodes; whether there were any."""
    some = session.scalars(sa.select(Postcode.postcode).where(Postcode.edition == edition).limit(limit)).all()
    session.execute(sa.delete(Postcode).where(Postcode.edition == edition, Postcode.postcode.in_(some)))
    return bool(some)


def look_up(session: Session, edition: str, postcode: str) -> Postcode | None:
    """A postcode in an edition, or None."""
    return session.get(Postcode, (edition, postcode))
