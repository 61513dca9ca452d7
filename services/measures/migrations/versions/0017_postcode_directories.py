"""Editions of postcode directories, and the areas of their postcodes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "postcode_directories",
        sa.Column("edition", sa.Text, primary_key=True),
        sa.Column("job", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("postcodes", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("loaded_at", sa.BigInteger),
    )
    op.create_table(
        "postcodes",
        sa.Column("edition", sa.Text, primary_key=True),
        sa.Column("postcode", sa.Text, primary_key=True),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("ended", sa.Text),
    )
