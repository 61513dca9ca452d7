"""Tables of the questions, of the answers and of who wants none kept. No column holds a person's id."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base

RING = "equality"
"""The ring of keys whose blinding makes the pseudonyms (:data:`shared.secrets.RINGS`)."""

NOT_SAID = "prefer_not_to_say"
"""The option that every question has: somebody was asked and would rather not say. Not asked is no answer at all."""


@dataclass(frozen=True, slots=True)
class Option:
    """What can be answered: the key that is counted by, and the words."""

    key: str
    words: str


class EqualityQuestion(Base):
    """A question in one wording. A wording never changes: another one is another version, and answers name theirs.

    ``options`` are pairs of key and words in the order in which they are offered, `prefer_not_to_say` the last.
    """

    __tablename__ = "equality_questions"

    movement: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    wording: Mapped[str]
    options: Mapped[list[list[str]]] = mapped_column(sa.JSON)
    source: Mapped[str]
    language: Mapped[str]
    adopted_at: Mapped[datetime]


class EqualityAnswer(Base):
    """What somebody answered to a question, under their pseudonym. The day alone is kept, for a moment would tell who
    was asked just then."""

    __tablename__ = "equality_answers"
    __table_args__ = (sa.Index("equality_answers_by_question", "movement", "question"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    pseudonym: Mapped[bytes] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    option: Mapped[str]
    answered_on: Mapped[date]


class EqualityStop(Base):
    """That somebody gave written notice to keep no answers of theirs, under their pseudonym.

    ``reference`` says where the notice is kept.
    """

    __tablename__ = "equality_stops"

    movement: Mapped[str] = mapped_column(primary_key=True)
    pseudonym: Mapped[bytes] = mapped_column(primary_key=True)
    received_on: Mapped[date]
    reference: Mapped[str | None]
