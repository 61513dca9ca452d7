"""Whose data rests, and who refused to what purpose it is shared for."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "sharing_bar",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("because", sa.Text, primary_key=True),
    )
