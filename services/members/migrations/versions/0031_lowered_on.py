"""When a review last lowered what was computed of somebody: then something late may change more than a count says."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("memberships", sa.Column("lowered_on", sa.Date))
