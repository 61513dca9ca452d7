"""Payees of awards, and their accounts: bank details sealed, in a table of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "payees",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("award_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint("kind IN ('group', 'host')", name="payees_known_kind"),
    )
    op.create_index("payees_one_an_award", "payees", ["movement", "award_id"], unique=True)
    op.create_index("payees_by_update", "payees", ["movement", "updated_at"])
    op.create_table(
        "payee_accounts",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("payee_id", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("last_four", sa.Text, nullable=False),
        sa.Column("checked", sa.Text, nullable=False),
        sa.Column("replaces", sa.Text),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("entered_at", sa.BigInteger, nullable=False),
        sa.Column("verified_by", sa.Text),
        sa.Column("verified_at", sa.BigInteger),
        sa.Column("known_from", sa.Text),
        sa.ForeignKeyConstraint(["movement", "payee_id"], ["payees.movement", "payees.id"]),
        sa.CheckConstraint(
            "verified_by IS NULL OR verified_by <> entered_by", name="payee_accounts_verified_by_another"
        ),
        sa.CheckConstraint("(verified_by IS NULL) = (verified_at IS NULL)", name="payee_accounts_verified_at_once"),
        sa.CheckConstraint("checked IN ('not_run', 'not_covered', 'not_disproved')", name="payee_accounts_known_check"),
    )
    op.create_index("payee_accounts_by_payee", "payee_accounts", ["movement", "payee_id", "id"])
