"""The table of delegations: who hands which powers over a fund to whom, up to how much, and for how long.

Amounts in pence, days as ISO text in the movement's zone.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict, Forbidden


class Power(StrEnum):
    """What can be handed on: to decide who gets what, to do what follows from it, to walk beside, to look on."""

    AWARD = "award"
    ADMINISTER = "administer"
    SUPPORT = "support"
    OVERSEE = "oversee"


SHIFTED = frozenset({Power.AWARD, Power.ADMINISTER})
"""The powers that whoever hands them on has no longer: that is what shifts control. The others are had by both."""


class State(StrEnum):
    """Where a delegation stands today: its days to come, running or over, or taken back before they were over."""

    TO_COME = "to_come"
    LIVE = "live"
    OVER = "over"
    REVOKED = "revoked"


class NotDelegated(Forbidden):
    """The caller's organisation does not have this power over the fund: it was handed on, or never to it."""

    code, title = "not_delegated", "This power over the fund is somebody else's"


class OverCeiling(Conflict):
    """The live awards made under the delegation, with this one, would be more than its ceiling."""

    code, title = "over_ceiling", "More than the delegation reaches to"


class DelegationOver(Conflict):
    """The delegation was revoked, or its days are over."""

    code, title = "delegation_over", "The delegation is over"


class Delegation(Base):
    """Powers over a fund that ``giver`` (None: the movement itself) hands to the organisation ``receiver``.

    ``under`` is the delegation by which the giver has them itself. ``committed`` counts the live awards that were made
    under it, and under what was made out of it. Organisations are ids, kept as they were given: merged ones are read by
    the id that answers now. It is in force from ``starts_on`` until the day before ``expires_on``.
    """

    __tablename__ = "delegations"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.ForeignKeyConstraint(["movement", "under"], ["delegations.movement", "delegations.id"]),
        sa.CheckConstraint(
            "0 <= committed AND (ceiling IS NULL OR committed <= ceiling)", name="delegations_never_over_ceiling"
        ),
        sa.CheckConstraint("ceiling > 0", name="delegations_reach_to_something"),
        sa.CheckConstraint("expires_on > starts_on", name="delegations_last_a_day"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_because IS NULL)", name="delegations_revoked_for_a_reason"),
        sa.Index("delegations_by_fund", "movement", "fund_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    fund_id: Mapped[str]
    under: Mapped[str | None]
    giver: Mapped[str | None]
    receiver: Mapped[str]
    powers: Mapped[str]
    currency: Mapped[str]
    ceiling: Mapped[int | None]
    committed: Mapped[int]
    starts_on: Mapped[str]
    expires_on: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at

    def revoke(self, reason: str, at: datetime) -> None:
        """Take it back, or hand it back; :class:`DelegationOver` where that was done before."""
        if self.revoked_at is not None:
            raise DelegationOver("it was revoked already")
        self.revoked_at, self.revoked_because = at, reason
        self.changed(at)

    def state(self, today: str) -> State:
        """Where it stands by itself on a day, whatever became of the one that it is under."""
        if self.revoked_at is not None:
            return State.REVOKED
        if today < self.starts_on:
            return State.TO_COME
        return State.OVER if self.expires_on is not None and self.expires_on <= today else State.LIVE


class Link(NamedTuple):
    """What decides whether a delegation that was not revoked holds: whose it is, out of which, and its days."""

    id: str
    under: str | None
    receiver: str
    powers: str
    starts_on: str
    expires_on: str | None

    def has(self, power: Power) -> bool:
        """Whether this power was handed on by it."""
        return power in self.powers.split()

    def runs(self, today: str) -> bool:
        """Whether this is one of its days."""
        return self.starts_on <= today and (self.expires_on is None or today < self.expires_on)


class Shown(NamedTuple):
    """A delegation, where it stands, and the ids that answer now for the two organisations."""

    delegation: Delegation
    state: State
    giver: str | None
    receiver: str
