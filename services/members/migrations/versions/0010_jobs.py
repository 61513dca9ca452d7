"""Jobs: long work that is done in slices, with its faults and its files."""

from alembic import op

from shared.jobs import tables

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    tables.create(op)
