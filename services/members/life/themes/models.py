"""Tables of themes, of who voted for them, and of the rounds that unmet wishes suggest."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict

LIVE = "ended_on IS NULL"
"""The suggestions whose round is not over; there is one of a theme in a place."""


class AlreadyVoted(Conflict):
    """Everybody has one vote on a theme; it can be taken back, and given again."""

    code = "already_voted"
    title = "This person has voted on this theme"


class ThemeTaken(Conflict):
    """The movement has a theme of that slug; ``theme`` is its id."""

    code = "theme_taken"
    title = "There is a theme of this slug"


def of_theme() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to a theme of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "theme"], ["voice_themes.movement", "voice_themes.id"])


class Theme(Base):
    """What some voices have in common, as a person confirmed. Its ``slug`` is a word of the movement's vocabulary.

    By it a theme is the same as an interest that an introduction found no match for.
    """

    __tablename__ = "voice_themes"
    __table_args__ = (sa.UniqueConstraint("movement", "slug"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    slug: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Vote(Base):
    """That somebody gave a theme their vote. Nobody is shown whose: a theme says how many there are."""

    __tablename__ = "voice_votes"
    __table_args__ = (
        of_theme(),
        of_person(erased=GOES),
        sa.UniqueConstraint("movement", "theme", "person"),
        sa.Index("voice_votes_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    theme: Mapped[str]
    person: Mapped[str]
    voted_at: Mapped[datetime]


class RoundSuggestion(Base):
    """That so many wishes of a theme (its slug) in a place found nothing: grants drafts a round, whose id comes back.

    It is over once that round is: wishes of later days may suggest another.
    """

    __tablename__ = "round_suggestions"
    __table_args__ = (
        sa.Index(
            "round_suggestions_one_at_a_time",
            "movement",
            "theme",
            "place",
            unique=True,
            sqlite_where=sa.text(LIVE),
            postgresql_where=sa.text(LIVE),
        ),
        sa.Index("round_suggestions_by_round", "movement", "round"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    theme: Mapped[str]
    place: Mapped[str]
    wishes: Mapped[int]
    round: Mapped[str | None]
    suggested_at: Mapped[datetime]
    ended_on: Mapped[date | None]


class KnownRound(Base):
    """A round of grants that there is, by grants' own events: a voice can be taken up by it."""

    __tablename__ = "known_rounds"

    movement: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[str] = mapped_column(primary_key=True)
