"""Who has or had a place in which organisation, and which ids of organisations are one's."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "staff_member",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
    )
    op.create_table(
        "merged_organisation",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("merged", sa.Text, primary_key=True),
        sa.Column("into", sa.Text, nullable=False),
    )
    op.create_index("merged_organisation_into", "merged_organisation", ["movement", "into"])
