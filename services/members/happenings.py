"""What a noun adds to the timeline of a person: one kind of thing that happens, as a SELECT, and how it is told.

    PLEDGED = Happening("pledge.made", "pledges:read", Pledge.person, Pledge.made_at, Pledge.id, "Made a pledge.")

The words are the same for everybody but for ``facts``: kinds, states and rungs, never a text, a name or a number. What
concerns safeguarding or equality has no happening, and so no timeline shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute


@dataclass(frozen=True, slots=True)
class Happening:
    """A kind of thing that happens to people.

    ``scope`` is what a caller needs to see it. ``at`` is when it happened, a moment or a day of the movement's; a row
    without it has not happened. ``record`` is the id to look it up by. ``words`` has a `{}` for each of the ``facts``.
    ``where`` narrows the rows, and joins them to those of another table that says whose they are.
    """

    kind: str
    scope: str
    person: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
    at: (
        InstrumentedAttribute[datetime]
        | InstrumentedAttribute[datetime | None]
        | InstrumentedAttribute[date]
        | InstrumentedAttribute[date | None]
    )
    record: InstrumentedAttribute[str]
    words: str
    facts: Sequence[sa.SQLColumnExpression[str] | sa.SQLColumnExpression[str | None]] = ()
    where: Sequence[sa.ColumnElement[bool]] = ()

    @property
    def is_of_a_day(self) -> bool:
        """Whether it is known by the day alone."""
        return isinstance(self.at.property.columns[0].type, sa.Date)

    def told(self, facts: Sequence[str | None]) -> str:
        """The words for one that happened, such as `Took part: community walk.`"""
        return self.words.format(*("nothing" if fact is None else fact.replace("_", " ") for fact in facts))
