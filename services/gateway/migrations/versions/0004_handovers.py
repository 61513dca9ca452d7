"""Who a user is among the movement's people, and handovers: whose access ended, and whether members was told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Two columns of the user, and one table."""
    op.add_column("user_account", sa.Column("person", sa.Text))
    op.add_column("user_account", sa.Column("handover", sa.Text))
    op.create_index("user_account_of_person", "user_account", ["movement", "person"])
    op.create_index("user_account_of_handover", "user_account", ["movement", "handover"])
    op.create_table(
        "handover",
        sa.Column("movement", sa.Text, sa.ForeignKey("movement.id"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text),
        sa.Column("caretaker", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("leaving_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("begun_by", sa.Text, nullable=False),
        sa.Column("access_ended_at", sa.BigInteger, nullable=False),
        sa.Column("sessions_ended", sa.BigInteger, nullable=False),
        sa.Column("keys_ended", sa.JSON, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger),
        sa.Column("trouble", sa.Text),
        sa.Column("handed_over_at", sa.BigInteger),
    )
    op.create_index(
        "handover_pending",
        "handover",
        ["next_attempt_at"],
        sqlite_where=sa.text("next_attempt_at IS NOT NULL"),
        postgresql_where=sa.text("next_attempt_at IS NOT NULL"),
    )
