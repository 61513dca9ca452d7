"""Frameworks and what each of their versions says."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "frameworks",
        sa.Column("movement", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("movement", "key"),
        sa.UniqueConstraint("movement", "id"),
    )
    op.create_table(
        "framework_versions",
        sa.Column("movement", sa.Text, nullable=False),
        sa.Column("framework", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("movement", "framework", "version"),
        sa.ForeignKeyConstraint(["movement", "framework"], ["frameworks.movement", "frameworks.key"]),
    )
