"""An endpoint that rests does so for every process that sends, and one of them has the probe."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add until when, and whether it only gets a probe after that. Who rests now is found out once more."""
    op.add_column("webhook_endpoint", sa.Column("rests_until", sa.BigInteger))
    op.add_column("webhook_endpoint", sa.Column("probed", sa.Boolean, nullable=False, server_default=sa.false()))
