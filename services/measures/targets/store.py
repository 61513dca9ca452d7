"""Every SQL statement about targets and baselines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.targets.models import Aimed, Target
from shared.db.hot import hot
from shared.db.lists import among, json_list

_of_series = hot(
    sa.select(
        Target.id, Target.measure_version, Target.place, Target.kind, Target.period, Target.period_start, Target.value
    )
    .where(
        Target.movement == sa.bindparam("movement", type_=sa.Text), among(Target.measure_version, "versions"),
        among(Target.place, "places"), Target.cell == sa.bindparam("cell", type_=sa.Text),
        Target.organisation.is_(None),
    )
    .order_by(Target.period_start, Target.kind)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which targets are wanted; None where it does not matter."""

    measure_version: str | None = None
    place: str | None = None
    cell: str | None = None
    kind: str | None = None
    updated_since: datetime | None = None


def add(session: Session, target: Target) -> None:
    """Insert a target."""
    session.add(target)
    session.flush()


def find(session: Session, movement: str, target: str, *, locked: bool = False) -> Target | None:
    """One target, or None."""
    return session.get(Target, (movement, target), with_for_update=locked or None)


def alike(session: Session, target: Target) -> Sequence[Target]:
    """What is said already of the same figure, whoever's it is."""
    query = sa.select(Target).where(
        Target.movement == target.movement, Target.measure_version == target.measure_version,
        Target.kind == target.kind, Target.place == target.place, Target.cell == target.cell,
        Target.period_start == target.period_start,
    )  # fmt: skip
    return session.scalars(query).all()


def delete(session: Session, target: Target) -> None:
    """Delete a target."""
    session.delete(target)


def page(session: Session, movement: str, chosen: Chosen, *, after: str, limit: int) -> Sequence[Target]:
    """Targets by id, behind the one named `after`."""
    query = sa.select(Target).where(Target.movement == movement, Target.id > after)
    for column, wanted in (
        (Target.measure_version, chosen.measure_version),
        (Target.place, chosen.place),
        (Target.cell, chosen.cell),
        (Target.kind, chosen.kind),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.updated_since is not None:
        query = query.where(Target.updated_at >= chosen.updated_since)
    return session.scalars(query.order_by(Target.id).limit(limit)).all()


def of_series(
    session: Session, movement: str, versions: Sequence[str], places: Sequence[str], cell: str
) -> Sequence[Aimed]:
    """The movement's own targets and baselines of the series of these versions at these places, by period."""
    given = {"movement": movement, "versions": json_list(versions), "places": json_list(places), "cell": cell}
    return [Aimed(*row) for row in _of_series.rows(session, given)]
