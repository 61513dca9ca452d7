"""Counting what an erasure takes out in the transactions that take it out.

A receipt tells how many records it was. A process may be killed between any two steps, and the one that goes on finds
only what is left: a count in its memory would say too little.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from shared.db import Bound

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counted:
    """What the steps of an erasure read and erase through; ``add`` keeps a number of records with the erasure."""

    db: Bound
    add: Callable[[Session, int], None]

    async def read(self, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query."""
        return await self.db.read(query, *args, **kwargs)

    async def erase(self, step: Callable[Concatenate[Session, P], int], /, *args: P.args, **kwargs: P.kwargs) -> int:
        """Run a step and keep how many records it erased or changed; answers the number after its commit."""

        def counted(session: Session) -> int:
            records = step(session, *args, **kwargs)
            if records:
                self.add(session, records)
            return records

        return await self.db.write(counted)
