"""What people say of their capacity, and with whom they share it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "capacities",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("until", sa.Date),
        sa.Column("told_us_on", sa.Date),
        sa.Column("said_at", sa.BigInteger, nullable=False),
    )
    op.create_index("capacities_by_person", "capacities", ["movement", "person", "id"])
    op.create_table(
        "capacity_shares",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("capacity", sa.Text, nullable=False),
        sa.Column("shared_with", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["movement", "capacity"], ["capacities.movement", "capacities.id"]),
    )
    op.create_index("capacity_shares_by_capacity", "capacity_shares", ["movement", "capacity"])
