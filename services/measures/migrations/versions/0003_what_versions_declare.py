"""What a version declares besides: instrument, scheme, roll-ups, sensitivity profile, comparability; and its edits."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("measure_versions") as versions:
        versions.add_column(sa.Column("instrument", sa.Text))
        versions.add_column(sa.Column("instrument_version", sa.BigInteger))
        versions.add_column(sa.Column("scheme", sa.JSON, nullable=False, server_default="[]"))
        versions.add_column(sa.Column("distinct", sa.Boolean, nullable=False, server_default=sa.false()))
        versions.add_column(sa.Column("roll_ups", sa.JSON, nullable=False, server_default="{}"))
        versions.add_column(sa.Column("profile", sa.Text))
        versions.add_column(sa.Column("comparability", sa.Text))
        versions.add_column(sa.Column("bridge_note", sa.Text, nullable=False, server_default=""))
        versions.add_column(sa.Column("follows", sa.Text))
        versions.add_column(sa.Column("version", sa.BigInteger, nullable=False, server_default="1"))
        versions.add_column(sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE measure_versions SET updated_at = COALESCE(published_at, created_at)")
