"""Campaigns, what they count, and whom they ask to decide."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _create_campaigns()
    _create_targets()
    _create_asks()


def _of_campaign() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", "campaign"], ["campaigns.movement", "campaigns.id"])


def _create_campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        sa.Column("opened_at", sa.BigInteger),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("movement", "slug"),
        sa.CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on", name="campaigns_in_order"),
    )


def _create_targets() -> None:
    op.create_table(
        "campaign_targets",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("by_day", sa.Date),
        _of_campaign(),
        sa.CheckConstraint("number > 0", name="campaign_targets_are_something"),
    )
    op.create_index("campaign_targets_by_campaign", "campaign_targets", ["movement", "campaign", "id"])


def _create_asks() -> None:
    op.create_table(
        "campaign_asks",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("decider", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("answered_on", sa.Date),
        sa.Column("said", sa.Text),
        _of_campaign(),
        sa.ForeignKeyConstraint(["movement", "organisation"], ["organisations.movement", "organisations.id"]),
    )
    op.create_index("campaign_asks_by_campaign", "campaign_asks", ["movement", "campaign", "id"])
