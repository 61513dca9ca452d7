"""What erasing somebody does to the columns that hold their id: it is replaced by one that means nobody.

So a decision stays what it was: so many reviewed, sat and voted.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import Base
from services.grants.people import store
from services.grants.people.models import HOLDS_PERSON
from shared.erasure.counting import Counted
from shared.erasure.marks import Marks
from shared.ids import new_id
from shared.parts import Parts


async def forget_people(parts: Parts, db: Counted, movement: str, marks: Marks) -> None:
    """Put a pseudonym in place of every id that somebody had."""
    await db.erase(_forget, movement, marks.people)


def _forget(session: Session, movement: str, people: Collection[str]) -> int:
    rows = 0
    for person in people:
        nobody = new_id("erased")  # one an id: two of them may stand on the same roll
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if column.info == HOLDS_PERSON:
                    of_them = sa.and_(table.c.movement == movement, column == person)
                    changed = sa.update(table).where(of_them).values({column.name: nobody}).returning(column)
                    rows += len(session.execute(changed).all())
    store.forget(session, movement, people)
    return rows
