"""The table of gatherings, and the legal steps of one."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from shared.lifecycle import Lifecycle


class Kind(StrEnum):
    """What people come together for."""

    LEARNING_LAB = "learning_lab"
    CAMPFIRE = "campfire"
    WALK = "walk"
    COMMUNITY_CONVERSATION = "community_conversation"
    CALL_TO_ACTION = "call_to_action"
    TRAINING = "training"
    OTHER = "other"


class State(StrEnum):
    """The life of a gathering."""

    DRAFT = "draft"
    PUBLISHED = "published"
    HELD = "held"
    CANCELLED = "cancelled"


class Audience(StrEnum):
    """Who is told of it: anybody, by the open feeds, or the movement's own people."""

    PUBLIC = "public"
    MEMBERS = "members"


_GATHERINGS: Lifecycle[State] = Lifecycle(
    "a gathering",
    {State.DRAFT: {State.PUBLISHED, State.CANCELLED}, State.PUBLISHED: {State.HELD, State.CANCELLED}},
)


def of_gathering() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to a gathering of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "gathering"], ["gatherings.movement", "gatherings.id"])


class Gathering(Base):
    """People coming together, once or many times; each time is a slot.

    ``online_url`` is for those who booked. ``organisation`` is on whose behalf it is arranged.
    """

    __tablename__ = "gatherings"
    __table_args__ = (of_organisation(), sa.Index("gatherings_by_organisation", "movement", "organisation"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    description: Mapped[str | None]
    state: Mapped[str]
    audience: Mapped[str]
    organisation: Mapped[str | None]
    place_name: Mapped[str | None]
    address: Mapped[str | None]
    postcode: Mapped[str | None]
    online_url: Mapped[str | None]
    access: Mapped[list[str]] = mapped_column(sa.JSON)
    access_notes: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(sa.JSON)
    cancelled_because: Mapped[str | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def publish(self) -> None:
        """Draft → published."""
        self.state = _GATHERINGS.step(self.state, State.PUBLISHED)

    def hold(self) -> None:
        """Published → held."""
        self.state = _GATHERINGS.step(self.state, State.HELD)

    def cancel(self, because: str | None) -> None:
        """Draft or published → cancelled."""
        self.state = _GATHERINGS.step(self.state, State.CANCELLED)
        self.cancelled_because = because

    def changed(self, at: datetime) -> None:
        """Count an edit."""
        self.updated_at, self.version = at, self.version + 1
