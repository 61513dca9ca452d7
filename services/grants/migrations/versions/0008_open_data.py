"""Who publishes a movement's grants, and what is told of awards whose groups would be at risk."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "open_data_settings",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("prefix", sa.Text),
        sa.Column("publisher", sa.Text),
        sa.Column("publisher_identifier", sa.Text),
        sa.Column("website", sa.Text),
        sa.Column("licence", sa.Text, nullable=False),
        sa.Column("described_by", sa.Text, nullable=False),
        sa.Column("regrant_type", sa.Text, nullable=False),
        sa.Column("organisations", sa.JSON, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.CheckConstraint("described_by IN ('fund', 'application')", name="open_data_settings_known_words"),
    )
    op.create_table(
        "award_publications",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("award_id", sa.Text, primary_key=True),
        sa.Column("treatment", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("to_individual", sa.Boolean, nullable=False),
        sa.Column("recipient_identifier", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("description", sa.Text),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint("treatment IN ('open', 'blurred', 'withheld')", name="award_publications_known_treatment"),
        sa.CheckConstraint("treatment = 'open' OR reason IS NOT NULL", name="award_publications_less_for_a_reason"),
    )
