"""Every version of what people are told about their data, and who was given which."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "version", "language", "address")),
        sa.Column("published_on", sa.Date, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("movement", "name", "version", "language"),
    )
    op.create_table(
        "given_notices",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("person", "name", "version", "language", "channel")),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("given_notices_by_person", "given_notices", ["movement", "person", "given_on"])
