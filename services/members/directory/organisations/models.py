"""Tables of organisations: what they are, what registers and other systems call them, and who succeeded whom."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_ORGANISATION, Base
from services.members.directory.lookups import ByExternalId, ByWord
from shared.errors import Conflict

if TYPE_CHECKING:
    from services.members.directory.custom_fields.models import OrganisationValue


def of_organisation(column: str = "organisation") -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to an organisation of the movement, or name one in ``column``."""
    return sa.ForeignKeyConstraint(["movement", column], ["organisations.movement", "organisations.id"])


PLANNED = "state = 'planned'"
"""The condition of the index on what is still to come, as queries repeat it."""


class NotEnded(Conflict):
    """The organisation neither has ended nor is to, or it ended before endings could be undone."""

    code = "not_ended"
    title = "There is no succession to undo"


class EndedOrganisation(Conflict):
    """The organisation is no more, from ``ended_on``; who goes on in its place is read with it."""

    code = "organisation_ended"
    title = "The organisation has ended"


class Organisation(Base):
    """A body that acts in the movement: a charity, a school, a group without a constitution.

    ``kind`` is a word of the movement's own. ``ended_on`` is the day from which it is no more; who goes on in its place
    stands among the successions.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        of_organisation("parent"),
        sa.Index("organisations_by_parent", "movement", "parent"),
        sa.Index("organisations_by_update", "movement", "updated_at"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str | None]
    description: Mapped[str | None]
    parent: Mapped[str | None]
    postcode: Mapped[str | None]
    website: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    ended_on: Mapped[date | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at

    def end(self, on: date) -> None:
        """Be no more from a day on. Raises EndedOrganisation where it ended before."""
        if self.ended_on is not None:
            raise EndedOrganisation(ended_on=self.ended_on.isoformat())
        self.ended_on = on

    def go_on(self) -> None:
        """Be there again: that it ended, or was to, is undone. Raises NotEnded."""
        if self.ended_on is None:
            raise NotEnded
        self.ended_on = None


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is shown of an organisation: what its own row says, and what hangs on it, in the order of reading.

    Identifiers are pairs of a register and the number there, external ids of a system and what it says. ``successors``
    go on in its place, and it goes on in that of its ``predecessors``, each from a day.
    """

    ended_on: date | None
    created_at: datetime
    updated_at: datetime
    id: str
    version: int
    name: str
    kind: str | None
    description: str | None
    parent: str | None
    postcode: str | None
    website: str | None
    email: str | None
    phone: str | None
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    external_ids: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    successors: list[tuple[str, date]] = field(default_factory=list)
    predecessors: list[tuple[str, date]] = field(default_factory=list)
    custom: "list[OrganisationValue]" = field(default_factory=list)


class Identifier(Base):
    """What a public register calls an organisation. Nobody else in the movement is called that."""

    __tablename__ = "organisation_identifiers"
    __table_args__ = (
        of_organisation(),
        sa.Index("organisation_identifiers_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    scheme: Mapped[str] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str]


class OrganisationExternalId(ByExternalId, Base):
    """What another system calls an organisation."""

    __tablename__ = "organisation_external_ids"
    __table_args__ = (
        of_organisation(),
        sa.Index("organisation_external_ids_by_organisation", "movement", "organisation"),
    )

    organisation: Mapped[str]


class OrganisationTag(Base):
    """A word by which the movement sorts its organisations, in lower case."""

    __tablename__ = "organisation_tags"
    __table_args__ = (of_organisation(), sa.Index("organisation_tags_by_organisation", "movement", "organisation"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)


class OrganisationWord(ByWord, Base):
    """One word of an organisation's name."""

    __tablename__ = "organisation_name_words"
    __table_args__ = (
        of_organisation(),
        sa.Index("organisation_name_words_by_organisation", "movement", "organisation"),
    )

    organisation: Mapped[str] = mapped_column(primary_key=True)


class Succession(Base):
    """An organisation that goes on in the place of another from a day on; one may be succeeded by several."""

    __tablename__ = "organisation_successions"
    __table_args__ = (
        of_organisation(),
        of_organisation("successor"),
        sa.Index("organisation_successions_by_successor", "movement", "successor"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)
    successor: Mapped[str] = mapped_column(primary_key=True)
    succeeded_on: Mapped[date]


class EndingState(StrEnum):
    """An organisation is to end on a day; or it has, and everything that it had has passed on or ended."""

    PLANNED = "planned"
    DONE = "done"


class Ending(Base):
    """The end of an organisation on a day, for as long as it can be undone: before that day and after it."""

    __tablename__ = "organisation_endings"
    __table_args__ = (
        of_organisation(),
        sa.Index(
            "organisation_endings_planned", "on_day", sqlite_where=sa.text(PLANNED), postgresql_where=sa.text(PLANNED)
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column("on_day")
    state: Mapped[str]


class Taking(Base):
    """What a successor is to take on the day: everything of a kind, or the people in a role (`role:chair`)."""

    __tablename__ = "organisation_takings"
    __table_args__ = (of_organisation(), of_organisation("successor"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    successor: Mapped[str]


class Passage(Base):
    """One thing that an organisation had and what became of it, so that it can be undone.

    ``onward`` is the organisation that has it now; of an affiliation the one that goes on, and of the membership the
    state that it was in. ``was`` is the end that an affiliation had before.
    """

    __tablename__ = "organisation_passages"
    __table_args__ = (of_organisation(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True, info=HOLDS_ORGANISATION)
    onward: Mapped[str | None] = mapped_column(info=HOLDS_ORGANISATION)
    was: Mapped[date | None]


class MergedOrganisation(Base):
    """An id of an organisation that turned out to be another one; it answers for ever, for that one."""

    __tablename__ = "merged_organisations"
    __table_args__ = (of_organisation(), sa.Index("merged_organisations_by_organisation", "movement", "organisation"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    merged: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str]
