"""Every SQL statement about the commons: they alone look at other movements' rows, and at published ones alone."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.measures.measures.models import Measure, MeasureVersion, VersionStatus


class Shared(NamedTuple):
    """A published version, its measure, and the copies of them that the movement has, if it took them."""

    measure: Measure
    version: MeasureVersion
    copy: str | None


def find(session: Session, movement: str, version: str) -> Shared | None:
    """One published version, whosever it is, or None."""
    return next(iter(_read(session, _published(movement).where(MeasureVersion.id == version))), None)


def page(
    session: Session, movement: str, *, q: str | None, instrument: str | None, after: str, limit: int
) -> Sequence[Shared]:
    """Published versions by id, behind the one named `after`: in whose words `q` is, of one instrument."""
    query = _published(movement).where(MeasureVersion.id > after)
    if q is not None:
        words = Measure.key + " " + Measure.title + " " + Measure.description
        query = query.where(sa.func.lower(words).contains(q.lower(), autoescape=True))
    if instrument is not None:
        query = query.where(MeasureVersion.instrument == instrument)
    return _read(session, query.order_by(MeasureVersion.id).limit(limit))


def published_until(session: Session, shared: Shared) -> Sequence[MeasureVersion]:
    """The published versions of a measure up to one of them, where they are at home."""
    query = sa.select(MeasureVersion).where(
        MeasureVersion.movement == shared.measure.movement, MeasureVersion.measure == shared.measure.id,
        MeasureVersion.status == VersionStatus.PUBLISHED.value, MeasureVersion.number <= shared.version.number,
    )  # fmt: skip
    return session.scalars(query.order_by(MeasureVersion.number)).all()


def copy_measure(session: Session, movement: str, shared: Measure, key: str) -> None:
    """Enter the copy of a measure, or bring it up to date; it keeps the key under which it was taken."""
    copied = session.get(Measure, (movement, shared.id), with_for_update=True)
    if copied is None:
        session.add(Measure(**_columns(shared) | {"movement": movement, "origin": shared.movement, "key": key}))
    else:
        copied.title, copied.description = shared.title, shared.description
        copied.version, copied.updated_at = shared.version, shared.updated_at
    session.flush()


def copy_versions(session: Session, movement: str, versions: Sequence[MeasureVersion]) -> None:
    """Enter the copies of versions that are not there yet."""
    for version in versions:
        if session.get(MeasureVersion, (movement, version.id)) is None:
            session.add(MeasureVersion(**_columns(version) | {"movement": movement}))
    session.flush()


def key_is_taken(session: Session, movement: str, key: str, measure: str) -> bool:
    """Whether another measure of the movement has this key."""
    query = sa.select(Measure.id).where(Measure.movement == movement, Measure.key == key, Measure.id != measure)
    return session.scalar(query) is not None


def _published(movement: str) -> sa.Select[Measure, MeasureVersion, str | None]:
    """Published versions where they are at home, each with its copy in the movement."""
    copy = aliased(MeasureVersion)
    return (
        sa.select(Measure, MeasureVersion, copy.id)
        .join(Measure, (Measure.movement == MeasureVersion.movement) & (Measure.id == MeasureVersion.measure))
        .outerjoin(copy, (copy.movement == movement) & (copy.id == MeasureVersion.id))
        .where(MeasureVersion.status == VersionStatus.PUBLISHED.value, Measure.origin.is_(None))
    )


def _read(session: Session, query: sa.Select[Measure, MeasureVersion, str | None]) -> list[Shared]:
    return [Shared(measure, version, copy) for measure, version, copy in session.execute(query)]


def _columns(row: Measure | MeasureVersion) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in type(row).__mapper__.column_attrs}
