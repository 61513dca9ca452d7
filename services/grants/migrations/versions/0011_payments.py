"""Payments under four eyes, which the database holds to as well; and who last said something else of a payee."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("payees", sa.Column("edited_by", sa.Text))
    op.create_table(
        "payments",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("award_id", sa.Text, nullable=False),
        sa.Column("payee_id", sa.Text, nullable=False),
        sa.Column("fund_id", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("retries", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", sa.BigInteger, nullable=False),
        sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", sa.BigInteger),
        sa.Column("binding", sa.Text),
        sa.Column("account_id", sa.Text),
        sa.Column("entered_by", sa.Text),
        sa.Column("edited_by", sa.Text),
        sa.Column("exported_at", sa.BigInteger),
        sa.Column("settled_on", sa.Date),
        sa.Column("reason", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.ForeignKeyConstraint(["movement", "payee_id"], ["payees.movement", "payees.id"]),
        sa.ForeignKeyConstraint(["movement", "account_id"], ["payee_accounts.movement", "payee_accounts.id"]),
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.ForeignKeyConstraint(["movement", "retries"], ["payments.movement", "payments.id"]),
        *_checks(),
    )
    op.create_index("payments_by_award", "payments", ["movement", "award_id", "id"])
    op.create_index("payments_by_fund", "payments", ["movement", "fund_id", "state", "id"])
    op.create_index("payments_by_payee", "payments", ["movement", "payee_id"])
    op.create_index("payments_by_change", "payments", ["movement", "updated_at", "id"])
    op.create_index("payments_by_reference", "payments", ["movement", "reference"], unique=True)
    op.create_index("payments_retried_once", "payments", ["movement", "retries"], unique=True)


def _checks() -> list[sa.CheckConstraint]:
    rules = {
        "payments_are_something": "amount > 0",
        "payments_four_eyes": "approved_by IS NULL OR approved_by <> proposed_by",
        "payments_approved_by_no_editor": "approved_by IS NULL OR (approved_by <> entered_by"
        " AND (edited_by IS NULL OR approved_by <> edited_by))",
        "payments_approved_as_bound": "(approved_by IS NULL) = (binding IS NULL)"
        " AND (approved_by IS NULL) = (account_id IS NULL) AND (approved_by IS NULL) = (entered_by IS NULL)",
        "payments_approved_before_sent": "state IN ('proposed', 'void') OR approved_by IS NOT NULL",
        "payments_known_state": "state IN ('proposed', 'approved', 'exported', 'paid', 'failed', 'returned', 'void')",
    }
    return [sa.CheckConstraint(rule, name=name) for name, rule in rules.items()]
