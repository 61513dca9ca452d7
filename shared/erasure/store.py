"""Every SQL statement about what a service was asked to erase, and about the answers kept for idempotency."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from shared import clock
from shared.db.infrastructure import idempotency
from shared.erasure.tables import erasure_tasks as tasks


def add(session: orm.Session, movement: str, erasure: str) -> None:
    """Have an erasure carried out here."""
    row = {"movement": movement, "erasure": erasure, "due_at": clock.milliseconds(), "attempts": 0, "records": 0}
    session.execute(sa.insert(tasks).values(row))


def due(session: orm.Session, now: int) -> Sequence[tuple[str, str]]:
    """Movement and id of each erasure that is to be carried out now (milliseconds)."""
    query = sa.select(tasks.c.movement, tasks.c.erasure).where(tasks.c.due_at <= now).order_by(tasks.c.due_at)
    return [(movement, erasure) for movement, erasure in session.execute(query)]


def put_off(session: orm.Session, movement: str, erasure: str) -> None:
    """Try again after a pause that doubles, from 1 second to 5 minutes."""
    here = (tasks.c.movement == movement, tasks.c.erasure == erasure)
    attempts = session.scalar(sa.select(tasks.c.attempts).where(*here)) or 0
    due_at = clock.milliseconds() + 1000 * min(2**attempts, 300)
    session.execute(sa.update(tasks).where(*here).values(attempts=attempts + 1, due_at=due_at))


def count(session: orm.Session, records: int, movement: str, erasure: str) -> None:
    """Keep that so many records more were erased or changed."""
    here = (tasks.c.movement == movement, tasks.c.erasure == erasure)
    session.execute(sa.update(tasks).where(*here).values(records=tasks.c.records + records))


def done(session: orm.Session, movement: str, erasure: str) -> int | None:
    """Forget a task. Answers how many records it was; None where somebody else has done it already."""
    here = (tasks.c.movement == movement, tasks.c.erasure == erasure)
    return session.scalar(sa.delete(tasks).where(*here).returning(tasks.c.records))


def forget_answers(session: orm.Session, movement: str, ids: Collection[str]) -> int:
    """Delete the answers that are kept for idempotency and speak of one of these subjects. Answers how many."""
    key = (idempotency.c.principal, idempotency.c.route, idempotency.c.key)
    query = sa.select(*key, idempotency.c.subjects).where(idempotency.c.movement == movement)
    theirs = [
        row[:3]
        for row in session.execute(query)
        if not {subject.rpartition("/")[2] for subject in row.subjects.split()}.isdisjoint(ids)
    ]
    for principal, route, name in theirs:
        session.execute(
            sa.delete(idempotency).where(
                idempotency.c.movement == movement,
                idempotency.c.principal == principal,
                idempotency.c.route == route,
                idempotency.c.key == name,
            )
        )
    return len(theirs)
