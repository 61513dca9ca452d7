"""What agreements and controllers say, and for what purpose organisations' keys and webhook endpoints have data."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the projection, and say of keys and endpoints what they are held to."""
    op.create_table(
        "agreement_term",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("agreement", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, primary_key=True),
        sa.Column("data_class", sa.Text, primary_key=True),
        sa.Column("purpose", sa.Text, primary_key=True),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
    )
    op.create_index("agreement_term_of_organisation", "agreement_term", ["movement", "organisation"])
    op.create_table(
        "controller_term",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("data_class", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
    )
    op.create_index("controller_term_of_organisation", "controller_term", ["movement", "organisation"])
    op.add_column("api_key", sa.Column("purpose", sa.Text))
    op.add_column("webhook_endpoint", sa.Column("organisation", sa.Text))
    op.add_column("webhook_endpoint", sa.Column("purpose", sa.Text))
    op.add_column("webhook_endpoint", sa.Column("covered_until", sa.BigInteger))
    bounded = sa.text("covered_until IS NOT NULL")
    op.create_index(
        "webhook_endpoint_covered",
        "webhook_endpoint",
        ["covered_until"],
        sqlite_where=bounded,
        postgresql_where=bounded,
    )
