"""The movements' time zones, as the gateway announces them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "movement_zones",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("time_zone", sa.Text, nullable=False),
    )
