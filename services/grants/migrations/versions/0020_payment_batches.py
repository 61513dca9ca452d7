"""Batches of payments, every time that their file was made, and the layouts of banks' files."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "payment_batches",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("fund_id", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("layout", sa.JSON, nullable=False),
        sa.Column("payer", sa.LargeBinary),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("digest", sa.Text),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint("state IN ('open', 'exported', 'dissolved')", name="payment_batches_known_state"),
        sa.CheckConstraint("(state = 'exported') = (digest IS NOT NULL)", name="payment_batches_exported_with_digest"),
    )
    op.create_index("payment_batches_by_fund", "payment_batches", ["movement", "fund_id", "id"])
    op.create_index("payment_batches_by_change", "payment_batches", ["movement", "updated_at", "id"])
    op.create_table(
        "payment_batch_exports",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("batch_id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("exported_by", sa.Text, nullable=False),
        sa.Column("exported_at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text),
        sa.ForeignKeyConstraint(["movement", "batch_id"], ["payment_batches.movement", "payment_batches.id"]),
        sa.CheckConstraint("(number = 1) = (reason IS NULL)", name="payment_batch_exports_again_for_a_reason"),
    )
    op.create_table(
        "payment_templates",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("slug", sa.Text, primary_key=True),
        sa.Column("layout", sa.JSON, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )
    with op.batch_alter_table("payments") as payments:
        payments.add_column(sa.Column("batch_id", sa.Text))
        payments.create_foreign_key(
            "payments_of_a_batch", "payment_batches", ["movement", "batch_id"], ["movement", "id"]
        )
        payments.create_check_constraint(
            "payments_sent_in_a_batch", "state IN ('proposed', 'approved', 'void') OR batch_id IS NOT NULL"
        )
    op.create_index("payments_by_batch", "payments", ["movement", "batch_id"])
