"""The webhooks' tables: endpoints, deliveries, the log of attempts, recoveries, and the processes that send."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base

EndpointStatus = Literal["enabled", "paused", "disabled", "deleted"]
"""paused: deliveries wait. disabled: nothing new is queued, what waits is held. deleted: nobody sees it any more."""

Ordering = Literal["parallel", "ordered_by_key", "strict"]
"""In which order an endpoint is sent: in any, each subject's events one after another, or all of them."""

DeliveryStatus = Literal["pending", "behind", "succeeded", "exhausted", "withheld"]
"""behind: it waits for the one before it in its chain to be settled.
exhausted: it was given up, or skipped; it stays listed, and `recover` or `resend` sends it again as a new delivery.
withheld: it is about somebody who said stop, and is not sent."""

IN_FLIGHT = 16
"""Requests to an endpoint that are under way at once, and the most that its owner may ask for."""

_OPEN = sa.text("status <> 'succeeded'")
_BOUNDED = sa.text("covered_until IS NOT NULL")
_WAITING = sa.text("status = 'pending' AND worker IS NULL")
_CHAINED = sa.text("chain IS NOT NULL AND (status = 'pending' OR status = 'behind')")


class Endpoint(Base):
    """Where a partner wants events sent. `types` are patterns, a space between; `secrets` the signing keys, sealed.

    `payload_filter` and `mapping` are JMESPath: what an event must hold, and what is sent as its data. `enrichment` are
    the scopes, a space between, under which the subject's record is asked for as it is sent. `public_key` is there
    where it is signed by Ed25519.

    An `organisation`'s endpoint has personal data for its `purpose` until `covered_until`, in microseconds since 1970:
    later no agreement covers it, and nothing is sent. None: there is no end, or nobody's data is sent.
    At most `in_flight` requests to it are under way, and at most `per_second` begin (None: as it bears), of all
    processes together. None sends before `rests_until`, in microseconds since 1970; where it is `probed`, one of them
    does after that.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        sa.Index("webhook_endpoint_covered", "covered_until", sqlite_where=_BOUNDED, postgresql_where=_BOUNDED),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    types: Mapped[str]
    payload_filter: Mapped[str | None]
    mapping: Mapped[str | None]
    enrichment: Mapped[str | None]
    public_key: Mapped[str | None]
    handshake: Mapped[bool]
    description: Mapped[str]
    status: Mapped[EndpointStatus] = mapped_column(sa.Text, index=True)
    disabled_reason: Mapped[str | None]
    failing_since: Mapped[datetime | None]
    secrets: Mapped[bytes]
    organisation: Mapped[str | None]
    purpose: Mapped[str | None]
    covered_until: Mapped[int | None]
    ordering: Mapped[Ordering] = mapped_column(sa.Text)
    in_flight: Mapped[int]
    per_second: Mapped[int | None]
    subscribed_after: Mapped[int]
    rests_until: Mapped[int | None]
    probed: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def signature(self) -> Literal["hmac", "ed25519"]:
        """With which kind of key it is signed."""
        return "hmac" if self.public_key is None else "ed25519"

    def pause(self) -> None:
        """Hold deliveries back until :meth:`resume`; new ones are queued."""
        self.status = "paused"

    def resume(self) -> None:
        """Send again, with what waited; the count of failing days starts anew."""
        self.status, self.disabled_reason, self.failing_since = "enabled", None, None
        self.rests_until, self.probed = None, False

    def disable(self, reason: str, at: datetime) -> None:
        """Stop: `reason` is gone or failing."""
        self.status, self.disabled_reason = "disabled", reason
        self.touch(at)

    def forget(self, at: datetime) -> None:
        """Delete: what it knew of the partner goes; the id stays, so that its deliveries keep their meaning."""
        self.status, self.url, self.description, self.secrets = "deleted", "", "", b""
        self.touch(at)

    def touch(self, at: datetime) -> None:
        """Note a change: who read it before may not edit it any more (If-Match)."""
        self.version, self.updated_at = self.version + 1, at


class Delivery(Base):
    """One event for one endpoint. A resend is a delivery of its own.

    While `worker` is set, that process sends it; else it is sent once `due_at` has come. Its body is made from the
    feed row at `position` when it is sent. Of those with the same `chain` one at most is pending (see `chains`).
    """

    __tablename__ = "webhook_delivery"

    movement: Mapped[str] = mapped_column(primary_key=True)
    endpoint: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    previous_sequence: Mapped[int | None]
    status: Mapped[DeliveryStatus] = mapped_column(sa.Text)
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    worker: Mapped[str | None]
    resend_of: Mapped[str | None]
    chain: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        # Not endpoint first: PostgreSQL, before its first ANALYZE, would take this index for the primary key's work.
        sa.Index("webhook_delivery_of_event", "movement", "position", "endpoint"),
        # Partial indexes: the many that succeeded at once pass through one of them, briefly, and stay in none.
        sa.Index("webhook_delivery_open", "movement", "endpoint", "status", "id", sqlite_where=_OPEN,
                 postgresql_where=_OPEN),
        sa.Index("webhook_delivery_waiting", "movement", "endpoint", "due_at", sqlite_where=_WAITING,
                 postgresql_where=_WAITING),
        sa.Index("webhook_delivery_chained", "movement", "endpoint", "chain", "status", "position", "id",
                 sqlite_where=_CHAINED, postgresql_where=_CHAINED),
        {"sqlite_with_rowid": False},
    )  # fmt: skip


class Attempt(Base):
    """How one attempt went. `answer` is the first of what the receiver said, sealed: it could be anything."""

    __tablename__ = "webhook_attempt"

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    movement: Mapped[str]
    delivery: Mapped[str]
    at: Mapped[datetime]
    duration_ms: Mapped[int]
    status: Mapped[int | None]
    error: Mapped[str | None]
    answer: Mapped[bytes | None]
    address: Mapped[str | None]

    __table_args__ = (sa.Index("webhook_attempt_of_delivery", "movement", "delivery"),)


class Recovery(Base):
    """A job: deliver again what failed since a position. Its progress is stored with each slice of its work."""

    __tablename__ = "webhook_recovery"

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    endpoint: Mapped[str]
    since: Mapped[datetime]
    reached: Mapped[int]
    through: Mapped[int]
    resent: Mapped[int]
    done: Mapped[bool]
    created_at: Mapped[datetime]

    __table_args__ = (sa.Index("webhook_recovery_open", "id", sqlite_where=sa.text("NOT done"),
                               postgresql_where=sa.text("NOT done")),)  # fmt: skip


class Sending(Base):
    """A process that sends. Past `until` it is taken for dead, and its deliveries are sent by others."""

    __tablename__ = "webhook_worker"

    id: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
