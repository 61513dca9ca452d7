"""The SQL by which figures are written: held, compared with what is known, staged, inserted, and undone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.measures.imports.models import Import, Kind, Source
from services.measures.observations.models import Amount, Bound, Figure, FigureSet, FigureStatus, Key, Observation
from shared.db.hot import Value, hot
from shared.db.session import of

_insert = hot(sa.insert(Observation))
_hold = {
    module.__name__.rsplit(".", 1)[-1]: hot(
        module.insert(FigureSet)
        .values(
            movement=sa.bindparam("movement"), version=sa.bindparam("version"), reporter=sa.bindparam("reporter"),
            writes=1,
        )
        .on_conflict_do_update(
            index_elements=["movement", "version", "reporter"], set_={"writes": FigureSet.writes + 1}
        )
    )
    for module in (sqlite, postgresql)
}  # fmt: skip
_key = sa.tuple_(Observation.place, Observation.period_start)
_known = hot(
    sa.select(
        Observation.place, Observation.period_start, Observation.cell, Observation.programme, Observation.activity,
        Observation.id, Observation.revision, Observation.status, Observation.value, Observation.numerator,
        Observation.denominator, Observation.n, Observation.sum_x, Observation.sum_x2, Observation.bound,
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

    id: str
    revision: int
    amount: Amount


class Revision(NamedTuple):
    """A figure about to be written: its id and which revision of its key it is."""

    id: str
    figure: Figure
    number: int


def known(session: Session, movement: str, source: Source, first: Key, last: Key) -> Mapping[Key, Known]:
    """What is known of the keys from the place and day of the first to those of the last."""
    rows = _known.rows(
        session,
        {
            "movement": movement, "version": source.version, "reporter": source.reporter,
            "first_place": first[0], "first_start": first[1], "last_place": last[0], "last_start": last[1],
        },
    )  # fmt: skip
    # Later revisions come later and replace the earlier ones.
    return {
        (place, start, cell, programme, activity): Known(
            observation,
            revision,
            Amount(FigureStatus(status), value, numerator, denominator, n, sum_x, sum_x2, Bound(bound)),
        )
        for (
            place, start, cell, programme, activity, observation, revision,
            status, value, numerator, denominator, n, sum_x, sum_x2, bound,
        ) in rows
    }  # fmt: skip


def hold(session: Session, movement: str, source: Source) -> None:
    """Hold a reporter's figures of a version until the commit, so that nobody else writes them meanwhile."""
    key = {"movement": movement, "version": source.version, "reporter": source.reporter}
    _hold[of(session).dialect.name].run(session, key)


def hold_all(session: Session, movement: str, version: str) -> None:
    """Hold everybody's figures of a version until the commit."""
    sets = sa.update(FigureSet).where(FigureSet.movement == movement, FigureSet.version == version)
    session.execute(sets.values(writes=FigureSet.writes + 1))


def insert(session: Session, movement: str, source: Source, import_id: str, revisions: Iterable[Revision]) -> None:
    """Write revisions; nobody sees them until their import is recorded."""
    _insert.many(session, [row_of(movement, source, import_id, revision) for revision in revisions])


def row_of(movement: str, source: Source, import_id: str, revision: Revision) -> dict[str, Value]:
    """A revision as a row of the table."""
    figure, amount = revision.figure, revision.figure.amount
    return {
        "movement": movement, "id": revision.id, "version": source.version, "reporter": source.reporter,
        "place": figure.place, "period": figure.period.text, "period_start": figure.period.start.isoformat(),
        "period_end": figure.period.end.isoformat(), "cell": figure.cell, "programme": figure.programme,
        "activity": figure.activity, "revision": revision.number, "status": amount.status.value,
        "bound": amount.bound.value, "value": amount.value, "numerator": amount.numerator,
        "denominator": amount.denominator, "n": amount.n, "sum_x": amount.sum_x, "sum_x2": amount.sum_x2,
        "import_id": import_id,
    }  # fmt: skip


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
