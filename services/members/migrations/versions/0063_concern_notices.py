"""Concerns of which the lead is still to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "concern_notices",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("concern", sa.Text, primary_key=True),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
    )
