"""Having CRMs forget somebody who is erased: each is told to delete what it has of them, and gives a receipt once done.

The erasure does not wait for them: a CRM may be away for days. What a connection calls them stays until it has obeyed.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.crm import queue
from services.gateway.crm.models import Call, Link, Waiting
from shared.db.session import of
from shared.erasure.counting import Counted
from shared.erasure.marks import Marks
from shared.parts import Parts


async def have_crms_forget(parts: Parts, db: Counted, movement: str, marks: Marks) -> None:
    """Have every CRM that has somebody delete them, by whichever of their ids it was told of."""
    await db.erase(_have_forgotten, movement, marks.people)


def _have_forgotten(session: orm.Session, movement: str, people: Sequence[str]) -> int:
    erasure = of(session).context.causation
    asked = sa.exists().where(
        Waiting.movement == Link.movement, Waiting.connection == Link.connection, Waiting.person == Link.person,
        Waiting.erasure == erasure,
    )  # fmt: skip
    has = sa.select(Link.connection, Link.person).where(Link.movement == movement, Link.person.in_(people), ~asked)
    known = [(connection, person) for connection, person in session.execute(has.order_by(Link.connection))]
    for connection, person in known:
        queue.put(session, movement, connection, [person], erasure)
    theirs = (Waiting.movement == movement, Waiting.person.in_(people), Waiting.erasure.is_(None))
    session.execute(sa.delete(Waiting).where(*theirs))
    session.execute(sa.delete(Call).where(Call.movement == movement, Call.person.in_(people)))
    return len(known)
