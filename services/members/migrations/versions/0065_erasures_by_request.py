"""The request by right that an erasure answers."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"


def upgrade() -> None:
    op.add_column("erasures", sa.Column("request", sa.Text))
    op.create_index("erasures_by_request", "erasures", ["movement", "request"])
