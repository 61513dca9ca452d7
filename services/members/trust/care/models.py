"""Tables of settings of care and of aliases."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class SettingKind(StrEnum):
    """What a setting is."""

    CARE_HOME = "care_home"
    SCHOOL = "school"
    WARD = "ward"
    OTHER = "other"


RESIDENTIAL = frozenset({SettingKind.CARE_HOME, SettingKind.WARD})
"""The settings whose people live there or lie there: they have no rung, whoever they become here."""


class AliasState(StrEnum):
    """Open: known by the alias alone. Joined: a person of the movement. Withdrawn: nothing of them is kept."""

    OPEN = "open"
    JOINED = "joined"
    WITHDRAWN = "withdrawn"


LIFECYCLE = Lifecycle("an alias", {AliasState.OPEN: {AliasState.JOINED, AliasState.WITHDRAWN}})


class AliasTaken(Conflict):
    """Somebody in the setting has this alias; ``alias`` is who."""

    code = "alias_taken"
    title = "Somebody in this setting has this alias"


class Setting(Base):
    """A setting of care. ``organisation`` is the controller of its people; ``jurisdiction`` decides ages and law."""

    __tablename__ = "care_settings"
    __table_args__ = (
        of_organisation(),
        sa.Index("care_settings_by_organisation", "movement", "organisation"),
        sa.Index("care_settings_by_update", "movement", "updated_at"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    organisation: Mapped[str]
    jurisdiction: Mapped[str]
    postcode: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at


class Alias(Base):
    """Somebody in a setting, by a word that the setting chose. ``times`` are the hours that are good for them.

    ``person`` is who they became, by which ``authority`` it was decided, and when that is looked at again.
    """

    __tablename__ = "care_aliases"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "setting"], ["care_settings.movement", "care_settings.id"]),
        of_person(erased=GOES),
        sa.Index("care_aliases_by_setting", "movement", "setting", "id"),
        sa.Index("care_aliases_by_person", "movement", "person"),
        sa.Index(
            "care_aliases_open",
            "movement",
            "setting",
            "alias",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    setting: Mapped[str]
    alias: Mapped[str]
    interests: Mapped[list[str]] = mapped_column(sa.JSON)
    times: Mapped[list[dict[str, str | None]]] = mapped_column(sa.JSON)
    state: Mapped[str]
    person: Mapped[str | None]
    authority: Mapped[str | None]
    consulted: Mapped[list[str]] = mapped_column(sa.JSON)
    review_on: Mapped[date | None]
    joined_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def join(self, person: str, at: datetime) -> None:
        """Open → joined: they are a person of the movement, who is asked what they like from now on."""
        self.state = LIFECYCLE.step(self.state, AliasState.JOINED)
        self.person, self.joined_at = person, at
        self.interests, self.times = [], []
        self.changed(at)

    def withdraw(self, at: datetime) -> None:
        """Open → withdrawn: what was known under the alias goes, and the alias too."""
        self.state = LIFECYCLE.step(self.state, AliasState.WITHDRAWN)
        self.alias, self.interests, self.times = "", [], []
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at
