"""The table of what a service was asked to erase and has not answered for yet."""

import sqlalchemy as sa

from shared.db.infrastructure import Migrating

metadata = sa.MetaData()

erasure_tasks = sa.Table(
    "erasure_tasks",
    metadata,
    sa.Column("movement", sa.Text, primary_key=True),
    sa.Column("erasure", sa.Text, primary_key=True),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.BigInteger, nullable=False),
    sa.Column("records", sa.BigInteger, nullable=False, server_default="0"),
    sa.Index("erasure_tasks_due", "due_at"),
)


def create(op: Migrating) -> None:
    """Create it as it was at first: a service's migration calls this. A later change is a migration of its own."""
    first = sa.MetaData()
    sa.Table(
        "erasure_tasks",
        first,
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("erasure", sa.Text, primary_key=True),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Index("erasure_tasks_due", "due_at"),
    )
    first.create_all(op.get_bind(), checkfirst=False)
