"""Fields that a movement adds to its people and organisations, their values; people by their last edit."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_index("people_by_update", "people", ["movement", "updated_at"])
    op.create_table(
        "custom_fields",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("noun", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("movement", "noun", "key"),
    )
    _create_values("person", of="people")
    _create_values("organisation", of="organisations")


def _create_values(holder: str, *, of: str) -> None:
    table = f"{holder}_custom_values"
    op.create_table(
        table,
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column(holder, sa.Text, primary_key=True),
        sa.Column("text", sa.Text),
        sa.Column("number", sa.Double),
        sa.Column("day", sa.Date),
        sa.Column("yes", sa.Boolean),
        sa.ForeignKeyConstraint(["movement", holder], [f"{of}.movement", f"{of}.id"]),
    )
    op.create_index(f"{table}_by_{holder}", table, ["movement", holder])
