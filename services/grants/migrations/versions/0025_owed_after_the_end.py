"""What came back from the bank after an award had ended is owed; and why a round was called off."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

_RETURNED = sa.text(
    "UPDATE awards SET owed = committed - paid + (SELECT coalesce(sum(received), 0) FROM repayments"
    " WHERE repayments.movement = awards.movement AND repayments.award_id = awards.id)"
    " WHERE state IN ('closed', 'cancelled')"
)


def upgrade() -> None:
    op.add_column("rounds", sa.Column("cancelled_because", sa.Text))
    op.add_column("awards", sa.Column("owed", sa.BigInteger, nullable=False, server_default="0"))
    op.execute(_RETURNED)
    with op.batch_alter_table("awards") as awards:
        awards.alter_column("owed", server_default=None)
        awards.create_check_constraint("awards_owe_what_came_back", "0 <= owed AND paying + owed <= amount")
    with op.batch_alter_table("award_changes") as changes:
        changes.drop_constraint("award_changes_known_kind", type_="check")
        changes.create_check_constraint(
            "award_changes_known_kind", "kind IN ('amended', 'held', 'released', 'cancelled', 'let_go')"
        )
    op.add_column("repayments", sa.Column("withdrawn", sa.BigInteger, nullable=False, server_default="0"))
    with op.batch_alter_table("repayments") as repayments:
        repayments.alter_column("withdrawn", server_default=None)
        repayments.drop_constraint("repayments_add_up", type_="check")
        repayments.create_check_constraint(
            "repayments_add_up",
            "0 < pence AND 0 <= received AND 0 <= written_off AND 0 <= withdrawn"
            " AND received + written_off + withdrawn <= pence",
        )
