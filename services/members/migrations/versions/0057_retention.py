"""The retention rules that movements settle, what is held back, the runs, and who stands in for whom meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    op.create_table(
        "retention_rules",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("version", "months", "days")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("after", "action", "source")),
        sa.Column("daily", sa.Boolean, nullable=False),
        sa.Column("looked_on", sa.Date),
        sa.Column("settled_by", sa.Text, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "retention_holds",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text) for name in ("person", "kind", "record")),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("placed_by", sa.Text, nullable=False),
        sa.Column("placed_at", sa.BigInteger, nullable=False),
        sa.Column("lifted_by", sa.Text),
        sa.Column("lifted_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        sa.CheckConstraint("person IS NOT NULL OR record IS NOT NULL", "retention_holds_something"),
    )
    op.create_index("retention_holds_by_person", "retention_holds", ["movement", "person"])
    op.create_table(
        "retention_runs",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "state", "after", "action", "source")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("rule_version", "months", "days", "records")),
        sa.Column("cut_off", sa.Date, nullable=False),
        sa.Column("daily", sa.Boolean, nullable=False),
        sa.Column("begun_by", sa.Text, nullable=False),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("held", sa.JSON, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_index(
        "retention_runs_one_at_a_time",
        "retention_runs",
        ["movement"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "retention_stand_ins",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("stand_in", sa.Text, nullable=False),
    )
