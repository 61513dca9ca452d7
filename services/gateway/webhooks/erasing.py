"""What receivers answered to webhooks, where it speaks of somebody who is erased: it is sealed, and opened to look."""

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.webhooks.models import Attempt
from services.gateway.webhooks.outcomes import answer_place
from shared.erasure.counting import Counted
from shared.erasure.marks import Finder, Marks
from shared.parts import Parts
from shared.secrets import Secrets, Unreadable

_AT_ONCE = 500


async def forget_what_receivers_said(parts: Parts, db: Counted, movement: str, marks: Marks) -> None:
    """Empty the stored answers that speak of somebody; that there was an answer stays."""
    finder, after = Finder(marks), 0
    while True:
        seen, speaking = await db.read(_speaking_of, movement, after, finder, parts.secrets)
        if seen is None:
            return
        if speaking:
            await db.erase(_empty, movement, speaking)
        after = seen


def _speaking_of(
    session: orm.Session, movement: str, after: int, finder: Finder, secrets: Secrets
) -> tuple[int | None, list[int]]:
    """The last attempt looked at, None where there are no more, and those whose answer speaks of them."""
    query = sa.select(Attempt.id, Attempt.delivery, Attempt.answer).where(
        Attempt.movement == movement, Attempt.id > after, Attempt.answer.is_not(None)
    )
    rows = session.execute(query.order_by(Attempt.id).limit(_AT_ONCE)).all()
    speaking = [attempt for attempt, delivery, answer in rows if _speaks(movement, delivery, answer, finder, secrets)]
    return (rows[-1][0] if rows else None), speaking


def _speaks(movement: str, delivery: str, answer: bytes | None, finder: Finder, secrets: Secrets) -> bool:
    if answer is None:
        return False
    try:
        said = secrets.open(answer, bound_to=answer_place(movement, delivery)).decode("utf-8", "replace")
    except Unreadable:  # nobody will ever read it either
        return True
    return finder.without(said) != said


def _empty(session: orm.Session, movement: str, attempts: list[int]) -> int:
    here = (Attempt.movement == movement, Attempt.id.in_(attempts), Attempt.answer.is_not(None))
    return len(session.scalars(sa.update(Attempt).where(*here).values(answer=None).returning(Attempt.id)).all())
