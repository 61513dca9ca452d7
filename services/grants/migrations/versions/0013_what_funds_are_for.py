"""What funds are for, until when, and what becomes of the rest; what left contributions otherwise than by awards."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_ANYTHING = '{"places": [], "kinds": [], "themes": []}'


def upgrade() -> None:
    op.add_column("funds", sa.Column("programme", sa.Text))
    op.add_column("funds", sa.Column("stage", sa.Text, nullable=False, server_default="early"))
    op.add_column("funds", sa.Column("restrictions", sa.JSON, nullable=False, server_default=_ANYTHING))
    op.add_column("funds", sa.Column("spend_by", sa.Date))
    op.add_column("funds", sa.Column("underspend_rule", sa.Text))
    op.add_column("funds", sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("funds", sa.Column("version", sa.BigInteger, nullable=False, server_default="1"))
    op.execute("UPDATE funds SET updated_at = created_at")
    with op.batch_alter_table("contributions") as contributions:
        contributions.add_column(sa.Column("funder_organisation", sa.Text))
        contributions.add_column(sa.Column("fits", sa.JSON, nullable=False, server_default=_ANYTHING))
        contributions.add_column(sa.Column("fee_allowed", sa.Boolean, nullable=False, server_default=sa.false()))
        contributions.add_column(sa.Column("fees", sa.BigInteger, nullable=False, server_default="0"))
        contributions.add_column(sa.Column("returned", sa.BigInteger, nullable=False, server_default="0"))
        contributions.drop_constraint("contributions_cleared_as_promised", type_="check")
        contributions.create_check_constraint(
            "contributions_cleared_as_promised",
            "0 <= cleared AND 0 <= fees AND 0 <= returned AND cleared + fees + returned <= promised",
        )
    op.execute(sa.text("UPDATE contributions SET fee_allowed = true WHERE restriction IS NULL"))
