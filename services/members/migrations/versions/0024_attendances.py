"""Attendances: who came to the slots of gatherings."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "attendances",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("gathering", sa.Text, nullable=False),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("people", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("booking", sa.Text),
        sa.Column("activity", sa.Text),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        sa.ForeignKeyConstraint(["movement", "slot"], ["gathering_slots.movement", "gathering_slots.id"]),
        sa.CheckConstraint("person IS NOT NULL OR status = 'attended'", name="attendances_nameless_came"),
    )
    op.create_index("attendances_by_slot", "attendances", ["movement", "slot", "person"])
    op.create_index("attendances_by_gathering", "attendances", ["movement", "gathering", "id"])
    op.create_index("attendances_by_person", "attendances", ["movement", "person", "id"])
