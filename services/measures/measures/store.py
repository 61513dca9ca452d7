"""Every SQL statement about measures and their versions."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.measures.measures.models import Measure, MeasureVersion, VersionStatus
from services.measures.observations.models import Observation, of_activity
from shared.db.session import of

_published = (
    sa.select(MeasureVersion)
    .where(
        MeasureVersion.movement == sa.bindparam("movement"), MeasureVersion.measure == sa.bindparam("measure"),
        MeasureVersion.status == VersionStatus.PUBLISHED.value,
    )
    .order_by(MeasureVersion.number.desc())
)  # fmt: skip
# Put together once, and the two in one: every answer about figures begins with it.
_version = sa.bindparam("version", type_=sa.Text)
_definition = (
    sa.select(Measure, MeasureVersion)
    .outerjoin(
        MeasureVersion,
        (MeasureVersion.movement == Measure.movement) & (MeasureVersion.measure == Measure.id)
        & ((MeasureVersion.id == _version)
           | (_version.is_(None) & (MeasureVersion.status == VersionStatus.PUBLISHED.value))),
    )
    .where(Measure.movement == sa.bindparam("movement"), Measure.id == sa.bindparam("measure"))
    .order_by(MeasureVersion.number.desc())
    .limit(1)
)  # fmt: skip


def insert_measure(session: Session, movement: str, **values: object) -> bool:
    """Enter a measure. False when the movement has one with that key."""
    insert = postgresql.insert if of(session).dialect.name == "postgresql" else sqlite.insert
    entered = insert(Measure).values(movement=movement, **values)
    return session.execute(entered.on_conflict_do_nothing().returning(Measure.id)).first() is not None


def get_measure(session: Session, movement: str, measure: str) -> Measure | None:
    """The measure, or None."""
    return session.get(Measure, (movement, measure))


def lock_measure(session: Session, movement: str, measure: str) -> Measure | None:
    """The measure, held until the end of the transaction: its versions are numbered one after the other."""
    return session.get(Measure, (movement, measure), with_for_update=True)


def page_of_measures(
    session: Session,
    movement: str,
    *,
    key: str | None,
    q: str | None,
    activity: str | None,
    after: str | None,
    limit: int,
) -> Sequence[Measure]:
    """The movement's measures, oldest first, behind the one named `after`; with `q` those whose title holds it.

    With `activity` those of which figures of that activity were recorded.
    """
    query = sa.select(Measure).where(Measure.movement == movement).order_by(Measure.id).limit(limit)
    if key is not None:
        query = query.where(Measure.key == key)
    if q is not None:
        query = query.where(sa.func.lower(Measure.title).contains(q.lower(), autoescape=True))
    if activity is not None:
        query = query.where(Measure.id.in_(_with_figures_of(movement, activity)))
    if after is not None:
        query = query.where(Measure.id > after)
    return session.scalars(query).all()


def _with_figures_of(movement: str, activity: str) -> sa.Select[str]:
    recorded = sa.select(Observation.version).where(Observation.movement == movement, of_activity(activity))
    return sa.select(MeasureVersion.measure).where(
        MeasureVersion.movement == movement, MeasureVersion.id.in_(recorded.distinct())
    )


def add_version(session: Session, movement: str, version: MeasureVersion) -> None:
    """Enter a version under the next number of its measure, whose row is locked."""
    last = sa.select(sa.func.max(MeasureVersion.number)).where(
        MeasureVersion.movement == movement, MeasureVersion.measure == version.measure
    )
    version.movement, version.number = movement, (session.scalar(last) or 0) + 1
    session.add(version)


def get_version(session: Session, movement: str, version: str) -> MeasureVersion | None:
    """The version, or None."""
    return session.get(MeasureVersion, (movement, version))


def lock_version(session: Session, movement: str, version: str) -> MeasureVersion | None:
    """The version, held until the end of the transaction."""
    return session.get(MeasureVersion, (movement, version), with_for_update=True)


def versions_of(session: Session, movement: str, measure: str, *, after: int, limit: int) -> Sequence[MeasureVersion]:
    """A measure's versions by number, behind number `after`."""
    query = (
        sa.select(MeasureVersion)
        .where(MeasureVersion.movement == movement, MeasureVersion.measure == measure, MeasureVersion.number > after)
        .order_by(MeasureVersion.number)
        .limit(limit)
    )
    return session.scalars(query).all()


def published_versions(session: Session, movement: str, measure: str) -> Sequence[MeasureVersion]:
    """The published versions of a measure, the newest first."""
    return session.scalars(_published, {"movement": movement, "measure": measure}).all()


def definition(
    session: Session, movement: str, measure: str, version: str | None
) -> tuple[Measure, MeasureVersion | None] | None:
    """The measure, and that version of it or (None) its newest published one, where there is one."""
    asked = {"movement": movement, "measure": measure, "version": version}
    row = session.execute(_definition, asked).first()
    return None if row is None else (row[0], row[1])


def latest_published(session: Session, movement: str, measure: str) -> MeasureVersion | None:
    """The published version with the highest number, or None."""
    return next(iter(published_versions(session, movement, measure)), None)
