"""The table of responses, and the words for how they came, of whom they tell and how far they are checked."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NotRequired, TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from services.measures.instruments.questions import Sent
from shared.lifecycle import Lifecycle


class Mode(StrEnum):
    """How an answer came."""

    LINK = "link"
    PAPER = "paper"
    TELEPHONE = "telephone"


class Who(StrEnum):
    """Who answered: the person themself, or somebody for them. The two are never pooled."""

    SELF = "self"
    FAMILY = "family"
    CARER = "carer"
    STAFF = "staff"


class AgeBand(StrEnum):
    """How old somebody is, as little exactly as the validated ages allow."""

    UNDER_13 = "under_13"
    FROM_13_TO_15 = "13_15"
    FROM_16_TO_17 = "16_17"
    ADULT = "adult"

    @property
    def years(self) -> tuple[int, int]:
        """The youngest and the oldest in it."""
        return _YEARS[self]


_YEARS = {
    AgeBand.UNDER_13: (0, 12),
    AgeBand.FROM_13_TO_15: (13, 15),
    AgeBand.FROM_16_TO_17: (16, 17),
    AgeBand.ADULT: (18, 130),
}


class ResponseState(StrEnum):
    """Whether a response counts: what is keyed twice does when both keyings agree, or somebody settled it."""

    KEYED_ONCE = "keyed_once"
    DISPUTED = "disputed"
    ACCEPTED = "accepted"


RESPONSES = Lifecycle(
    "a response",
    {
        ResponseState.KEYED_ONCE: {ResponseState.ACCEPTED, ResponseState.DISPUTED},
        ResponseState.DISPUTED: {ResponseState.ACCEPTED},
    },
)


class Entry(TypedDict):
    """One keying of a response, to be compared with the other."""

    answers: Mapping[str, Sent]
    age_band: NotRequired[str | None]
    answered_for: str
    pair: NotRequired[str | None]


class Response(Base):
    """What one person answered in one wave. Nobody's name stands in it.

    ``pair`` is a keyed hash of the code that they made, by which their answers in two waves are joined. ``once`` is
    what a page that was sent twice is known by; ``link`` is empty where it was the invitation of one person.
    ``keyed_by`` and ``second_by`` are the callers who keyed it.
    """

    __tablename__ = "survey_responses"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "survey"], ["surveys.movement", "surveys.id"]),
        sa.ForeignKeyConstraint(["movement", "wave"], ["survey_waves.movement", "survey_waves.id"]),
        sa.ForeignKeyConstraint(["movement", "link"], ["survey_links.movement", "survey_links.id"]),
        sa.UniqueConstraint("movement", "link", "once"),
        sa.Index("survey_responses_by_wave", "movement", "wave", "id"),
        sa.Index("survey_responses_by_pair", "movement", "survey", "pair"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    survey: Mapped[str]
    wave: Mapped[str]
    version: Mapped[int]
    state: Mapped[str]
    mode: Mapped[str]
    link: Mapped[str | None]
    once: Mapped[str | None]
    researcher: Mapped[str | None]
    keyed_by: Mapped[str | None]
    second_by: Mapped[str | None]
    language: Mapped[str]
    place: Mapped[str | None]
    age_band: Mapped[str | None]
    answered_for: Mapped[str]
    pair: Mapped[str | None]
    answers: Mapped[dict[str, Sent]] = mapped_column(sa.JSON)
    second: Mapped[Entry | None] = mapped_column(sa.JSON(none_as_null=True))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def entry(self) -> Entry:
        """What was keyed first."""
        return Entry(answers=self.answers, age_band=self.age_band, answered_for=self.answered_for, pair=self.pair)

    def step(self, to: ResponseState, at: datetime) -> None:
        """Go on to another state. Raises IllegalTransition."""
        self.state = RESPONSES.step(self.state, to)
        self.version += 1
        self.updated_at = at


def differing(one: Entry, other: Entry) -> list[str]:
    """Where two keyings of one response differ: the keys of answers, and what else is not the same."""
    keys = [
        key for key in {**one["answers"], **other["answers"]} if one["answers"].get(key) != other["answers"].get(key)
    ]
    about = [
        name
        for name, same in (
            ("age_band", one.get("age_band") == other.get("age_band")),
            ("answered_for", one["answered_for"] == other["answered_for"]),
            ("code", one.get("pair") == other.get("pair")),
        )
        if not same
    ]
    return sorted(keys) + about
