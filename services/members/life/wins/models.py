"""Tables of wins and of who made them happen."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import ALIKE, Alike, Base
from services.members.community.programmes.models import of_programme
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict


class SharedAlready(Conflict):
    """It may be shared already."""

    code = "shared_already"
    title = "This win is shared already"


class NotShared(Conflict):
    """What is not shared is not taken back."""

    code = "not_shared"
    title = "This win is not shared"


class Win(Base):
    """Something that went well. ``agreed_by`` is who said for organisations and others that it may be shared."""

    __tablename__ = "wins"
    __table_args__ = (of_programme(), sa.Index("wins_by_day", "movement", "happened_on"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    what: Mapped[str]
    happened_on: Mapped[date]
    area: Mapped[str | None]
    programme: Mapped[str | None]
    agreed_by: Mapped[str | None]
    shared_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def share(self, agreed_by: str | None, at: datetime) -> None:
        """Let it be shared from now on. Raises SharedAlready."""
        if self.shared_at is not None:
            raise SharedAlready
        self.shared_at, self.agreed_by = at, agreed_by
        self.changed(at)

    def unshare(self, at: datetime) -> None:
        """Let it be shared no longer. Raises NotShared."""
        if self.shared_at is None:
            raise NotShared
        self.shared_at = self.agreed_by = None
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class WinMaker(Base):
    """Who had a part in a win: a person, an organisation, or others in words."""

    __tablename__ = "win_makers"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "win"], ["wins.movement", "wins.id"]),
        of_person(erased=GOES),
        of_organisation(),
        sa.CheckConstraint(
            "(person IS NOT NULL AND organisation IS NULL AND words IS NULL)"
            " OR (person IS NULL AND organisation IS NOT NULL AND words IS NULL)"
            " OR (person IS NULL AND organisation IS NULL AND words IS NOT NULL)",
            name="win_makers_one",
        ),
        sa.Index("win_makers_by_win", "movement", "win"),
        sa.Index("win_makers_by_person", "movement", "person"),
        sa.Index("win_makers_by_organisation", "movement", "organisation"),
        {"info": {ALIKE: Alike(("win", "person", "organisation"), among="words IS NULL")}},
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    win: Mapped[str]
    person: Mapped[str | None]
    organisation: Mapped[str | None]
    words: Mapped[str | None]
    created_at: Mapped[datetime]
