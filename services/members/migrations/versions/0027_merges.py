"""Merges: what became what, the steps that it took, and whose turn it is."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "merges",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("merged", sa.Text, nullable=False),
        sa.Column("survivor", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("merged_by", sa.Text, nullable=False),
        sa.Column("merged_at", sa.BigInteger, nullable=False),
        sa.Column("undone_by", sa.Text),
        sa.Column("undone_at", sa.BigInteger),
        sa.UniqueConstraint("movement", "number"),
    )
    op.create_index("merges_by_survivor", "merges", ["movement", "survivor"])
    op.create_index(
        "merges_one_live",
        "merges",
        ["movement", "merged"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_table(
        "merge_steps",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("merge", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["movement", "merge"], ["merges.movement", "merges.id"]),
    )
    op.create_table(
        "merge_neighbours",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("merge", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, primary_key=True),
        sa.ForeignKeyConstraint(["movement", "merge"], ["merges.movement", "merges.id"]),
    )
    op.create_table(
        "merge_turns",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("taken", sa.BigInteger, nullable=False),
    )
