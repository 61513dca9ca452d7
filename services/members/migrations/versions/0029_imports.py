"""Imports of people: where files came from, whom they hide until they are revealed; and a person's words by person."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "people_imports",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("notice", sa.Text),
        sa.Column("notice_version", sa.Text),
        sa.Column("notice_language", sa.Text),
        sa.Column("notice_given_on", sa.Date),
        sa.Column("dry_run", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("revealed_at", sa.BigInteger),
    )
    op.add_column("people", sa.Column("hidden_by", sa.Text))
    op.create_index(
        "people_hidden",
        "people",
        ["movement", "hidden_by", "id"],
        sqlite_where=sa.text("hidden_by IS NOT NULL"),
        postgresql_where=sa.text("hidden_by IS NOT NULL"),
    )
    op.create_index("person_name_words_by_person", "person_name_words", ["movement", "person"])
