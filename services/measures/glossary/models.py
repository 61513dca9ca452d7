"""The table of words."""

from datetime import datetime
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base


class Usage(TypedDict):
    """What an organisation means by a word."""

    organisation: str
    meaning: str


class Word(Base):
    """A word, what the movement agrees that it means, who means something else by it, and which versions use it.

    `folded` is the word in lower case: no two words differ in nothing else.
    """

    __tablename__ = "glossary_words"
    __table_args__ = (sa.UniqueConstraint("movement", "folded"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str]
    folded: Mapped[str]
    meaning: Mapped[str]
    used_otherwise: Mapped[list[Usage]] = mapped_column(sa.JSON)
    measure_versions: Mapped[list[str]] = mapped_column(sa.JSON)
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
