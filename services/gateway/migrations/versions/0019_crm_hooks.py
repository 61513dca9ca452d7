"""What CRMs tell us: the hooks at which they call, what came in, and what a person has to settle."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_PENDING = sa.text("state = 'pending'")
_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Create the tables; nothing of those who are linked already waits for anybody."""
    op.add_column("crm_link", sa.Column("held", sa.JSON, nullable=False, server_default="[]"))
    op.create_table(
        "crm_hook",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("connection", sa.Text, primary_key=True),
        sa.Column("scheme", sa.Text, nullable=False),
        sa.Column("keys", sa.LargeBinary, nullable=False),
        sa.Column("records", sa.Text, nullable=False),
        sa.Column("record_id", sa.Text, nullable=False),
        sa.Column("deleted", sa.Text, nullable=False),
        sa.Column("refusals", sa.Text, nullable=False),
        sa.Column("basis", sa.Text),
        sa.Column("reads", sa.Boolean, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Index("crm_hook_called", "connection"),
    )
    op.create_table(
        "crm_message",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("connection", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("person", sa.Text),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("said", sa.LargeBinary),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.UniqueConstraint("movement", "connection", "key", name="crm_message_once"),
        sa.Index("crm_message_of_connection", "movement", "connection", "id"),
        sa.Index("crm_message_of_record", "movement", "connection", "record", "id"),
        sa.Index("crm_message_due", "due_at", sqlite_where=_PENDING, postgresql_where=_PENDING),
        sa.Index("crm_message_received", "received_at"),
    )
    op.create_table(
        "crm_conflict",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("connection", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("said", sa.LargeBinary),
        sa.Column("settled_by", sa.Text),
        sa.Column("raised_at", sa.BigInteger, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Index("crm_conflict_of_connection", "movement", "connection", "id"),
        sa.Index(
            "crm_conflict_open",
            "movement",
            "connection",
            "record",
            "field",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.Index("crm_conflict_raised", "raised_at"),
    )
