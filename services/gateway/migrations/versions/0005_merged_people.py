"""Which ids of people turned out to be of one person."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "merged_person",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("merged", sa.Text, primary_key=True),
        sa.Column("into", sa.Text, nullable=False),
    )
    op.create_index("merged_person_into", "merged_person", ["movement", "into"])
