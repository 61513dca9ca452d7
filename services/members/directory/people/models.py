"""Tables of people: who they are, how they are reached and found, what other systems call them, how we came to them."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import HOLDS_PERSON, Base
from services.members.directory.lookups import ByExternalId, ByWord
from services.members.erasing import GOES, SAYS_NOTHING, Fate
from shared.erasure.sweep import THEIR_OWN

if TYPE_CHECKING:
    from services.members.directory.custom_fields.models import PersonValue
    from services.members.engagement.memberships.models import Membership


def of_person(column: str = "person", *, erased: Mapping[str, Fate] = SAYS_NOTHING) -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to a person of the same movement, or name one in ``column``.

    ``erased`` says what erasing that person does to the row: :mod:`services.members.erasing`.
    """
    return sa.ForeignKeyConstraint(["movement", column], ["people.movement", "people.id"], info=dict(erased))


class AgeBand(StrEnum):
    """How old somebody is, as far as the movement needs to know."""

    UNDER_13 = "under_13"
    FROM_13_TO_15 = "13_to_15"
    FROM_16_TO_17 = "16_to_17"
    ADULT = "adult"
    NOT_ASKED = "not_asked"


WITHOUT_LADDER = frozenset({AgeBand.UNDER_13, AgeBand.FROM_13_TO_15})
"""The ages that never have a rung: the ladder serves those who support adults, and is no measure of a child."""


class LabelKind(StrEnum):
    """What a word about a person says: how the movement sorts them, what they care for, or what they can do."""

    TAG = "tag"
    INTEREST = "interest"
    SKILL = "skill"


class LawfulBasis(StrEnum):
    """Why personal data may be kept: UK GDPR, article 6(1)(a) to (f)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"


class Person(Base):
    """Somebody in a movement. An e-mail address is no identity: two people may share an inbox.

    ``contact_preference`` lists the channels that they want to be reached by, the best one first; empty: any.
    ``access_needs`` are in their own words. ``date_of_birth`` is for where a rule needs it. ``hidden_by`` is the import
    that has not revealed them yet (:mod:`services.members.directory.people.hidden`).
    """

    __tablename__ = "people"
    __table_args__ = (
        sa.Index("people_by_update", "movement", "updated_at"),
        sa.Index(
            "people_by_birth",
            "age_band",
            "date_of_birth",
            sqlite_where=sa.text("date_of_birth IS NOT NULL"),
            postgresql_where=sa.text("date_of_birth IS NOT NULL"),
        ),
        sa.Index(
            "people_hidden",
            "movement",
            "hidden_by",
            "id",
            sqlite_where=sa.text("hidden_by IS NOT NULL"),
            postgresql_where=sa.text("hidden_by IS NOT NULL"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    given_name: Mapped[str] = mapped_column(info=THEIR_OWN)
    family_name: Mapped[str | None] = mapped_column(info=THEIR_OWN)
    known_as: Mapped[str | None] = mapped_column(info=THEIR_OWN)
    postcode: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(sa.JSON)
    age_band: Mapped[str]
    date_of_birth: Mapped[date | None]
    contact_preference: Mapped[list[str]] = mapped_column(sa.JSON)
    access_needs: Mapped[str | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    hidden_by: Mapped[str | None]

    # For reading, and only where the query asked for them: a list that forgot would cost a statement a row.
    membership: Mapped["Membership | None"] = relationship(viewonly=True, lazy="raise")
    emails: Mapped[list["Email"]] = relationship(
        viewonly=True, lazy="raise", order_by="(Email.is_primary.desc(), Email.address)"
    )
    phones: Mapped[list["Phone"]] = relationship(viewonly=True, lazy="raise", order_by="(Phone.place, Phone.digits)")
    external_ids: Mapped[list["ExternalId"]] = relationship(
        viewonly=True,
        lazy="raise",
        primaryjoin="and_(Person.movement == foreign(ExternalId.movement), Person.id == foreign(ExternalId.person))",
        order_by="(ExternalId.system, ExternalId.external_id)",
    )
    labels: Mapped[list["Label"]] = relationship(viewonly=True, lazy="raise", order_by="(Label.kind, Label.label)")
    provenance: Mapped[list["Provenance"]] = relationship(viewonly=True, lazy="raise", order_by="Provenance.id")
    custom: Mapped[list["PersonValue"]] = relationship(viewonly=True, lazy="raise", order_by="PersonValue.key")

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at


class Email(Base):
    """An e-mail address of a person, normalised; one of them is the primary one."""

    __tablename__ = "person_emails"
    __table_args__ = (
        of_person(erased=GOES),
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
    """A telephone number of a person: as it was given, its digits, and its place among theirs: 0 is tried first."""

    __tablename__ = "person_phones"
    __table_args__ = (of_person(erased=GOES),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    digits: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(info=THEIR_OWN)
    place: Mapped[int]


class ExternalId(ByExternalId, Base):
    """What another system calls a person.

    It has no foreign key: a sign-up claims its external ids before it writes the person, so that of two sign-ups of one
    external id exactly one goes on.
    """

    __tablename__ = "person_external_ids"
    __table_args__ = (sa.Index("person_external_ids_by_person", "movement", "person"),)

    person: Mapped[str] = mapped_column(info=HOLDS_PERSON | GOES)


class NameWord(ByWord, Base):
    """One word of a person's names."""

    __tablename__ = "person_name_words"
    __table_args__ = (of_person(erased=GOES), sa.Index("person_name_words_by_person", "movement", "person"))

    person: Mapped[str] = mapped_column(primary_key=True)


class Label(Base):
    """A word about a person: a tag, an interest or a skill, in lower case: the same however it is typed."""

    __tablename__ = "person_labels"
    __table_args__ = (of_person(erased=GOES), sa.Index("person_labels_by_person", "movement", "person"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)


class Provenance(Base):
    """How the movement came to have a person's data: from where, on what basis, and what they were told about it.

    A person has as many as there were ways in; ``reference`` names the one meant, such as the id of an import.
    """

    __tablename__ = "person_provenance"
    __table_args__ = (of_person(erased=GOES), sa.Index("person_provenance_by_person", "movement", "person"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    source: Mapped[str]
    reference: Mapped[str | None]
    basis: Mapped[str]
    notice: Mapped[str | None]
    notice_version: Mapped[str | None]
    notice_language: Mapped[str | None]
    notice_given_on: Mapped[date | None]
    recorded_at: Mapped[datetime]


class MergedPerson(Base):
    """An id of somebody who turned out to be another person of the movement; it answers for ever, for that person."""

    __tablename__ = "merged_people"
    __table_args__ = (of_person(erased=GOES), sa.Index("merged_people_by_person", "movement", "person"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    merged: Mapped[str] = mapped_column(primary_key=True, info=GOES)
    person: Mapped[str]
