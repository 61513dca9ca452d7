"""Find the open campaigns whose last day has passed without reading the others."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_index("campaigns_open_by_last_day", "campaigns", ["ends_on"], sqlite_where=_OPEN, postgresql_where=_OPEN)
