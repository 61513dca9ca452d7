"""Tables of organisations: the organisation, and the ids of those that turned out to be another one."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base


def of_organisation(column: str = "organisation") -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to an organisation of the movement, or name one in ``column``."""
    return sa.ForeignKeyConstraint(["movement", column], ["organisations.movement", "organisations.id"])


class Organisation(Base):
    """A body that acts in the movement: a charity, a school, a group without a constitution.

    ``kind`` is a word of the movement's own. ``ended_on`` is the day from which it is no more; who goes on in its place
    stands among the successions.
    """

    __tablename__ = "organisations"
    __table_args__ = (of_organisation("parent"), sa.Index("organisations_by_parent", "movement", "parent"))

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


class MergedOrganisation(Base):
    """An id of an organisation that turned out to be another one; it answers for ever, for that one."""

    __tablename__ = "merged_organisations"
    __table_args__ = (of_organisation(), sa.Index("merged_organisations_by_organisation", "movement", "organisation"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    merged: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str]
