"""Every SQL statement about merges; those about the rows that a merge touches are in ``rows``."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.merging.models import Merge, MergeNeighbour, MergeState, MergeStep
from services.members.directory.merging.steps import Step, decoded, encoded
from shared.db.hot import Value, hot

# Whoever merges waits here for whoever merges already: the row stays locked until the transaction ends.
_take_turn = hot(
    sa.text(
        "INSERT INTO merge_turns (movement, taken) VALUES (:movement, 1)"
        " ON CONFLICT (movement) DO UPDATE SET taken = merge_turns.taken + 1 RETURNING taken"
    )
)
_add_step = hot(sa.insert(MergeStep))
_add_neighbour = hot(sa.insert(MergeNeighbour))


def take_turn(session: Session, movement: str) -> int:
    """Wait until nobody else merges in the movement, and answer a number that is higher than any before."""
    row = _take_turn.one(session, {"movement": movement})
    if row is None:
        raise AssertionError("the statement always returns its row")
    return int(row[0])


def keep(session: Session, movement: str, merge: str, steps: Iterable[Step], neighbours: Iterable[str]) -> None:
    """Keep what it takes to undo a merge."""
    rows: list[Mapping[str, Value]] = [
        {"movement": movement, "merge": merge, "position": position, "step": encoded(step)}
        for position, step in enumerate(steps)
    ]
    _add_step.many(session, rows)
    _add_neighbour.many(session, [{"movement": movement, "merge": merge, "record": one} for one in sorted(neighbours)])


def steps(session: Session, movement: str, merge: str) -> list[Step]:
    """The steps of a merge in their order."""
    query = sa.select(MergeStep.step).where(MergeStep.movement == movement, MergeStep.merge == merge)
    return [decoded(text) for text in session.scalars(query.order_by(MergeStep.position))]


def forget(session: Session, movement: str, merge: str) -> None:
    """Delete the steps of a merge that was undone."""
    for table in (MergeStep, MergeNeighbour):
        session.execute(sa.delete(table).where(table.movement == movement, table.merge == merge))


def live(session: Session, movement: str, merged: str) -> Merge | None:
    """The merge by which a record became another, if one stands."""
    query = sa.select(Merge).where(Merge.movement == movement, Merge.merged == merged, Merge.state == MergeState.LIVE)
    return session.scalar(query)


def live_since(session: Session, movement: str, number: int) -> Sequence[Merge]:
    """The merges that stand, from a number on, in the order in which they were made."""
    query = sa.select(Merge).where(Merge.movement == movement, Merge.number >= number, Merge.state == MergeState.LIVE)
    return session.scalars(query.order_by(Merge.number)).all()


def neighbours(session: Session, movement: str, number: int) -> dict[str, set[str]]:
    """Who else stood in the rows of each merge that stands, from a number on."""
    query = (
        sa.select(MergeNeighbour.merge, MergeNeighbour.record)
        .join(Merge, sa.and_(Merge.movement == MergeNeighbour.movement, Merge.id == MergeNeighbour.merge))
        .where(MergeNeighbour.movement == movement, Merge.number >= number, Merge.state == MergeState.LIVE)
    )
    found: dict[str, set[str]] = {}
    for merge, record in session.execute(query):
        found.setdefault(merge, set()).add(record)
    return found


def list_merges(session: Session, movement: str, record: str) -> Sequence[Merge]:
    """The merges of a record, either side of which it is, the latest first."""
    query = sa.select(Merge).where(Merge.movement == movement, sa.or_(Merge.survivor == record, Merge.merged == record))
    return session.scalars(query.order_by(Merge.number.desc())).all()


def lock(session: Session, movement: str, table: sa.Table, records: Iterable[str]) -> None:
    """Keep records as they are until the transaction ends, always in the same order."""
    query = sa.select(table.c.id).where(table.c.movement == movement, table.c.id.in_(sorted(records)))
    session.execute(query.order_by(table.c.id).with_for_update())
