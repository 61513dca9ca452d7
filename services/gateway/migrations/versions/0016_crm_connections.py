"""CRM connections: whom each CRM is still to be told of, what it calls people, and how calls went."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "crm_connection",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("vendor", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("pack_version", sa.BigInteger, nullable=False),
        sa.Column("mapping", sa.Text),
        sa.Column("owners", sa.JSON, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("disabled_reason", sa.Text),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("busy_until", sa.BigInteger, nullable=False),
        sa.Column("resume_at", sa.BigInteger, nullable=False),
        sa.Column("trouble", sa.Text),
        sa.Column("failing_since", sa.BigInteger),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Index("ix_crm_connection_status", "status"),
    )
    op.create_table(
        "crm_waiting",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("connection", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("stuck", sa.Boolean, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Index("crm_waiting_due", "movement", "connection", "stuck", "due_at"),
    )
    op.create_table(
        "crm_link",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("connection", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("agreed", sa.JSON, nullable=False),
        sa.Column("told_at", sa.BigInteger, nullable=False),
        sa.Index("crm_link_of_external_id", "movement", "connection", "external_id"),
    )
    op.create_table(
        "crm_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("movement", sa.Text, nullable=False),
        sa.Column("connection", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("duration_ms", sa.BigInteger, nullable=False),
        sa.Column("status", sa.BigInteger),
        sa.Column("code", sa.Text),
        sa.Index("crm_call_of_connection", "movement", "connection", "id"),
    )
