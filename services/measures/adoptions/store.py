"""Every SQL statement about adoptions, and the one that looks for what was reported under them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.adoptions.models import Adoption
from services.measures.imports.models import Import
from services.measures.observations.models import Observation


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which adoptions are wanted; None where it does not matter. `organisations` are all ids of one."""

    organisations: Collection[str] | None = None
    measure_version: str | None = None
    on: date | None = None
    updated_since: datetime | None = None


def add(session: Session, adoption: Adoption) -> None:
    """Insert an adoption."""
    session.add(adoption)
    session.flush()


def find(session: Session, movement: str, adoption: str, *, locked: bool = False) -> Adoption | None:
    """One adoption, or None."""
    return session.get(Adoption, (movement, adoption), with_for_update=locked or None)


def page(session: Session, movement: str, chosen: Chosen, *, after: str, limit: int) -> Sequence[Adoption]:
    """Adoptions by id, behind the one named `after`."""
    query = sa.select(Adoption).where(Adoption.movement == movement, Adoption.id > after)
    if chosen.organisations is not None:
        query = query.where(Adoption.organisation.in_(chosen.organisations))
    if chosen.measure_version is not None:
        query = query.where(Adoption.measure_version == chosen.measure_version)
    if chosen.on is not None:
        query = query.where(_in_force(chosen.on, chosen.on))
    if chosen.updated_since is not None:
        query = query.where(Adoption.updated_at >= chosen.updated_since)
    return session.scalars(query.order_by(Adoption.id).limit(limit)).all()


def in_force(session: Session, movement: str, version: str, first: date, last: date) -> Sequence[Adoption]:
    """Every adoption of a version that holds on one of these days, by id."""
    query = sa.select(Adoption).where(
        Adoption.movement == movement, Adoption.measure_version == version, _in_force(first, last)
    )
    return session.scalars(query.order_by(Adoption.id)).all()


def statuses(
    session: Session, movement: str, version: str, reporters: Collection[str], first: date, last: date
) -> list[tuple[str, str, str]]:
    """Place, first day and status of what these reporters have said of periods that start in these days.

    Of each figure the newest revision that is known.
    """
    query = (
        sa.select(
            Observation.place, Observation.period_start, Observation.status, Observation.cell, Observation.reporter,
            Observation.programme, Observation.activity,
        )
        .join(Import, (Import.movement == Observation.movement) & (Import.id == Observation.import_id))
        .where(
            Observation.movement == movement, Observation.version == version, Observation.reporter.in_(reporters),
            Observation.period_start >= first.isoformat(), Observation.period_start <= last.isoformat(),
            Import.recorded_at.is_not(None),
        )
        .order_by(Observation.revision)
    )  # fmt: skip
    newest = {(place, start, *key): status for place, start, status, *key in session.execute(query)}
    return [(place, start, status) for (place, start, *_), status in newest.items()]


def _in_force(first: date, last: date) -> sa.ColumnElement[bool]:
    return (Adoption.starts_on <= last.isoformat()) & (Adoption.until.is_(None) | (Adoption.until >= first.isoformat()))
