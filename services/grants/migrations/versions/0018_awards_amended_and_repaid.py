"""What was done with awards and why, and what groups are asked to pay back."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "award_changes",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("award_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint("kind IN ('amended', 'held', 'released', 'cancelled')", name="award_changes_known_kind"),
    )
    op.create_index("award_changes_by_award", "award_changes", ["movement", "award_id", "id"])
    op.create_table(
        "repayments",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("award_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("pence", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("written_off", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("requested_at", sa.BigInteger, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint(
            "0 < pence AND 0 <= received AND 0 <= written_off AND received + written_off <= pence",
            name="repayments_add_up",
        ),
        sa.CheckConstraint("kind IN ('cancelled', 'underspent')", name="repayments_known_kind"),
        sa.CheckConstraint("(written_off > 0) = (reason IS NOT NULL)", name="repayments_written_off_for_a_reason"),
    )
    op.create_index("repayments_by_award", "repayments", ["movement", "award_id", "id"])
