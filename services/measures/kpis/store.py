"""Every SQL statement about KPIs and their ratings."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.kpis.models import Kpi, KpiRating


def add(session: Session, row: Kpi | KpiRating) -> None:
    """Insert a row."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, kpi: str, *, locked: bool = False) -> Kpi | None:
    """One KPI, or None."""
    return session.get(Kpi, (movement, kpi), with_for_update=locked or None)


def with_key(session: Session, movement: str, key: str) -> str | None:
    """The id of the KPI that has this key."""
    return session.scalar(sa.select(Kpi.id).where(Kpi.movement == movement, Kpi.key == key))


def page(
    session: Session, movement: str, *, archived: bool, updated_since: datetime | None, after: str, limit: int
) -> Sequence[Kpi]:
    """KPIs by id, behind the one named `after`."""
    query = sa.select(Kpi).where(Kpi.movement == movement, Kpi.archived.is_(archived), Kpi.id > after)
    if updated_since is not None:
        query = query.where(Kpi.updated_at >= updated_since)
    return session.scalars(query.order_by(Kpi.id).limit(limit)).all()


def latest(session: Session, movement: str, kpis: Sequence[str]) -> Mapping[str, KpiRating]:
    """The newest rating of each of these KPIs that has one."""
    newest = (
        sa.select(sa.func.max(KpiRating.id))
        .where(KpiRating.movement == movement, KpiRating.kpi.in_(kpis))
        .group_by(KpiRating.kpi)
    )
    rows = session.scalars(sa.select(KpiRating).where(KpiRating.movement == movement, KpiRating.id.in_(newest)))
    return {row.kpi: row for row in rows}


def ratings(session: Session, movement: str, kpi: str, *, before: str | None, limit: int) -> Sequence[KpiRating]:
    """How a KPI was rated, the newest first, from before the rating that is named."""
    query = sa.select(KpiRating).where(KpiRating.movement == movement, KpiRating.kpi == kpi)
    if before is not None:
        query = query.where(KpiRating.id < before)
    return session.scalars(query.order_by(KpiRating.id.desc()).limit(limit)).all()
