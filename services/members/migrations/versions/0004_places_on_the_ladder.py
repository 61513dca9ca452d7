"""Who has no rung is decided and remembered, whatever else happens; memberships can be edited."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _create_ladder_decisions()
    with op.batch_alter_table("rung_changes") as changes:
        changes.alter_column("to_rung", existing_type=sa.Text, nullable=True)
    _extend_memberships()


def _create_ladder_decisions() -> None:
    op.create_table(
        "ladder_decisions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("decided", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("ended_by", sa.Text),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("ladder_decisions_by_person", "ladder_decisions", ["movement", "person", "at"])


def _extend_memberships() -> None:
    with op.batch_alter_table("memberships") as memberships:
        memberships.add_column(sa.Column("confirmed_rung", sa.Text))
        memberships.add_column(sa.Column("declined_rung", sa.Text))
        memberships.add_column(sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()))
        memberships.add_column(sa.Column("off_ladder", sa.Boolean, nullable=False, server_default=sa.false()))
        memberships.add_column(sa.Column("version", sa.BigInteger, nullable=False, server_default="1"))
        memberships.add_column(sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE memberships SET updated_at = joined_at, off_ladder = (rung IS NULL)")
    op.execute("UPDATE memberships SET confirmed_rung = rung WHERE rung IN ('champion', 'co_owner')")
    with op.batch_alter_table("memberships") as memberships:
        for column, kind in (("held", sa.Boolean()), ("off_ladder", sa.Boolean())):
            memberships.alter_column(column, existing_type=kind, server_default=None)
        for column in ("version", "updated_at"):
            memberships.alter_column(column, existing_type=sa.BigInteger(), server_default=None)
        memberships.create_check_constraint(
            "memberships_off_ladder_without_rung",
            "NOT off_ladder OR (rung IS NULL AND computed_rung IS NULL)",
        )
