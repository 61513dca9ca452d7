"""Tables of programmes: the programme, what it is aligned to, its partners, and the dated roles of the backbone."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from shared.errors import Conflict
from shared.lifecycle import EndedAlready


class Role(StrEnum):
    """What a backbone does in a programme: it supports and enables, and rather hands over than delivers."""

    DELIVER = "deliver"
    COMMISSION = "commission"
    HAND_OVER = "hand_over"
    FACILITATE = "facilitate"
    TRAIN = "train"
    ADVISE = "advise"
    GIVE_INSIGHT = "give_insight"
    EVALUATE = "evaluate"
    BRING_IN_INVESTMENT = "bring_in_investment"
    RECOGNISE = "recognise"
    ADVOCATE = "advocate"


class Function(StrEnum):
    """The six functions of a backbone organisation."""

    GUIDE_VISION_AND_STRATEGY = "guide_vision_and_strategy"
    SUPPORT_ALIGNED_ACTIVITIES = "support_aligned_activities"
    ESTABLISH_SHARED_MEASUREMENT = "establish_shared_measurement"
    BUILD_PUBLIC_WILL = "build_public_will"
    ADVANCE_POLICY = "advance_policy"
    MOBILISE_FUNDING = "mobilise_funding"


class Condition(StrEnum):
    """The four conditions that a backbone keeps."""

    SHARED_MEASUREMENT = "shared_measurement"
    COMMON_AGENDA = "common_agenda"
    CONTINUOUS_COMMUNICATION = "continuous_communication"
    MUTUALLY_REINFORCING_ACTIVITIES = "mutually_reinforcing_activities"


class AlignedTo(StrEnum):
    """What a programme can be aligned to. Outcomes are in the movement's own words."""

    FUNCTION = "function"
    CONDITION = "condition"
    OUTCOME = "outcome"


class RoleOverlaps(Conflict):
    """The backbone has that role in some of the time already; ``held_from`` is the day from which it has."""

    code = "role_overlaps"
    title = "The backbone has this role at that time already"


def of_programme() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to a programme of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "programme"], ["programmes.movement", "programmes.id"])


class Programme(Base):
    """A programme of a lead organisation. ``ended_on`` is the day from which it is no more."""

    __tablename__ = "programmes"
    __table_args__ = (of_organisation("lead"), sa.Index("programmes_by_lead", "movement", "lead"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    lead: Mapped[str]
    aims: Mapped[str]
    starts_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    alignments: Mapped[list["Alignment"]] = relationship(viewonly=True, lazy="raise", order_by="Alignment.word")
    partners: Mapped[list["Partner"]] = relationship(
        viewonly=True, lazy="raise", order_by="(Partner.starts_on, Partner.id)"
    )
    roles: Mapped[list["RolePeriod"]] = relationship(
        viewonly=True, lazy="raise", order_by="(RolePeriod.starts_on, RolePeriod.id)"
    )

    def aligned_to(self, kind: AlignedTo) -> list[str]:
        """What it is aligned to of a kind."""
        return [alignment.word for alignment in self.alignments if alignment.kind == kind]

    def roles_on(self, day: date) -> list["RolePeriod"]:
        """What the backbone's part was on a day, in the order in which it came to it."""
        return [period for period in self.roles if period.holds_on(day)]

    def partners_on(self, day: date) -> list["Partner"]:
        """The partners on a day."""
        return [partner for partner in self.partners if partner.starts_on <= day < (partner.ended_on or date.max)]

    def check_free(self, role: Role, starts_on: date, ended_on: date | None) -> None:
        """Raise RoleOverlaps where the backbone has the role on one of these days already."""
        for period in self.roles:
            if period.role == role and period.meets(starts_on, ended_on):
                raise RoleOverlaps(f"since {period.starts_on}", held_from=period.starts_on.isoformat())

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Alignment(Base):
    """What a programme is aligned to: a function or a condition by its word, or an outcome in the movement's words."""

    __tablename__ = "programme_alignments"
    __table_args__ = (of_programme(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    programme: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)


class Partner(Base):
    """An organisation that takes part in a programme, and its part in it, until the day before ``ended_on``."""

    __tablename__ = "programme_partners"
    __table_args__ = (
        of_programme(),
        of_organisation(),
        sa.CheckConstraint("ended_on IS NULL OR ended_on > starts_on", name="programme_partners_in_order"),
        sa.Index("programme_partners_by_programme", "movement", "programme", "starts_on"),
        sa.Index("programme_partners_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    programme: Mapped[str]
    organisation: Mapped[str]
    part: Mapped[str]
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]

    def end(self, on: date) -> None:
        """The organisation no longer takes part from a day on. Raises EndedAlready."""
        if self.ended_on is not None:
            raise EndedAlready(f"on {self.ended_on}")
        self.ended_on = on


class RolePeriod(Base):
    """A role of the backbone in a programme from ``starts_on`` until the day before ``ended_on``.

    ``why`` is why it came to the role, ``ended_why`` why it left it. ``recorded_by`` is the caller's id.
    """

    __tablename__ = "programme_roles"
    __table_args__ = (
        of_programme(),
        sa.CheckConstraint("ended_on IS NULL OR ended_on > starts_on", name="programme_roles_in_order"),
        sa.Index("programme_roles_by_programme", "movement", "programme", "starts_on"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    programme: Mapped[str]
    role: Mapped[str]
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]
    why: Mapped[str | None]
    ended_why: Mapped[str | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]

    def holds_on(self, day: date) -> bool:
        """Whether the backbone has the role on that day."""
        return self.starts_on <= day < (self.ended_on or date.max)

    def meets(self, starts_on: date, ended_on: date | None) -> bool:
        """Whether the backbone has the role on one of these days; None is without an end."""
        return self.starts_on < (ended_on or date.max) and starts_on < (self.ended_on or date.max)

    def end(self, on: date, why: str | None) -> None:
        """The backbone no longer has the role from a day on. Raises EndedAlready."""
        if self.ended_on is not None:
            raise EndedAlready(f"on {self.ended_on}")
        self.ended_on, self.ended_why = on, why
