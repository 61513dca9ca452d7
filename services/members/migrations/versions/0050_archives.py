"""Archives of what is kept of somebody: what was gathered, the passages to look at, and the finished file."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    op.create_table(
        "access_archives",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("gathered_at", sa.BigInteger),
        sa.Column("released_by", sa.Text),
        sa.Column("released_at", sa.BigInteger),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("access_archives_by_person", "access_archives", ["movement", "person", "id"])
    op.create_index("access_archives_by_end", "access_archives", ["state", "expires_at"])
    _of_archive("archive_parts")
    _of_archive(
        "archive_passages",
        sa.Column("section", sa.BigInteger, nullable=False),
        sa.Column("row", sa.BigInteger, nullable=False),
        sa.Column("column", sa.BigInteger, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.BigInteger),
    )
    _of_archive("archive_pieces")


def _of_archive(table: str, *columns: "sa.Column[object]") -> None:
    op.create_table(
        table,
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("archive", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["movement", "archive"], ["access_archives.movement", "access_archives.id"]),
    )
