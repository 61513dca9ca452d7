"""Who said stop, of whom no other organisation is sent anything; and until when who has a place in which."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables. That a place known so far has an end was not told: it has none."""
    op.create_table(
        "stopped_person",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("allowed", sa.Text, nullable=False),
    )
    op.create_table(
        "staff_place",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("affiliation", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("until", sa.Date, nullable=True),
    )
    op.create_index("staff_place_of_organisation", "staff_place", ["movement", "organisation", "person"])
    op.execute(
        "INSERT INTO staff_place (movement, affiliation, person, organisation)"
        " SELECT movement, organisation, person, organisation FROM staff_member"
    )
    op.drop_table("staff_member")
