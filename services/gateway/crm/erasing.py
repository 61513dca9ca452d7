"""Having CRMs forget somebody who is erased: each is told to delete what it has of them, and gives a receipt once done.

The erasure does not wait for them: a CRM may be away for days, or its connection paused or disabled. So a first receipt
says that it is to, and what a connection calls them stays until it has obeyed.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.crm import queue
from services.gateway.crm.models import Call, Link, Waiting
from shared import outbox
from shared.db.session import of
from shared.erasure.counting import Counted
from shared.erasure.marks import Marks
from shared.events.gateway import CrmToForget
from shared.ids import new_id
from shared.parts import Parts


async def have_crms_forget(parts: Parts, db: Counted, movement: str, marks: Marks) -> None:
    """Have every CRM that has somebody delete them, by whichever of their ids it was told of."""
    await db.erase(_have_forgotten, movement, marks.people)


def _have_forgotten(session: orm.Session, movement: str, people: Sequence[str]) -> int:
    erasure = of(session).context.causation
    asked = sa.exists().where(
        Waiting.movement == Link.movement, Waiting.connection == Link.connection, Waiting.subject == Link.subject,
        Waiting.erasure == erasure,
    )  # fmt: skip
    has = sa.select(Link.connection, Link.subject).where(Link.movement == movement, Link.subject.in_(people), ~asked)
    known = [(connection, person) for connection, person in session.execute(has.order_by(Link.connection))]
    for connection, person in known:
        queue.put_to_forget(session, movement, connection, [person], erasure)
    for connection in sorted({connection for connection, _ in known} if erasure else ()):
        outbox.record(session, CrmToForget(receipt=new_id("receipt"), erasure=erasure or "", connection=connection))
    theirs = (Waiting.movement == movement, Waiting.subject.in_(people), Waiting.erasure.is_(None))
    session.execute(sa.delete(Waiting).where(*theirs))
    session.execute(sa.delete(Call).where(Call.movement == movement, Call.subject.in_(people)))
    return len(known)
