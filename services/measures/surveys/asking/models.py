"""The tables of surveys, their waves and the parts that people have in them, with the legal steps of a survey."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from services.measures.surveys.asking.questionnaire import Questionnaire, StoredAsk, StoredTexts
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class SurveyState(StrEnum):
    """A survey is drafted, then open to be answered, then closed."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


SURVEYS = Lifecycle(
    "a survey",
    {SurveyState.DRAFT: {SurveyState.OPEN}, SurveyState.OPEN: {SurveyState.CLOSED}},
)


class Part(StrEnum):
    """What a peer researcher does: makes the questions, asks them, keys what is on paper, or makes sense of it."""

    DESIGNS = "designs"
    ASKS = "asks"
    KEYS = "keys"
    MAKES_SENSE = "makes_sense"


class NotDraft(Conflict):
    """What is asked does not change any more once somebody may have been asked."""

    code, title = "not_draft", "The survey is not a draft any more"


class NotAsking(Conflict):
    """The survey or its wave is not open to be answered; ``state`` says which."""

    code, title = "not_asking", "This is not open to be answered"


class Survey(Base):
    """A questionnaire and how it is answered.

    ``asks`` and ``texts`` are as :mod:`.questionnaire` describes them; the keys of ``texts`` are its languages, the
    first is the one that a link begins with. ``paired``: people make a code of their own, which joins what they answer
    in one wave with the next. ``proxies``: somebody may answer for somebody else. ``double_entry``: what is on paper
    is keyed twice, by two.
    """

    __tablename__ = "surveys"

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    state: Mapped[str]
    asks: Mapped[list[StoredAsk]] = mapped_column(sa.JSON)
    texts: Mapped[dict[str, StoredTexts]] = mapped_column(sa.JSON)
    paired: Mapped[bool]
    proxies: Mapped[bool]
    double_entry: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    @property
    def questionnaire(self) -> Questionnaire:
        """What it asks."""
        return Questionnaire(self.asks)

    def refuse_unless_draft(self) -> None:
        """Raise NotDraft."""
        if self.state != SurveyState.DRAFT:
            raise NotDraft(f"it is {self.state}")

    def step(self, to: SurveyState, at: datetime) -> None:
        """Go on to another state. Raises IllegalTransition."""
        self.state = SURVEYS.step(self.state, to)
        if to is SurveyState.OPEN:
            self.opened_at = at
        else:
            self.closed_at = at
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Wave(Base):
    """One time at which a survey is asked, between two ISO days, both included; numbered from 1 within the survey."""

    __tablename__ = "survey_waves"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "survey"], ["surveys.movement", "surveys.id"]),
        sa.UniqueConstraint("movement", "survey", "number"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    survey: Mapped[str]
    number: Mapped[int]
    version: Mapped[int]
    name: Mapped[str]
    opens_on: Mapped[str]
    closes_on: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def refuse_unless_asking(self, survey: Survey, day: date) -> None:
        """Raise NotAsking where nobody may answer on that day."""
        if survey.state != SurveyState.OPEN:
            raise NotAsking(f"the survey is {survey.state}", state=survey.state)
        if day.isoformat() < self.opens_on:
            raise NotAsking(f"the wave opens on {self.opens_on}", state="not_yet")
        if day.isoformat() > self.closes_on:
            raise NotAsking(f"the wave closed on {self.closes_on}", state="over")


class Researcher(Base):
    """A part that somebody has in a survey, from one ISO day to another, both included (None: without an end)."""

    __tablename__ = "survey_researchers"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "survey"], ["surveys.movement", "surveys.id"]),
        sa.Index("survey_researchers_by_survey", "movement", "survey", "id"),
        sa.Index("survey_researchers_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    survey: Mapped[str]
    version: Mapped[int]
    # Members owns the person; merged ids answer there for ever. Erasing somebody deletes the row.
    person: Mapped[str] = mapped_column(info={"holds": "person"})
    part: Mapped[str]
    starts_on: Mapped[str]
    ends_on: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def acts_on(self, day: date) -> bool:
        """Whether they have the part on that day."""
        return self.starts_on <= day.isoformat() <= (self.ends_on or date.max.isoformat())
