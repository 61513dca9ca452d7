"""The event feed, and the webhooks: endpoints, deliveries, attempts, recoveries, and the processes that send."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_OPEN = sa.text("status <> 'succeeded'")
_WAITING = sa.text("status = 'pending' AND worker IS NULL")
_NOT_DONE = sa.text("NOT done")


def upgrade() -> None:
    _create_feed()
    _create_endpoints()
    _create_deliveries()
    _create_attempts()
    _create_recoveries()
    op.create_table(
        "webhook_worker",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("until", sa.BigInteger, nullable=False),
    )


def _create_feed() -> None:
    op.create_table(
        "feed_head",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "feed_item",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("causation", sa.Text),
        sa.Column("origin", sa.Text),
        sa.Column("traceparent", sa.Text),
        sa.Column("occurred_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Index("feed_item_of_key", "movement", "service", "key", "type", "sequence", unique=True),
        sqlite_with_rowid=False,
    )


def _create_endpoints() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("types", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False, index=True),
        sa.Column("disabled_reason", sa.Text),
        sa.Column("failing_since", sa.BigInteger),
        sa.Column("secrets", sa.LargeBinary, nullable=False),
        sa.Column("subscribed_after", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )


def _create_deliveries() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("endpoint", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("previous_sequence", sa.BigInteger),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("worker", sa.Text),
        sa.Column("resend_of", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Index("webhook_delivery_of_event", "movement", "position", "endpoint"),
        sa.Index(
            "webhook_delivery_open", "movement", "endpoint", "status", "id", sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        sa.Index(
            "webhook_delivery_waiting",
            "movement",
            "endpoint",
            "due_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        sqlite_with_rowid=False,
    )


def _create_attempts() -> None:
    op.create_table(
        "webhook_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("movement", sa.Text, nullable=False),
        sa.Column("delivery", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("duration_ms", sa.BigInteger, nullable=False),
        sa.Column("status", sa.BigInteger),
        sa.Column("error", sa.Text),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("address", sa.Text),
        sa.Index("webhook_attempt_of_delivery", "movement", "delivery"),
    )


def _create_recoveries() -> None:
    op.create_table(
        "webhook_recovery",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("reached", sa.BigInteger, nullable=False),
        sa.Column("through", sa.BigInteger, nullable=False),
        sa.Column("resent", sa.BigInteger, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Index("webhook_recovery_open", "id", sqlite_where=_NOT_DONE, postgresql_where=_NOT_DONE),
    )
