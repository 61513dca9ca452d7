"""A copy of the overview's totals, for a rebuild beside the live ones."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "overview_total_copy",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("figure", sa.Text, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("as_of", sa.BigInteger, nullable=False),
    )
