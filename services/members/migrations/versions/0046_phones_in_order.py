"""Telephone numbers stay in the order in which somebody gave them: the first is the one to try first."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    with op.batch_alter_table("person_phones") as phones:
        phones.add_column(sa.Column("place", sa.BigInteger, nullable=False, server_default="0"))
