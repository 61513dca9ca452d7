"""Until when somebody had taken a voice up."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    op.add_column("voice_uptakes", sa.Column("until", sa.Date))
