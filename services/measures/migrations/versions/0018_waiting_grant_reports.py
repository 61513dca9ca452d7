"""Reports of awards that grants accepted, whose figures and stories wait to be taken."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "waiting_grant_reports",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("report", sa.Text, primary_key=True),
        sa.Column("award", sa.Text, nullable=False),
        sa.Column("causation", sa.Text, nullable=False),
        sa.Column("traceparent", sa.Text),
        sa.Column("accepted_at", sa.BigInteger, nullable=False),
    )
