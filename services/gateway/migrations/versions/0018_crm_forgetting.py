"""CRMs are told to delete whoever is erased, and give a receipt."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add for which erasure a CRM is to forget somebody."""
    op.add_column("crm_waiting", sa.Column("erasure", sa.Text))
