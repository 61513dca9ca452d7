"""Organisations belong too; whoever is known can be invited; every turn of a membership is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    with op.batch_alter_table("memberships") as memberships:
        memberships.alter_column("person", existing_type=sa.Text(), nullable=True)
        memberships.alter_column("said", existing_type=sa.LargeBinary(), nullable=True)
        memberships.alter_column("joined_at", existing_type=sa.BigInteger(), nullable=True)
        memberships.add_column(sa.Column("organisation", sa.Text))
        memberships.create_unique_constraint("memberships_one_an_organisation", ["movement", "organisation"])
        memberships.create_check_constraint("memberships_of_one", "(person IS NULL) <> (organisation IS NULL)")
        memberships.create_foreign_key(
            "memberships_of_organisation", "organisations", ["movement", "organisation"], ["movement", "id"]
        )
    brought = sa.text("brought_by IS NOT NULL")
    op.create_index(
        "memberships_by_bringer",
        "memberships",
        ["movement", "brought_by"],
        sqlite_where=brought,
        postgresql_where=brought,
    )
    op.create_table(
        "membership_changes",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("membership", sa.Text, nullable=False),
        sa.Column("from_state", sa.Text),
        sa.Column("to_state", sa.Text, nullable=False),
        sa.Column("computed", sa.Boolean, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("membership_changes_by_membership", "membership_changes", ["movement", "membership", "at"])
    ends = sa.text("ended_at IS NULL AND until IS NOT NULL")
    op.create_index(
        "ladder_decisions_to_end", "ladder_decisions", ["movement", "until"], sqlite_where=ends, postgresql_where=ends
    )
