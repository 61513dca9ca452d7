"""What CRMs said, and what is to be settled of it, where it is of somebody who is erased: it is sealed, and opened to
look, for who was never entered is not known by an id."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.inbound import keeping, receiving
from services.gateway.inbound.models import Conflict, ConflictState, Message, State
from shared import clock
from shared.erasure.counting import Counted
from shared.erasure.marks import Finder, Marks
from shared.parts import Parts
from shared.secrets import Secrets, Unreadable

_AT_ONCE = 200
_Query = sa.Select[str, str | None, bytes | None]


async def forget_what_crms_said(parts: Parts, db: Counted, movement: str, marks: Marks) -> None:
    """Take the words out of whatever is of them, or speaks of them: nothing of it is taken up any more."""
    finder = Finder(marks)
    for select, place, forget in (
        (_messages, receiving.place, _forget_messages),
        (_conflicts, keeping.place, _forget_conflicts),
    ):
        after: str | None = ""
        while after is not None:
            after, theirs = await db.read(
                _of_them, select(movement, after), movement, place, marks, finder, parts.secrets
            )
            if theirs:
                await db.erase(forget, movement, theirs)


def _messages(movement: str, after: str) -> _Query:
    query = sa.select(Message.id, Message.person, Message.said)
    return query.where(Message.movement == movement, Message.said.is_not(None), Message.id > after).order_by(Message.id)


def _conflicts(movement: str, after: str) -> _Query:
    query = sa.select(Conflict.id, Conflict.person, Conflict.said)
    here = (Conflict.movement == movement, Conflict.said.is_not(None), Conflict.id > after)
    return query.where(*here).order_by(Conflict.id)


def _of_them(
    session: orm.Session,
    query: _Query,
    movement: str,
    place: Callable[[str, str], bytes],
    marks: Marks,
    finder: Finder,
    secrets: Secrets,
) -> tuple[str | None, list[str]]:
    """The last one looked at, None where there are no more, and those that are of them or speak of them."""
    rows = session.execute(query.limit(_AT_ONCE)).all()
    theirs = [
        id_
        for id_, person, said in rows
        if person in marks.people or _speaks(said or b"", place(movement, id_), finder, secrets)
    ]
    return (rows[-1][0] if rows else None), theirs


def _speaks(said: bytes, place: bytes, finder: Finder, secrets: Secrets) -> bool:
    try:
        words = secrets.open(said, bound_to=place).decode()
    except Unreadable:  # nobody will ever read it either
        return True
    return finder.without(words) != words


def _forget_messages(session: orm.Session, movement: str, ids: Sequence[str]) -> int:
    at, query = clock.now(), sa.select(Message).where(Message.movement == movement, Message.id.in_(ids))
    for message in session.scalars(query).all():
        message.said = None
        if message.state == State.PENDING:
            message.settle(State.EXPIRED, "erased", None, at)
    return len(ids)


def _forget_conflicts(session: orm.Session, movement: str, ids: Sequence[str]) -> int:
    at, query = clock.now(), sa.select(Conflict).where(Conflict.movement == movement, Conflict.id.in_(ids))
    for conflict in session.scalars(query).all():
        conflict.said = None
        if conflict.state == ConflictState.OPEN:
            conflict.state, conflict.settled_at = ConflictState.LAPSED, at
    return len(ids)
