"""In which order an endpoint is sent, how fast, and which deliveries go one after another."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_CHAINED = sa.text("chain IS NOT NULL AND (status = 'pending' OR status = 'behind')")


def upgrade() -> None:
    """Add the columns: what there is has been sent in parallel, sixteen at once."""
    op.add_column("webhook_endpoint", sa.Column("ordering", sa.Text, nullable=False, server_default="parallel"))
    op.add_column("webhook_endpoint", sa.Column("in_flight", sa.BigInteger, nullable=False, server_default="16"))
    op.add_column("webhook_endpoint", sa.Column("per_second", sa.BigInteger))
    op.add_column("webhook_delivery", sa.Column("chain", sa.Text))
    op.create_index(
        "webhook_delivery_chained",
        "webhook_delivery",
        ["movement", "endpoint", "chain", "status", "position", "id"],
        sqlite_where=_CHAINED,
        postgresql_where=_CHAINED,
    )
