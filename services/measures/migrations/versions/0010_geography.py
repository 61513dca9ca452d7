"""In what places lie, by several hierarchies and over time, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("places_parent", "places", ["parent"])
    op.create_table(
        "place_parents",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("hierarchy", sa.Text, primary_key=True),
        sa.Column("valid_from", sa.Text, primary_key=True),
        sa.Column("parent", sa.Text, nullable=False, index=True),
        sa.Column("valid_to", sa.Text),
    )
    op.create_table(
        "place_changes",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("on", sa.Text, primary_key=True),
        sa.Column("to", sa.Text, primary_key=True, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("weight", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )
