"""Dates of birth are found by their age band, so that whoever outgrew theirs is."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    there = sa.text("date_of_birth IS NOT NULL")
    op.create_index(
        "people_by_birth", "people", ["age_band", "date_of_birth"], sqlite_where=there, postgresql_where=there
    )
