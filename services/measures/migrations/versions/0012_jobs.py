"""Jobs, for files of any size; an import that a job writes says so."""

import sqlalchemy as sa
from alembic import op

from shared.jobs import tables

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    tables.create(op)
    op.add_column("imports", sa.Column("job", sa.Text))
