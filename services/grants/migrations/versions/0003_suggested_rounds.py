"""Rounds that people's unmet wishes suggest, the fund that takes them, and drafts that are edited by version."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_CHOSEN = sa.text("takes_suggestions")
_DRAFTED = sa.text("suggestion IS NOT NULL")


def upgrade() -> None:
    op.add_column("funds", sa.Column("takes_suggestions", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index(
        "funds_one_takes_suggestions", "funds", ["movement"],
        unique=True, sqlite_where=_CHOSEN, postgresql_where=_CHOSEN,
    )  # fmt: skip
    op.add_column("rounds", sa.Column("version", sa.BigInteger, nullable=False, server_default="1"))
    op.add_column("rounds", sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE rounds SET updated_at = created_at")
    op.add_column("rounds", sa.Column("suggestion", sa.Text))
    op.create_index(
        "rounds_one_a_suggestion", "rounds", ["movement", "suggestion"],
        unique=True, sqlite_where=_DRAFTED, postgresql_where=_DRAFTED,
    )  # fmt: skip
    op.create_table(
        "round_suggestions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("wishes", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("causation", sa.Text, nullable=False),
        sa.Column("traceparent", sa.Text),
        sa.Column("suggested_at", sa.BigInteger, nullable=False),
    )
