"""Tables of people: the person, how they are reached, what other systems call them, and the words of their names."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import Base

if TYPE_CHECKING:
    from services.members.directory.signups.models import Membership


def of_person() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to a person of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"])


class AgeBand(StrEnum):
    """How old somebody is, as far as the movement needs to know."""

    UNDER_13 = "under_13"
    FROM_13_TO_15 = "13_to_15"
    FROM_16_TO_17 = "16_to_17"
    ADULT = "adult"
    NOT_ASKED = "not_asked"


WITHOUT_LADDER = frozenset({AgeBand.UNDER_13, AgeBand.FROM_13_TO_15})
"""The ages that never have a rung: the ladder serves those who support adults, and is no measure of a child."""


class Person(Base):
    """Somebody in a movement. An e-mail address is no identity: two people may share an inbox."""

    __tablename__ = "people"

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    given_name: Mapped[str]
    family_name: Mapped[str | None]
    known_as: Mapped[str | None]
    postcode: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(sa.JSON)
    age_band: Mapped[str]
    created_at: Mapped[datetime]

    # For reading, and only where the query asked for them: a list that forgot would cost a statement a row.
    membership: Mapped["Membership"] = relationship(viewonly=True, lazy="raise")
    emails: Mapped[list["Email"]] = relationship(
        viewonly=True, lazy="raise", order_by="(Email.is_primary.desc(), Email.address)"
    )
    phones: Mapped[list["Phone"]] = relationship(viewonly=True, lazy="raise", order_by="Phone.digits")
    external_ids: Mapped[list["ExternalId"]] = relationship(
        viewonly=True,
        lazy="raise",
        primaryjoin="and_(Person.movement == foreign(ExternalId.movement), Person.id == foreign(ExternalId.person))",
        order_by="(ExternalId.system, ExternalId.external_id)",
    )


class Email(Base):
    """An e-mail address of a person, normalised; one of them is the primary one."""

    __tablename__ = "person_emails"
    __table_args__ = (
        of_person(),
        sa.Index(
            "person_emails_one_primary",
            "movement",
            "person",
            unique=True,
            sqlite_where=sa.text("is_primary"),
            postgresql_where=sa.text("is_primary"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    is_primary: Mapped[bool]


class Phone(Base):
    """A telephone number of a person: as it was given, and its digits."""

    __tablename__ = "person_phones"
    __table_args__ = (of_person(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    digits: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str]


class ExternalId(Base):
    """What another system calls a person.

    It has no foreign key: a sign-up claims its external ids before it writes the person, so that of two sign-ups of one
    external id exactly one goes on.
    """

    __tablename__ = "person_external_ids"
    __table_args__ = (sa.Index("person_external_ids_by_person", "movement", "person"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    system: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]


class NameWord(Base):
    """One word of a person's names, folded, in UTF-8: bytes sort alike on both databases, so a prefix is a range."""

    __tablename__ = "person_name_words"
    __table_args__ = (of_person(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[bytes] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
