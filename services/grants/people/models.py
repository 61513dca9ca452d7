"""The table of ids for which another one answers: a projection of what members announces when two records are one.

Nothing is repointed when that happens. Whatever names a person is read by all ids that they ever had, so a merger that
is undone is undone here too.
"""

from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base

HOLDS_PERSON = {"holds": "person", "erased": "pseudonym"}
"""The ``info`` of a column that holds a person's id, in place of which erasing them leaves one that means nobody."""


class MergedPerson(Base):
    """An id of somebody, for whom ``into`` answers."""

    __tablename__ = "merged_people"

    movement: Mapped[str] = mapped_column(primary_key=True)
    # Erasing somebody takes these rows away.
    person: Mapped[str] = mapped_column(primary_key=True)
    into: Mapped[str]
