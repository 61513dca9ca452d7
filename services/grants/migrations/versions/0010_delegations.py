"""Delegations and what they are held to: whose a fund is, organisations and time zones, and awards made under one."""

import sqlalchemy as sa
from alembic import op

from shared.partners import tables as partners

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    partners.create(op)
    op.add_column("funds", sa.Column("grant_maker_organisation", sa.Text))
    op.add_column("funds", sa.Column("holder", sa.Text))
    op.create_table(
        "delegations",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("fund_id", sa.Text, nullable=False),
        sa.Column("under", sa.Text),
        sa.Column("giver", sa.Text),
        sa.Column("receiver", sa.Text, nullable=False),
        sa.Column("powers", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("ceiling", sa.BigInteger),
        sa.Column("committed", sa.BigInteger, nullable=False),
        sa.Column("starts_on", sa.Text, nullable=False),
        sa.Column("expires_on", sa.Text),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("revoked_because", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.ForeignKeyConstraint(["movement", "under"], ["delegations.movement", "delegations.id"]),
        sa.CheckConstraint(
            "0 <= committed AND (ceiling IS NULL OR committed <= ceiling)", name="delegations_never_over_ceiling"
        ),
        sa.CheckConstraint("ceiling > 0", name="delegations_reach_to_something"),
        sa.CheckConstraint("expires_on > starts_on", name="delegations_last_a_day"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_because IS NULL)", name="delegations_revoked_for_a_reason"),
    )
    op.create_index("delegations_by_fund", "delegations", ["movement", "fund_id", "id"])
    with op.batch_alter_table("awards") as awards:
        awards.add_column(sa.Column("delegation_id", sa.Text))
        awards.create_foreign_key(
            "awards_under_a_delegation", "delegations", ["movement", "delegation_id"], ["movement", "id"]
        )
