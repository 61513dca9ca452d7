"""Every SQL statement about frameworks."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.measures.frameworks.models import Framework, FrameworkVersion
from services.measures.measures.models import Measure
from shared.db.session import of


def insert(session: Session, movement: str, **values: object) -> bool:
    """Enter a framework. False where the movement has one of that key."""
    dialect = postgresql.insert if of(session).dialect.name == "postgresql" else sqlite.insert
    entered = dialect(Framework).values(movement=movement, **values)
    return session.execute(entered.on_conflict_do_nothing().returning(Framework.key)).first() is not None


def add_version(session: Session, version: FrameworkVersion) -> None:
    """Enter a version of a framework that is held."""
    session.add(version)


def get(session: Session, movement: str, key: str) -> Framework | None:
    """The framework, or None."""
    return session.get(Framework, (movement, key))


def lock(session: Session, movement: str, key: str) -> Framework | None:
    """The framework, held until the end of the transaction: its versions are numbered one after the other."""
    return session.get(Framework, (movement, key), with_for_update=True, populate_existing=True)


def get_version(session: Session, movement: str, key: str, version: int) -> FrameworkVersion | None:
    """A version, or None."""
    return session.get(FrameworkVersion, (movement, key, version))


def page(session: Session, movement: str, *, after: str, limit: int) -> Sequence[Framework]:
    """The movement's own frameworks by key, behind the one named `after`."""
    query = sa.select(Framework).where(Framework.movement == movement, Framework.key > after)
    return session.scalars(query.order_by(Framework.key).limit(limit)).all()


def keys(session: Session, movement: str, among: Sequence[str]) -> set[str]:
    """Those of some keys by which the movement has a framework of its own."""
    query = sa.select(Framework.key).where(Framework.movement == movement, Framework.key.in_(among))
    return set(session.scalars(query))


def versions(session: Session, movement: str, key: str, *, after: int, limit: int) -> Sequence[FrameworkVersion]:
    """A framework's versions by number, behind number `after`."""
    it = FrameworkVersion
    query = sa.select(it).where(it.movement == movement, it.framework == key, it.version > after)
    return session.scalars(query.order_by(it.version).limit(limit)).all()


def known_measures(session: Session, movement: str, measures: Collection[str]) -> set[str]:
    """Those of the ids that are measures of the movement."""
    if not measures:
        return set()
    return set(session.scalars(sa.select(Measure.id).where(Measure.movement == movement, Measure.id.in_(measures))))
