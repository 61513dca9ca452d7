"""What obeys a stop elsewhere answers later: by when, and whether it was announced that it is late."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    """Whatever obeyed so far did so at once, and so in time."""
    op.add_column("stop_receipts", sa.Column("due_at", sa.BigInteger, nullable=True))
    op.execute("UPDATE stop_receipts SET due_at = obeyed_at")
    with op.batch_alter_table("stop_receipts") as receipts:
        receipts.alter_column("due_at", existing_type=sa.BigInteger, nullable=False)
        receipts.alter_column("ended", existing_type=sa.BigInteger, nullable=True)
        receipts.alter_column("obeyed_at", existing_type=sa.BigInteger, nullable=True)
        receipts.add_column(sa.Column("late_at", sa.BigInteger, nullable=True))
    waiting = sa.text("obeyed_at IS NULL")
    op.create_index(
        "stop_receipts_waiting", "stop_receipts", ["due_at"], sqlite_where=waiting, postgresql_where=waiting
    )
