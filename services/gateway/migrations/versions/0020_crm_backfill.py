"""The gateway has jobs: a CRM is filled by one. Who tells a CRM holds it by a name, and renews that."""

import sqlalchemy as sa
from alembic import op

from shared.jobs import tables

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the tables of jobs, and add who holds a connection."""
    tables.create(op)
    op.create_index("crm_call_at", "crm_call", ["at"])
    op.add_column("crm_connection", sa.Column("holder", sa.Text))
