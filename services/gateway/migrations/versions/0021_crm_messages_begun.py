"""A message of a CRM's says whether a change for it was begun: whoever takes it up after a death may find it made."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add it; of what waits, nothing is known to have been begun."""
    op.add_column("crm_message", sa.Column("begun", sa.Boolean, nullable=False, server_default=sa.false()))
