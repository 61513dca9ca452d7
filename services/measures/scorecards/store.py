"""The SQL of scorecards: which definitions stand."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.measures.models import Measure, MeasureVersion, VersionStatus


def newest_published(
    session: Session, movement: str, measures: Collection[str] | None, limit: int
) -> dict[str, tuple[Measure, MeasureVersion]]:
    """Each measure (None: the first of all) with its newest published version, by the measure's id."""
    newest = (
        sa.select(MeasureVersion.measure, sa.func.max(MeasureVersion.number).label("number"))
        .where(MeasureVersion.movement == movement, MeasureVersion.status == VersionStatus.PUBLISHED.value)
        .group_by(MeasureVersion.measure)
        .subquery()
    )
    query = (
        sa.select(Measure, MeasureVersion)
        .join(newest, newest.c.measure == Measure.id)
        .join(
            MeasureVersion,
            (MeasureVersion.movement == Measure.movement)
            & (MeasureVersion.measure == newest.c.measure)
            & (MeasureVersion.number == newest.c.number),
        )
        .where(Measure.movement == movement)
        .order_by(Measure.id)
        .limit(limit)
    )
    if measures is not None:
        query = query.where(Measure.id.in_(measures))
    return {measure.id: (measure, version) for measure, version in session.execute(query)}
