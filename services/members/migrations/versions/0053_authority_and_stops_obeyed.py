"""By what authority somebody decides and until when, and what each part ended for a stop."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    op.add_column("permissions", sa.Column("authority", sa.Text, nullable=False, server_default="self"))
    for name in ("given_by", "given_by_name", "evidence"):
        op.add_column("permissions", sa.Column(name, sa.Text))
    op.add_column("permissions", sa.Column("consulted", sa.JSON, nullable=False, server_default="[]"))
    for name in ("capacity_assessed_on", "said_on", "holds_from", "review_on"):
        op.add_column("permissions", sa.Column(name, sa.Date))
    op.add_column("permissions", sa.Column("takes_back", sa.Text))
    op.create_table(
        "stop_receipts",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("stop", sa.Text, primary_key=True),
        sa.Column("part", sa.Text, primary_key=True),
        sa.Column("ended", sa.BigInteger, nullable=False),
        sa.Column("obeyed_at", sa.BigInteger, nullable=False),
    )
