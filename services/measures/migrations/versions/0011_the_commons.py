"""The commons: where measures come from, the steps of a version before it is published, comments, and the glossary."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("measures", sa.Column("origin", sa.Text))
    op.add_column("measures", sa.Column("forked_from", sa.Text))
    op.add_column("measures", sa.Column("version", sa.BigInteger, nullable=False, server_default="1"))
    op.add_column("measures", sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE measures SET updated_at = created_at")
    op.add_column("measure_versions", sa.Column("consult_until", sa.Text))
    op.add_column("measure_versions", sa.Column("reason", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "definition_comments",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("measure_version", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("taken_up", sa.Boolean),
        *_edited(),
        sa.ForeignKeyConstraint(
            ["movement", "measure_version"], [f"measure_versions.{key}" for key in ("movement", "id")]
        ),
    )
    op.create_index("definition_comments_by_version", "definition_comments", ["movement", "measure_version", "id"])
    op.create_table(
        "glossary_words",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("meaning", sa.Text, nullable=False),
        sa.Column("used_otherwise", sa.JSON, nullable=False),
        sa.Column("measure_versions", sa.JSON, nullable=False),
        *_edited(),
        sa.UniqueConstraint("movement", "folded"),
    )


def _edited() -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in ("version", "created_at", "updated_at")]
