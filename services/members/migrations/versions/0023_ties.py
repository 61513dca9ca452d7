"""Who works with whom."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Create the table of ties."""
    op.create_table(
        "ties",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("first_person", sa.Text),
        sa.Column("first_organisation", sa.Text),
        sa.Column("second_person", sa.Text),
        sa.Column("second_organisation", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("strength", sa.Text),
        sa.Column("visibility", sa.Text, nullable=False),
        sa.Column("circle", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("declared_by", sa.Text, nullable=False),
        sa.Column("declared_at", sa.BigInteger, nullable=False),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", sa.BigInteger),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "first_organisation"], ["organisations.movement", "organisations.id"]),
        sa.ForeignKeyConstraint(["movement", "second_organisation"], ["organisations.movement", "organisations.id"]),
        sa.ForeignKeyConstraint(["movement", "circle"], ["circles.movement", "circles.id"]),
        sa.CheckConstraint(
            "(first_person IS NULL) <> (first_organisation IS NULL)"
            " AND (second_person IS NULL) <> (second_organisation IS NULL)",
            name="ties_have_two_sides",
        ),
    )
    for side in ("first_person", "second_person", "first_organisation", "second_organisation"):
        op.create_index(f"ties_by_{side}", "ties", ["movement", side])
    op.create_index("ties_by_day", "ties", ["movement", "state", "since"])
