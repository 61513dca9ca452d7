"""Tables of custom fields: their definitions, and the values that people and organisations have in them."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES

Value = str | int | float | bool | date
"""What a field of some kind holds: a text or a choice, a number, a day, or yes and no."""


class Noun(StrEnum):
    """What a field is a field of."""

    PERSON = "person"
    ORGANISATION = "organisation"


class FieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"


class CustomField(Base):
    """A field that a movement adds to its people or organisations. A retired one keeps its values.

    ``choices`` are what a field of that kind can hold; one that is taken away stays where it was chosen.
    """

    __tablename__ = "custom_fields"
    __table_args__ = (sa.UniqueConstraint("movement", "noun", "key"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    noun: Mapped[str]
    key: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    choices: Mapped[list[str]] = mapped_column(sa.JSON)
    retired: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at


class _HasValue:
    """One value, in the column of its kind: texts and choices, numbers, days, yes and no."""

    movement: Mapped[str] = mapped_column(primary_key=True, sort_order=-2)  # before whose it is, in the key as well
    key: Mapped[str] = mapped_column(primary_key=True, sort_order=-1)
    text: Mapped[str | None]
    number: Mapped[float | None]
    day: Mapped[date | None]
    yes: Mapped[bool | None]

    @property
    def value(self) -> Value:
        """Whichever it is; a row without one is not written."""
        values = (self.text, self.number, self.day, self.yes)
        return next(value for value in values if value is not None)


class PersonValue(_HasValue, Base):
    """What a person has in a custom field."""

    __tablename__ = "person_custom_values"
    __table_args__ = (of_person(erased=GOES), sa.Index("person_custom_values_by_person", "movement", "person"))

    person: Mapped[str] = mapped_column(primary_key=True)


class OrganisationValue(_HasValue, Base):
    """What an organisation has in a custom field."""

    __tablename__ = "organisation_custom_values"
    __table_args__ = (
        of_organisation(),
        sa.Index("organisation_custom_values_by_organisation", "movement", "organisation"),
    )

    organisation: Mapped[str] = mapped_column(primary_key=True)
