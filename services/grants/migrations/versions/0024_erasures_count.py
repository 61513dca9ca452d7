"""An erasure that is being carried out keeps how many records it has erased: the receipt tells it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("erasure_tasks", sa.Column("records", sa.BigInteger, nullable=False, server_default="0"))
