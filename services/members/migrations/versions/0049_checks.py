"""Checks, sealed, and what a movement's roles may ask."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.create_table(
        "checks",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "check_roles",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, primary_key=True),
        sa.Column("jurisdiction", sa.Text, primary_key=True),
        sa.Column("acts", sa.JSON, nullable=False),
        sa.Column("asks", sa.Text),
        sa.Column("at_most", sa.Text),
        sa.Column("eligibility", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("renew_days", sa.BigInteger),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
