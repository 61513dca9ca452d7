"""Figures are found by their activity: what an award led to. Most are of none, and cost this index nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    with_one = sa.text("activity <> ''")
    op.create_index(
        "observations_by_activity",
        "observations",
        ["movement", "activity", "version"],
        sqlite_where=with_one,
        postgresql_where=with_one,
    )
