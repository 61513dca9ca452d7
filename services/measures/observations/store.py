"""The SQL by which figures are read: as they are known, and as they were."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.measures.disclosure.sharing import Sharing
from services.measures.imports.models import Import
from services.measures.observations.models import Amount, Key, Observation, of_activity
from shared.db.types import Instant

_KEY = ("version", "place", "period_start", "cell", "reporter", "programme", "activity")


class Seen(NamedTuple):
    """A revision, from when on it was known, where it came from, and, of a correction, why."""

    observation: Observation
    recorded_at: datetime
    provenance: str | None
    reason: str | None
    sharing: Sharing = Sharing.NOT_FOR_SHARING


class Wanted(NamedTuple):
    """Which observations to list: None is any. Only current ones, unless every revision is wanted."""

    version: str | None = None
    reporter: str | None = None
    place: str | None = None
    period: str | None = None
    cell: str | None = None
    programme: str | None = None
    activity: str | None = None
    import_id: str | None = None
    every_revision: bool = False
    as_of: datetime | None = None
    since: datetime | None = None


class Keyed(NamedTuple):
    """The newest revision of a figure, with what it is about."""

    key: Key
    observation: str
    amount: Amount


def page(session: Session, movement: str, wanted: Wanted, *, after: str | None, limit: int) -> Sequence[Seen]:
    """Observations by id, behind the one named `after`."""
    query = _wanted(movement, wanted)
    if after is not None:
        query = query.where(Observation.id > after)
    return _read(session, query.order_by(Observation.id).limit(limit))


def in_order(session: Session, movement: str, wanted: Wanted, limit: int) -> Sequence[Seen]:
    """Observations in the order of their keys, the reporter last."""
    order = ("place", "period_start", "cell", "programme", "activity", "reporter", "revision")
    query = _wanted(movement, wanted).order_by(*(getattr(Observation, part) for part in order))
    return _read(session, query.limit(limit))


def _wanted(movement: str, wanted: Wanted) -> sa.Select[Observation, datetime, str | None, str | None]:
    asked = {
        Observation.version: wanted.version, Observation.reporter: wanted.reporter, Observation.place: wanted.place,
        Observation.period: wanted.period, Observation.cell: wanted.cell, Observation.programme: wanted.programme,
        Observation.import_id: wanted.import_id,
    }  # fmt: skip
    query = _seen(movement).where(*(column == value for column, value in asked.items() if value is not None))
    if wanted.activity is not None:
        query = query.where(of_activity(wanted.activity))
    if wanted.as_of is not None:
        query = query.where(Import.recorded_at <= wanted.as_of)
    if wanted.since is not None:
        query = query.where(Import.recorded_at >= wanted.since)
    if not wanted.every_revision:
        query = query.where(~_superseded(wanted.as_of))
    return query


def revisions_of(session: Session, movement: str, one: Observation, *, after: int, limit: int) -> Sequence[Seen]:
    """Every revision of that one's key, by number, behind number `after`."""
    query = _seen(movement).where(
        *(getattr(Observation, part) == getattr(one, part) for part in _KEY), Observation.revision > after
    )
    return _read(session, query.order_by(Observation.revision).limit(limit))


def get(session: Session, movement: str, observation: str) -> Seen | None:
    """One revision, or None."""
    return next(iter(_read(session, _seen(movement).where(Observation.id == observation))), None)


def _seen(movement: str) -> sa.Select[Observation, datetime, str | None, str | None]:
    """What has been revealed: the observations of recorded imports."""
    return (
        sa.select(Observation, sa.type_coerce(Import.recorded_at, Instant()), Import.provenance, Import.reason)
        .join(Import, (Import.movement == Observation.movement) & (Import.id == Observation.import_id))
        .where(Observation.movement == movement, Import.recorded_at.is_not(None))
    )


def _read(session: Session, query: sa.Select[Observation, datetime, str | None, str | None]) -> list[Seen]:
    return [Seen(*row) for row in session.execute(query)]


def _superseded(as_of: datetime | None) -> sa.ColumnElement[bool]:
    """Whether a later revision of the same key has been revealed, by that moment."""
    later, brought = aliased(Observation), aliased(Import)
    return (
        sa.select(later.id)
        .join(brought, (brought.movement == later.movement) & (brought.id == later.import_id))
        .where(
            later.movement == Observation.movement,
            *(getattr(later, part) == getattr(Observation, part) for part in _KEY),
            later.revision > Observation.revision,
            brought.recorded_at.is_not(None) if as_of is None else brought.recorded_at <= as_of,
        )
        .exists()
    )


def starts_before(session: Session, movement: str, version: str, reporter: str, start: str, most: int) -> Sequence[str]:
    """The first days of the periods before this one for which the reporter has figures, the latest first."""
    query = (
        sa.select(Observation.period_start)
        .where(*_of_reporter(movement, version, reporter), Observation.period_start < start)
        .distinct()
        .order_by(Observation.period_start.desc())
        .limit(most)
    )
    return session.scalars(query).all()


def between(session: Session, movement: str, version: str, reporter: str, first: str, last: str) -> Sequence[Keyed]:
    """A reporter's figures, as they are known, of the periods that start between these ISO days, both included."""
    query = (
        sa.select(Observation)
        .join(Import, (Import.movement == Observation.movement) & (Import.id == Observation.import_id))
        .where(
            *_of_reporter(movement, version, reporter),
            Observation.period_start.between(first, last),
            Import.recorded_at.is_not(None),
        )
        .order_by(Observation.revision)
    )
    # Later revisions come later and replace the earlier ones.
    newest = {(it.place, it.period_start, it.cell, it.programme, it.activity): it for it in session.scalars(query)}
    return [Keyed(key, it.id, it.amount) for key, it in newest.items()]


def _of_reporter(movement: str, version: str, reporter: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (Observation.movement == movement, Observation.version == version, Observation.reporter == reporter)
