"""What the read model is made of, read from the service's own store: imports in the order of time, and their rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.imports.models import Import
from services.measures.observations.models import Observation
from shared.db.types import Instant

COLUMNS = (
    Observation.import_id, Observation.id, Observation.movement, Observation.version, Observation.place,
    Observation.period_start, Observation.cell, Observation.reporter, Observation.programme, Observation.activity,
    Observation.revision, Observation.status, Observation.bound, Observation.value, Observation.numerator,
    Observation.denominator, Observation.n, Observation.sum_x, Observation.sum_x2,
)  # fmt: skip
"""The columns of a figure, in the order in which the model keeps them."""


def recorded(session: Session, movement: str, since: datetime | None) -> list[tuple[str, datetime]]:
    """The movement's revealed imports and reports since a moment (None: all), with when each was recorded."""
    query = sa.select(Import.id, sa.type_coerce(Import.recorded_at, Instant())).where(
        Import.movement == movement, Import.recorded_at.is_not(None)
    )
    if since is not None:
        query = query.where(Import.recorded_at >= since)
    return [(import_id, at) for import_id, at in session.execute(query.order_by(Import.recorded_at, Import.id))]


def rows_of(session: Session, movement: str, import_id: str, after: str, limit: int) -> Sequence[Sequence[Any]]:
    """The figures that an import brought, as :data:`COLUMNS`, by id, behind the one named `after`."""
    query = (
        sa.select(*COLUMNS)
        .where(Observation.movement == movement, Observation.import_id == import_id, Observation.id > after)
        .order_by(Observation.id)
        .limit(limit)
    )
    return session.execute(query).all()
