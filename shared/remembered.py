"""Look-ups that are made at every request, remembered for exactly as long as nothing in the database has changed."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from shared.db import Database, Session

T = TypeVar("T")

_MOST = 10_000


class Remembered(Generic[T]):
    """Answers of queries to one database, by key. Where others write to it too, each is read and none remembered.

    It cannot be stale: whoever was answered that a change is made, or saw it in the database, is followed by no look-up
    that misses it, since :attr:`shared.db.Database.changes` has grown by then and answers from before are forgotten.
    """

    def __init__(self) -> None:
        self._answers: dict[Hashable, T] = {}
        self._as_of: int | None = None

    def forget(self, key: Hashable) -> None:
        """Have the next look-up of this ask the database: what it answered is out of date by the passing of time."""
        self._answers.pop(key, None)

    async def look_up(self, db: Database, key: Hashable, query: Callable[[Session], T]) -> T:
        """What the query answers now. What it raises is raised, and not remembered."""
        changes = db.changes
        if changes is None:
            return await db.read_by_key(query)
        if changes != self._as_of or len(self._answers) >= _MOST:
            self._answers.clear()
            self._as_of = changes
        answer = self._answers.get(key)
        if answer is None:
            answer = await db.read_by_key(query)
            if self._as_of == changes:  # it was read after `changes` was looked at: at least as fresh as that
                self._answers[key] = answer
        return answer
