"""Staff time that organisations give to the work of the backbone."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"


def upgrade() -> None:
    op.create_table(
        "staff_time",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("work", sa.Text, nullable=False),
        sa.Column("minutes", sa.BigInteger, nullable=False),
        sa.Column("what", sa.Text),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "organisation"], ["organisations.movement", "organisations.id"]),
        sa.CheckConstraint("minutes > 0", name="staff_time_is_some"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on > starts_on", name="staff_time_in_order"),
    )
    op.create_index("staff_time_by_organisation", "staff_time", ["movement", "organisation"])
