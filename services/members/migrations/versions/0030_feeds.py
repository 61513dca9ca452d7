"""Calendars at secret addresses, and what the open feed of sessions has listed."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("label", sa.Text),
        sa.Column("person", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
        sa.UniqueConstraint("movement", "digest"),
    )
    op.create_index("calendar_feeds_by_person", "calendar_feeds", ["movement", "person"])
    op.create_table(
        "listed_sessions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("slot", sa.Text, primary_key=True),
        sa.Column("modified", sa.BigInteger, nullable=False),
        sa.Column("live", sa.Boolean, nullable=False),
        sa.UniqueConstraint("movement", "modified"),
    )
    op.create_table(
        "listing_heads",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("modified", sa.BigInteger, nullable=False),
    )
