"""Tables of notices and of who was given them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from services.members.erasing import GOES


class PublishedNotice(Base):
    """A version of a notice in one language: what UK GDPR, articles 13 and 14, want people told. It never changes.

    ``address`` is where its text is kept.
    """

    __tablename__ = "notices"
    __table_args__ = (sa.UniqueConstraint("movement", "name", "version", "language"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[str]
    language: Mapped[str]
    address: Mapped[str]
    published_on: Mapped[date]
    recorded_at: Mapped[datetime]


class GivenNotice(Base):
    """That somebody was given a notice by itself; one given with a decision or with their data stands there."""

    __tablename__ = "given_notices"
    __table_args__ = (of_person(erased=GOES), sa.Index("given_notices_by_person", "movement", "person", "given_on"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    name: Mapped[str]
    version: Mapped[str]
    language: Mapped[str]
    channel: Mapped[str]
    given_on: Mapped[date]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
