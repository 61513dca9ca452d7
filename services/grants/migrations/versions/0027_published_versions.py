"""Which versions of measures were published, as measures announces them."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "published_versions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("version", sa.Text, primary_key=True),
    )
