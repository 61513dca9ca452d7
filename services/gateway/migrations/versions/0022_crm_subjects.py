"""CRMs are told of organisations too, forget in any state, and what was made there for us is known."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Name people and organisations alike; tell errands apart; add whether a CRM's record was made for us."""
    for table in ("crm_waiting", "crm_link", "crm_call"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN person TO subject")
    op.add_column("crm_waiting", sa.Column("errand", sa.Text, nullable=False, server_default="person"))
    op.execute("UPDATE crm_waiting SET errand = 'forget' WHERE erasure IS NOT NULL")
    op.drop_index("crm_waiting_due", "crm_waiting")
    op.create_index("crm_waiting_due", "crm_waiting", ["movement", "connection", "stuck", "errand", "due_at"])
    op.add_column("crm_link", sa.Column("made", sa.Boolean, nullable=False, server_default=sa.false()))
