"""When it was forgotten who applied in vain."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("applications", sa.Column("forgotten_at", sa.BigInteger))
