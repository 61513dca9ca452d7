"""The time bank: its terms, and the transfers that every balance is the sum of."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"

_SIDES = ("helper_person", "helped_person", "helper_organisation", "helped_organisation")


def upgrade() -> None:
    op.create_table(
        "time_banks",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("lowest", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint("lowest <= 0", name="time_banks_lend"),
    )
    op.create_table(
        "time_transfers",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(side, sa.Text) for side in _SIDES),
        sa.Column("minutes", sa.BigInteger, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("reverses", sa.Text),
        sa.Column("why", sa.Text),
        sa.Column("activity", sa.Text),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        *(
            sa.ForeignKeyConstraint(["movement", side], ["organisations.movement", "organisations.id"])
            for side in _SIDES[2:]
        ),
        sa.ForeignKeyConstraint(["movement", "reverses"], ["time_transfers.movement", "time_transfers.id"]),
        sa.UniqueConstraint("movement", "reverses"),
        sa.CheckConstraint("minutes > 0", name="time_transfers_of_some_time"),
        sa.CheckConstraint("(helper_person IS NULL) <> (helper_organisation IS NULL)", name="time_transfers_one_helps"),
        sa.CheckConstraint(
            "(helped_person IS NULL) <> (helped_organisation IS NULL)", name="time_transfers_one_is_helped"
        ),
        sa.CheckConstraint("(reverses IS NULL) = (why IS NULL)", name="time_transfers_reversed_with_a_reason"),
    )
    for side in _SIDES:
        op.create_index(f"time_transfers_by_{side}", "time_transfers", ["movement", side])
