"""What of a contribution was moved to another fund, for it was not spent in time."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("contributions", sa.Column("moved", sa.BigInteger, nullable=False, server_default="0"))
    with op.batch_alter_table("contributions") as contributions:
        contributions.alter_column("moved", server_default=None)
        contributions.add_column(sa.Column("moved_from", sa.Text))
        contributions.create_foreign_key(
            "contributions_moved_from", "contributions", ["movement", "moved_from"], ["movement", "id"]
        )
        contributions.drop_constraint("contributions_cleared_as_promised", type_="check")
        contributions.create_check_constraint(
            "contributions_cleared_as_promised",
            "0 <= cleared AND 0 <= fees AND 0 <= returned AND 0 <= moved"
            " AND cleared + fees + returned + moved <= promised",
        )
