"""What a consumer keeps of events alone, so that all of it can be made anew from the log beside the live one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import orm

from shared.consumer.apply import Apply
from shared.db.session import of
from shared.events.base import Received

_COPY = "applied to the copy"


@dataclass(frozen=True, slots=True)
class Projection:
    """The tables of a projection twice: those that are read, and a copy that a rebuild fills. Each is plain SQL.

    Its handlers have no effect but on these tables, and write to the copy where `to_copy` says so.
    """

    digest: Callable[[orm.Session, bool], str]
    """What the live tables (False) or the copy (True) say: the same text for the same content, in whatever order."""
    swap: Callable[[orm.Session], None]
    """Put the copy's content in place of the live one's."""
    clear: Callable[[orm.Session], None]
    """Empty the copy."""


def to_copy(session: orm.Session) -> bool:
    """Whether what is applied in this transaction goes to the copy."""
    return bool(of(session).info.get(_COPY))


def copying(apply: Apply) -> Apply:
    """The same reactions, with the copy for their tables."""

    def applied(session: orm.Session, events: Sequence[Received]) -> None:
        of(session).info[_COPY] = True
        apply(session, events)

    return applied
