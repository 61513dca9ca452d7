"""Nominations of champions."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "nominations",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("nominee", sa.Text, nullable=False),
        sa.Column("giver", sa.Text),
        sa.Column("words", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("given_at", sa.BigInteger, nullable=False),
        sa.Column("answered_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_index("nominations_by_nominee", "nominations", ["movement", "nominee", "id"])
    op.create_index("nominations_by_giver", "nominations", ["movement", "giver"])
    live = sa.text("state IN ('given', 'accepted')")
    op.create_index(
        "nominations_expiring", "nominations", ["movement", "expires_on"], sqlite_where=live, postgresql_where=live
    )
