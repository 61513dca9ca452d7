"""Duplicates: rules, how far the search is, its keys and what it found, and who is said not to be double."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "duplicate_rules",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("noun", sa.Text, primary_key=True),
        sa.Column("weights", sa.JSON, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "duplicate_searches",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("noun", sa.Text, primary_key=True),
        sa.Column("up_to", sa.BigInteger, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "match_keys",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("record", sa.Text, primary_key=True),
    )
    op.create_index("match_keys_by_record", "match_keys", ["movement", "record"])
    op.create_table(
        "duplicate_candidates",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("one", sa.Text, primary_key=True),
        sa.Column("other", sa.Text, primary_key=True),
        sa.Column("noun", sa.Text, nullable=False),
        sa.Column("score", sa.BigInteger, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
    )
    op.create_index(
        "duplicate_candidates_by_score", "duplicate_candidates", ["movement", "noun", "score", "one", "other"]
    )
    op.create_index("duplicate_candidates_by_other", "duplicate_candidates", ["movement", "other"])
    _create_not_same("people", "person")
    _create_not_same("organisations", "organisation")


def _create_not_same(table: str, record: str) -> None:
    op.create_table(
        f"not_same_{table}",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column(record, sa.Text, primary_key=True),
        sa.Column(f"other_{record}", sa.Text, primary_key=True),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("said_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", record], [f"{table}.movement", f"{table}.id"]),
        sa.ForeignKeyConstraint(["movement", f"other_{record}"], [f"{table}.movement", f"{table}.id"]),
        sa.CheckConstraint(f"{record} <> other_{record}", name=f"not_same_{table}_are_two"),
    )
    op.create_index(f"not_same_{table}_by_other", f"not_same_{table}", ["movement", f"other_{record}"])
