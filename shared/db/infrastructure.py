"""The tables that every service keeps beside its own: outbox, relay lease, inbox, cursors, parked keys, answers."""

from typing import Protocol

import sqlalchemy as sa

metadata = sa.MetaData()

outbox = sa.Table(
    "outbox",
    metadata,
    # AUTOINCREMENT: rows are deleted after their retention, and a reused id would hide an event from the relay.
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.Text, nullable=False, unique=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("movement", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("causation", sa.Text),
    sa.Column("origin", sa.Text),
    sa.Column("traceparent", sa.Text),
    sa.Column("occurred_at", sa.BigInteger, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("published_at", sa.BigInteger),
    sa.UniqueConstraint("key", "sequence"),
    sa.Index("outbox_unpublished", "id", sqlite_where=sa.text("published_at IS NULL"),
             postgresql_where=sa.text("published_at IS NULL")),
    sqlite_autoincrement=True,
)  # fmt: skip

outbox_sequence = sa.Table(
    "outbox_sequence",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
)

relay_lease = sa.Table(
    "relay_lease",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("until", sa.BigInteger, nullable=False),
)

consumer_cursor = sa.Table(
    "consumer_cursor",
    metadata,
    sa.Column("consumer", sa.Text, primary_key=True),
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("consumer", sa.Text, primary_key=True),
    sa.Column("service", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("movement", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

parked_key = sa.Table(
    "parked_key",
    metadata,
    sa.Column("consumer", sa.Text, primary_key=True),
    sa.Column("service", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("movement", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("parked_at", sa.BigInteger, nullable=False),
)

parked_event = sa.Table(
    "parked_event",
    metadata,
    sa.Column("consumer", sa.Text, primary_key=True),
    sa.Column("service", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("sequence", sa.BigInteger, primary_key=True),
    sa.Column("headers", sa.LargeBinary, nullable=False),
    sa.Column("value", sa.LargeBinary, nullable=False),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("movement", sa.Text, primary_key=True),
    sa.Column("principal", sa.Text, primary_key=True),
    sa.Column("route", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("answer", sa.LargeBinary, nullable=False),
    sa.Column("subjects", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False, index=True),
)


class Migrating(Protocol):
    """What is needed of ``alembic.op``."""

    def get_bind(self) -> sa.Connection: ...


def create(op: Migrating) -> None:
    """Create them all: a service's first migration calls this. A later change to one is a migration of its own."""
    metadata.create_all(op.get_bind(), checkfirst=False)
