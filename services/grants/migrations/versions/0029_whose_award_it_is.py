"""Which organisation an award is of, and who goes on in whose place; until now the application alone said it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

_AS_APPLIED = sa.text(
    "UPDATE awards SET organisation = (SELECT organisation FROM applications"
    " WHERE applications.movement = awards.movement AND applications.id = awards.application_id)"
)


def upgrade() -> None:
    op.create_table(
        "successions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, primary_key=True),
        sa.Column("successor", sa.Text, primary_key=True),
    )
    op.add_column("awards", sa.Column("organisation", sa.Text))
    op.execute(_AS_APPLIED)
