"""How often a key may ask, and how often it has, as the replicas tell one another."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add what keys have of their own, and create the table."""
    op.add_column("api_key", sa.Column("per_minute", sa.BigInteger))
    op.add_column("api_key", sa.Column("per_day", sa.BigInteger))
    op.create_table(
        "rate_window",
        sa.Column("caller", sa.Text, primary_key=True),
        sa.Column("seconds", sa.BigInteger, primary_key=True),
        sa.Column("starts", sa.BigInteger, primary_key=True),
        sa.Column("used", sa.BigInteger, nullable=False),
        sa.Index("rate_window_starts", "starts"),
    )
