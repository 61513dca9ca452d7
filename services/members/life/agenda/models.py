"""Tables of the common agenda: its versions, what they say, what bodies mean by a word, and who shaped them."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class AgendaState(StrEnum):
    """A draft is still being shaped; a published version never changes; a withdrawn one is signed by nobody again."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class PointKind(StrEnum):
    """What an agenda holds besides its vision: what shall have come about, and how people want to go about it."""

    OUTCOME = "outcome"
    VALUE = "value"


LIFECYCLE = Lifecycle(
    "a version of the agenda",
    {AgendaState.DRAFT: {AgendaState.PUBLISHED}, AgendaState.PUBLISHED: {AgendaState.WITHDRAWN}},
)


class NotADraft(Conflict):
    """What is published is read and signed by others: what is to be different goes into a new version."""

    code = "not_a_draft"
    title = "Only a draft can be changed"


class ShapedByNobody(Conflict):
    """An agenda is common because those whose it is made it."""

    code = "shaped_by_nobody"
    title = "Nobody is named who shaped it"


def of_agenda() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to a version of the agenda of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "agenda"], ["agendas.movement", "agendas.id"])


class Agenda(Base):
    """One version of the common agenda. Versions are numbered as they are published; a draft has no number yet.

    It is to be looked at again on ``review_on``.
    """

    __tablename__ = "agendas"
    __table_args__ = (
        sa.UniqueConstraint("movement", "number"),
        sa.Index("agendas_by_state", "movement", "state", "number"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[int | None]
    state: Mapped[str]
    vision: Mapped[str]
    review_on: Mapped[date]
    published_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_why: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    points: Mapped[list["AgendaPoint"]] = relationship(
        viewonly=True, lazy="raise", order_by="(AgendaPoint.kind, AgendaPoint.place)"
    )
    words: Mapped[list["AgendaWord"]] = relationship(viewonly=True, lazy="raise", order_by="AgendaWord.word")
    shapers: Mapped[list["AgendaShaper"]] = relationship(viewonly=True, lazy="raise", order_by="AgendaShaper.id")

    def of_kind(self, kind: PointKind) -> list["AgendaPoint"]:
        """Its outcomes, or its values, in their order."""
        return [point for point in self.points if point.kind == kind]

    def edit(self, at: datetime) -> None:
        """Note that something of the draft changed. Raises NotADraft."""
        if self.state != AgendaState.DRAFT:
            raise NotADraft(f"it is {self.state}")
        self._changed(at)

    def publish(self, number: int, today: date, at: datetime) -> None:
        """Draft → published. Raises ShapedByNobody."""
        self.state = LIFECYCLE.step(self.state, AgendaState.PUBLISHED)
        if not self.shapers:
            raise ShapedByNobody
        self.number, self.published_on = number, today
        self._changed(at)

    def withdraw(self, why: str, today: date, at: datetime) -> None:
        """Published → withdrawn."""
        self.state = LIFECYCLE.step(self.state, AgendaState.WITHDRAWN)
        self.withdrawn_on, self.withdrawn_why = today, why
        self._changed(at)

    def _changed(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = at


class AgendaPoint(Base):
    """An outcome or a value. ``key`` is its name from version to version; its words may change."""

    __tablename__ = "agenda_points"
    __table_args__ = (of_agenda(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    agenda: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    words: Mapped[str]


class AgendaWord(Base):
    """A word of the glossary, and what the movement agrees that it means."""

    __tablename__ = "agenda_words"
    __table_args__ = (of_agenda(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    agenda: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    meaning: Mapped[str]

    used_otherwise: Mapped[list["AgendaUsage"]] = relationship(viewonly=True, lazy="raise", order_by="AgendaUsage.id")


class AgendaUsage(Base):
    """What an organisation means by a word of the glossary, where that is something else."""

    __tablename__ = "agenda_usages"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["movement", "agenda", "word"], ["agenda_words.movement", "agenda_words.agenda", "agenda_words.word"]
        ),
        of_organisation(),
        sa.Index("agenda_usages_by_agenda", "movement", "agenda", "word"),
        sa.Index("agenda_usages_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    agenda: Mapped[str]
    word: Mapped[str]
    organisation: Mapped[str]
    meaning: Mapped[str]


class AgendaShaper(Base):
    """A person or an organisation that had a hand in a version, and how: at a workshop, by a letter."""

    __tablename__ = "agenda_shapers"
    __table_args__ = (
        of_agenda(),
        of_person(erased=GOES),
        of_organisation(),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="agenda_shapers_are_one"),
        sa.Index("agenda_shapers_by_agenda", "movement", "agenda"),
        sa.Index("agenda_shapers_by_person", "movement", "person"),
        sa.Index("agenda_shapers_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    agenda: Mapped[str]
    person: Mapped[str | None]
    organisation: Mapped[str | None]
    how: Mapped[str]
