"""The tables of stories, of the people whom they tell of, and of what they are tagged with."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class State(StrEnum):
    """Where a story is. Of one that is withdrawn nothing is left but that it was there."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


STORIES = Lifecycle("a story", {State.DRAFT: {State.PUBLISHED, State.WITHDRAWN}, State.PUBLISHED: {State.WITHDRAWN}})


class Reach(StrEnum):
    """How far a story may go, each further than the one before."""

    MOVEMENT = "movement"
    PARTNERS = "partners"
    PUBLIC = "public"

    @property
    def further(self) -> "Sequence[Reach]":
        """This one, and those that go further: whoever may be told in public may be told to partners."""
        every = list(Reach)
        return every[every.index(self) :]

    @property
    def channel(self) -> str:
        """What members calls using somebody's data that far."""
        return {Reach.MOVEMENT: "record", Reach.PARTNERS: "sharing", Reach.PUBLIC: "publication"}[self]


class How(StrEnum):
    """How whoever tells it agreed that it is told."""

    WRITTEN = "written"
    SPOKEN = "spoken"
    RECORDED = "recorded"


class Origin(StrEnum):
    """Where a story is from."""

    CONVERSATION = "conversation"
    GATHERING = "gathering"
    SURVEY = "survey"
    GRANT_REPORT = "grant_report"
    OTHER = "other"


class NotADraft(Conflict):
    """The story is published or withdrawn, and its words do not change any more."""

    code, title = "not_a_draft", "This story does not change any more"


class ToldAlready(Conflict):
    """A story of this origin and reference is here already; ``story`` is its id."""

    code, title = "told_already", "This story is here already"


class NotPermitted(Conflict):
    """Somebody whom it tells of does not permit it; who, and why, is not said."""

    code, title = "not_permitted", "Not everybody whom it tells of permits this"


class Tag(NamedTuple):
    """An element of a framework, such as a sign of success or an outcome of the theory of change."""

    framework: str
    element: str


class Story(Base):
    """What changed, in words. `agreed_on`, `agreed_how` and `review_on` say how far and until when it may be told.

    `reference` is what it is called where it is from.
    """

    __tablename__ = "stories"
    __table_args__ = (
        sa.UniqueConstraint("movement", "origin", "reference"),
        sa.Index("stories_by_state", "movement", "state", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    title: Mapped[str]
    words: Mapped[str]
    language: Mapped[str]
    credit: Mapped[str | None]
    told_on: Mapped[str]
    place: Mapped[str | None]
    programme: Mapped[str | None]
    origin: Mapped[str]
    reference: Mapped[str | None]
    reach: Mapped[str]
    agreed_on: Mapped[str]
    agreed_how: Mapped[str]
    review_on: Mapped[str | None]
    state: Mapped[str]
    actor: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def refuse_unless_draft(self) -> None:
        """Raise NotADraft where it does not change any more."""
        if self.state != State.DRAFT:
            raise NotADraft(f"the story is {self.state}", state=self.state)

    def publish(self, at: datetime) -> None:
        """Let it be told. Raises IllegalTransition."""
        self.state = STORIES.step(self.state, State.PUBLISHED)
        self.changed(at)

    def withdraw(self, at: datetime) -> None:
        """Have it told no more: its words go. Raises IllegalTransition."""
        self.state = STORIES.step(self.state, State.WITHDRAWN)
        self.title, self.words, self.credit = "", "", None
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class StoryPerson(Base):
    """Somebody of whom a story tells, whoever tells it among them, by the id that they had then."""

    __tablename__ = "story_people"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "story"], ["stories.movement", "stories.id"]),
        sa.Index("story_people_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    story: Mapped[str] = mapped_column(primary_key=True)
    # Members resolves every id that somebody ever had, so a merger of theirs changes nothing here.
    person: Mapped[str] = mapped_column(primary_key=True, info={"holds": "person"})


class StoryTag(Base):
    """What a story is an example of: an element of a framework."""

    __tablename__ = "story_tags"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "story"], ["stories.movement", "stories.id"]),
        sa.Index("story_tags_by_element", "movement", "framework", "element"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    story: Mapped[str] = mapped_column(primary_key=True)
    framework: Mapped[str] = mapped_column(primary_key=True)
    element: Mapped[str] = mapped_column(primary_key=True)


class StoryMeasure(Base):
    """A measure that a story stands beside."""

    __tablename__ = "story_measures"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "story"], ["stories.movement", "stories.id"]),
        sa.ForeignKeyConstraint(["movement", "measure"], ["measures.movement", "measures.id"]),
        sa.Index("story_measures_by_measure", "movement", "measure"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    story: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)


class Shown(NamedTuple):
    """A story with whom it tells of and what it is tagged with."""

    story: Story
    people: Sequence[str]
    tags: Sequence[Tag]
    measures: Sequence[str]
