"""People whose data rests, and the purposes that they object to."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "restrictions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("request", sa.Text),
        sa.Column("why", sa.Text),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("begun_by", sa.Text, nullable=False),
        sa.Column("told_on", sa.Date),
        sa.Column("why_lifted", sa.Text),
        sa.Column("lifted_at", sa.BigInteger),
        sa.Column("lifted_by", sa.Text),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("restrictions_by_person", "restrictions", ["movement", "person", "id"])
    op.create_table(
        "objections",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("request", sa.Text),
        sa.Column("words", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("raised_at", sa.BigInteger, nullable=False),
        sa.Column("raised_by", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("told_on", sa.Date),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("objections_by_person", "objections", ["movement", "person", "id"])
    op.create_index("objections_by_purpose", "objections", ["movement", "purpose", "person"])
