"""The table of imports, what can be asked of one, and what it comes to."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base


class OnError(StrEnum):
    """What to do with a file that has bad rows: take nothing of it, or take the good ones."""

    REJECT = "reject"
    SKIP = "skip"


class OnChanged(StrEnum):
    """What to do with a row about somebody who is known and of whom it says something new."""

    UPDATE = "update"
    SKIP = "skip"


class PeopleImport(Base):
    """Where a file of people came from and on what basis; the job of the same id says how far it is.

    Its people are seen by nobody until ``revealed_at`` is set: the one update that shows them all.
    """

    __tablename__ = "people_imports"

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    basis: Mapped[str]
    notice: Mapped[str | None]
    notice_version: Mapped[str | None]
    notice_language: Mapped[str | None]
    notice_given_on: Mapped[date | None]
    dry_run: Mapped[bool] = mapped_column(sa.Boolean)
    created_at: Mapped[datetime]
    revealed_at: Mapped[datetime | None]


class Standing(NamedTuple):
    """What somebody decided so far: the decision that holds by purpose and channel, and whether they ever said stop."""

    decided: Mapping[tuple[str, str], str]
    stopped: bool


class Counts(msgspec.Struct, frozen=True):
    """What became of a file's rows: ``rows`` is the sum of all the others.

    ``skipped`` rows say something new of somebody who is known, and were not to change them.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    faulty: int = 0
