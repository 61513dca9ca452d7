"""What an endpoint is sent of each event, and with which kind of key that is signed."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the columns: what there is takes whole events as they are, signed by HMAC, and nobody was asked."""
    for column in ("payload_filter", "mapping", "enrichment", "public_key"):
        op.add_column("webhook_endpoint", sa.Column(column, sa.Text))
    op.add_column("webhook_endpoint", sa.Column("handshake", sa.Boolean, nullable=False, server_default=sa.false()))
