"""Every SQL statement about observations."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.measures.imports.models import Import, Kind
from services.measures.observations.models import Amount, Figure, FigureStatus, Observation
from shared.db.hot import hot
from shared.db.types import Instant

_insert = hot(sa.insert(Observation))
_key = sa.tuple_(Observation.place, Observation.period_start)
_known = hot(
    sa.select(
        Observation.place, Observation.period_start, Observation.cell, Observation.revision,
        Observation.status, Observation.value, Observation.numerator, Observation.denominator, Observation.n,
    )
    .join(Import, (Import.movement == Observation.movement) & (Import.id == Observation.import_id))
    .where(
        Observation.movement == sa.bindparam("movement", type_=sa.Text),
        Observation.version == sa.bindparam("version", type_=sa.Text),
        Observation.reporter == sa.bindparam("reporter", type_=sa.Text),
        _key >= sa.tuple_(sa.bindparam("first_place", type_=sa.Text), sa.bindparam("first_start", type_=sa.Text)),
        _key <= sa.tuple_(sa.bindparam("last_place", type_=sa.Text), sa.bindparam("last_start", type_=sa.Text)),
        Import.recorded_at.is_not(None),
    )
    .order_by(Observation.revision)
)  # fmt: skip


class Known(NamedTuple):
    """The newest revision of a figure."""

    revision: int
    amount: Amount


class Seen(NamedTuple):
    """A revision, from when on it was known, and where it came from."""

    observation: Observation
    recorded_at: datetime
    provenance: str | None


class Wanted(NamedTuple):
    """Which observations to list: None is any. Only current ones, unless every revision is wanted."""

    version: str | None
    place: str | None
    period: str | None
    import_id: str | None
    every_revision: bool


class Revision(NamedTuple):
    """A figure about to be written: its id and which revision of its key it is."""

    id: str
    figure: Figure
    number: int


def known(
    session: Session, movement: str, version: str, reporter: str, figures: Sequence[Figure]
) -> Mapping[tuple[str, str, str], Known]:
    """What is known of the keys from the first of these figures to the last, which are in order."""
    first, last = figures[0].key, figures[-1].key
    rows = _known.rows(
        session,
        {
            "movement": movement, "version": version, "reporter": reporter,
            "first_place": first[0], "first_start": first[1], "last_place": last[0], "last_start": last[1],
        },
    )  # fmt: skip
    # Later revisions come later and replace the earlier ones.
    return {
        (place, start, cell): Known(revision, Amount(FigureStatus(status), *amount))
        for place, start, cell, revision, status, *amount in rows
    }


def insert(
    session: Session, movement: str, version: str, reporter: str, import_id: str, revisions: Iterable[Revision]
) -> None:
    """Write revisions; nobody sees them until their import is recorded."""
    _insert.many(
        session,
        [
            {
                "movement": movement, "id": revision.id, "version": version, "reporter": reporter,
                "place": revision.figure.place, "period": revision.figure.period.text,
                "period_start": revision.figure.period.start.isoformat(),
                "period_end": revision.figure.period.end.isoformat(),
                "cell": revision.figure.cell, "revision": revision.number,
                "status": revision.figure.amount.status.value, "value": revision.figure.amount.value,
                "numerator": revision.figure.amount.numerator, "denominator": revision.figure.amount.denominator,
                "n": revision.figure.amount.n, "import_id": import_id,
            }
            for revision in revisions
        ],
    )  # fmt: skip


def lock_import(session: Session, movement: str, import_id: str) -> Import | None:
    """The import of figures, held until the end of the transaction."""
    found = session.get(Import, (movement, import_id), with_for_update=True)
    return found if found is not None and found.kind == Kind.OBSERVATIONS else None


def left_behind(session: Session, now: datetime) -> Sequence[tuple[str, str, str]]:
    """Movement, id and actor of every import whose lease has passed: the one look across movements, at no figure."""
    query = sa.select(Import.movement, Import.id, Import.actor).where(Import.lease_until < now).limit(100)
    return [(movement, import_id, actor) for movement, import_id, actor in session.execute(query)]


def of_import(
    session: Session, movement: str, import_id: str, *, after: str, limit: int
) -> Sequence[tuple[str, str, str]]:
    """Id, place and period of an import's observations behind the one named `after`, by id."""
    query = (
        sa.select(Observation.id, Observation.place, Observation.period)
        .where(Observation.movement == movement, Observation.import_id == import_id, Observation.id > after)
        .order_by(Observation.id)
        .limit(limit)
    )
    return [(observation, place, period) for observation, place, period in session.execute(query)]


def delete(session: Session, movement: str, ids: Sequence[str]) -> None:
    """Delete observations that nobody has seen."""
    session.execute(sa.delete(Observation).where(Observation.movement == movement, Observation.id.in_(ids)))


def page(session: Session, movement: str, wanted: Wanted, *, after: str | None, limit: int) -> Sequence[Seen]:
    """Observations by id, behind the one named `after`."""
    asked = {
        Observation.version: wanted.version, Observation.place: wanted.place,
        Observation.period: wanted.period, Observation.import_id: wanted.import_id,
    }  # fmt: skip
    query = _seen(movement).where(*(column == value for column, value in asked.items() if value is not None))
    if after is not None:
        query = query.where(Observation.id > after)
    if not wanted.every_revision:
        query = query.where(~_superseded())
    return _read(session, query.order_by(Observation.id).limit(limit))


def get(session: Session, movement: str, observation: str) -> Seen | None:
    """One revision, or None."""
    return next(iter(_read(session, _seen(movement).where(Observation.id == observation))), None)


def _seen(movement: str) -> sa.Select[Observation, datetime, str | None]:
    """What has been revealed: the observations of recorded imports."""
    return (
        sa.select(Observation, sa.type_coerce(Import.recorded_at, Instant()), Import.provenance)
        .join(Import, (Import.movement == Observation.movement) & (Import.id == Observation.import_id))
        .where(Observation.movement == movement, Import.recorded_at.is_not(None))
    )


def _read(session: Session, query: sa.Select[Observation, datetime, str | None]) -> list[Seen]:
    return [Seen(observation, recorded_at, source) for observation, recorded_at, source in session.execute(query)]


def _superseded() -> sa.ColumnElement[bool]:
    """Whether a later revision of the same key has been revealed."""
    later, brought = aliased(Observation), aliased(Import)
    return (
        sa.select(later.id)
        .join(brought, (brought.movement == later.movement) & (brought.id == later.import_id))
        .where(
            later.movement == Observation.movement, later.version == Observation.version,
            later.place == Observation.place, later.period_start == Observation.period_start,
            later.cell == Observation.cell, later.reporter == Observation.reporter,
            later.revision > Observation.revision, brought.recorded_at.is_not(None),
        )
        .exists()
    )  # fmt: skip


def series(
    session: Session,
    movement: str,
    version: str,
    place: str,
    cell: str,
    *,
    first: str | None,
    last: str | None,
    reporter: str | None,
    as_of: datetime | None,
    limit: int,
) -> Sequence[Seen]:
    """Every revision that was known at `as_of` (now, if None) of one place and cell, by period, reporter, revision.

    `first` and `last` are ISO days between which the periods start.
    """
    query = _seen(movement).where(Observation.version == version, Observation.place == place, Observation.cell == cell)
    if first is not None:
        query = query.where(Observation.period_start >= first)
    if last is not None:
        query = query.where(Observation.period_start <= last)
    if reporter is not None:
        query = query.where(Observation.reporter == reporter)
    if as_of is not None:
        query = query.where(Import.recorded_at <= as_of)
    query = query.order_by(Observation.period_start, Observation.reporter, Observation.revision).limit(limit)
    return _read(session, query)
