"""Tables of relationship holders: a stewardship and its legal steps, and the caretakers named beforehand."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import ALIKE, HOLDS_PERSON, Alike, Base
from services.members.community.circles.models import of_circle
from services.members.directory.organisations.models import of_organisation
from services.members.erasing import GOES, LEADS_NOWHERE
from shared.lifecycle import Lifecycle


class Role(StrEnum):
    """One keeps the relationship; others stand beside them."""

    HOLDER = "holder"
    SECOND = "second"


class State(StrEnum):
    """The life of a stewardship: somebody is asked, holds it, and one day no longer does."""

    OFFERED = "offered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    PASSED_ON = "passed_on"
    ENDED = "ended"


class AboutKind(StrEnum):
    """What a relationship can be with."""

    PERSON = "person"
    ORGANISATION = "organisation"
    CIRCLE = "circle"
    ASSET = "asset"


PREFIXES = {
    "person": AboutKind.PERSON,
    "org": AboutKind.ORGANISATION,
    "circle": AboutKind.CIRCLE,
    "asset": AboutKind.ASSET,
}
"""By what an id begins with, what it is of."""

_STEWARDSHIPS: Lifecycle[State] = Lifecycle(
    "a stewardship",
    {
        State.OFFERED: {State.HELD, State.DECLINED, State.WITHDRAWN},
        State.HELD: {State.PASSED_ON, State.ENDED},
    },
)


def kind_of(about: str) -> AboutKind:
    """What an id is of."""
    return PREFIXES[about.partition("_")[0]]


class Stewardship(Base):
    """Somebody keeps the relationship with a person, an organisation, a circle or an asset, or was asked to.

    Exactly one of the four ``about_`` columns is set. ``in_place_of`` is the stewardship that ends when this one is
    accepted, ``handover_item`` the line of a leaver's list that it is there for.
    """

    __tablename__ = "stewardships"
    __table_args__ = (
        of_organisation("about_organisation"),
        of_circle("about_circle"),
        sa.ForeignKeyConstraint(["movement", "about_asset"], ["assets.movement", "assets.id"]),
        sa.CheckConstraint(
            "(CASE WHEN about_person IS NULL THEN 0 ELSE 1 END) + (CASE WHEN about_organisation IS NULL THEN 0 ELSE 1"
            " END) + (CASE WHEN about_circle IS NULL THEN 0 ELSE 1 END) + (CASE WHEN about_asset IS NULL THEN 0 ELSE 1"
            " END) = 1",
            name="stewardships_about_one",
        ),
        sa.Index("stewardships_by_holder", "movement", "holder", "state"),
        sa.Index("stewardships_about_person", "movement", "about_person"),
        sa.Index("stewardships_about_organisation", "movement", "about_organisation"),
        sa.Index("stewardships_about_circle", "movement", "about_circle"),
        sa.Index("stewardships_about_asset", "movement", "about_asset"),
        {
            "info": {
                ALIKE: Alike(
                    ("holder", "about_person", "about_organisation", "about_circle", "about_asset"),
                    among="state = 'held'",
                    by=("role", (Role.HOLDER, Role.SECOND)),
                    since="since",
                )
            }
        },
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(info=HOLDS_PERSON | LEADS_NOWHERE)
    role: Mapped[str]
    about_person: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | GOES)
    about_organisation: Mapped[str | None]
    about_circle: Mapped[str | None]
    about_asset: Mapped[str | None]
    why: Mapped[str]
    state: Mapped[str]
    since: Mapped[date | None]
    in_place_of: Mapped[str | None]
    handover_item: Mapped[str | None]
    offered_by: Mapped[str]
    offered_at: Mapped[datetime]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    told_us_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str | None]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    @property
    def about(self) -> str:
        """The id of what the relationship is with."""
        return self.about_person or self.about_organisation or self.about_circle or self.about_asset or ""

    def accept(self, since: date, by: str, told_us_on: date | None, at: datetime) -> None:
        """Offered → held."""
        self._step(State.HELD, at)
        self.since, self.answered_by, self.answered_at, self.told_us_on = since, by, at, told_us_on

    def decline(self, by: str, told_us_on: date | None, at: datetime) -> None:
        """Offered → declined. Nobody has to say why."""
        self._step(State.DECLINED, at)
        self.answered_by, self.answered_at, self.told_us_on = by, at, told_us_on

    def withdraw(self, at: datetime) -> None:
        """Offered → withdrawn: it is not asked any more."""
        self._step(State.WITHDRAWN, at)

    def pass_on(self, on: date, at: datetime) -> None:
        """Held → passed on: somebody else has it from that day on."""
        self._step(State.PASSED_ON, at)
        self.ended_on = on

    def end(self, on: date, reason: str, at: datetime) -> None:
        """Held → ended: nobody keeps it any more, for this reason."""
        self._step(State.ENDED, at)
        self.ended_on, self.ended_reason = on, reason

    def changed(self, at: datetime) -> None:
        """Count an edit."""
        self.updated_at, self.version = at, self.version + 1

    def _step(self, target: State, at: datetime) -> None:
        self.state = _STEWARDSHIPS.step(self.state, target)
        self.changed(at)


class Caretaker(Base):
    """Who looks after what somebody leaves behind: of a circle, or (no circle) of the whole movement.

    Naming another one ends this; the rows are the history.
    """

    __tablename__ = "caretakers"
    __table_args__ = (of_circle(), sa.Index("caretakers_by_circle", "movement", "circle", "id"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    circle: Mapped[str | None]
    person: Mapped[str] = mapped_column(info=HOLDS_PERSON | GOES)
    agreed_on: Mapped[date]
    named_by: Mapped[str]
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
