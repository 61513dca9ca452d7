"""The tables of who publishes, and of what is told of an award whose group would be at risk."""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base


class Treatment(StrEnum):
    """What of an award the world may read: all that the standard has, an award to nobody in particular, or nothing."""

    OPEN = "open"
    BLURRED = "blurred"
    WITHHELD = "withheld"


class Described(StrEnum):
    """Whose words say what a grant is for: the fund's, or the applicants', who were told that they are published."""

    FUND = "fund"
    APPLICATION = "application"


class KnownOrganisation(TypedDict):
    """An organisation as funds and contributions call it, its identifier in a register, and its record here if any."""

    name: str
    identifier: str
    organisation: str | None


class OpenDataSettings(Base):
    """Who publishes a movement's grants. Nothing is published without a ``prefix``, which 360Giving gives."""

    __tablename__ = "open_data_settings"
    __table_args__ = (
        sa.CheckConstraint("described_by IN ('fund', 'application')", name="open_data_settings_known_words"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    prefix: Mapped[str | None]
    publisher: Mapped[str | None]
    publisher_identifier: Mapped[str | None]
    website: Mapped[str | None]
    licence: Mapped[str]
    described_by: Mapped[str]
    regrant_type: Mapped[str]
    organisations: Mapped[list[KnownOrganisation]] = mapped_column(sa.JSON)
    updated_at: Mapped[datetime]
    version: Mapped[int]


class Publication(Base):
    """What is told of one award, and why less than of others. Words given here stand in place of the application's."""

    __tablename__ = "award_publications"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint("treatment IN ('open', 'blurred', 'withheld')", name="award_publications_known_treatment"),
        sa.CheckConstraint("treatment = 'open' OR reason IS NOT NULL", name="award_publications_less_for_a_reason"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    award_id: Mapped[str] = mapped_column(primary_key=True)
    treatment: Mapped[str]
    reason: Mapped[str | None]
    to_individual: Mapped[bool]
    recipient_identifier: Mapped[str | None]
    title: Mapped[str | None]
    description: Mapped[str | None]
    updated_at: Mapped[datetime]
    version: Mapped[int]
