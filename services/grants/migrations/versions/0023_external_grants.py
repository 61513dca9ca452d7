"""Jobs, and the grants of other funders that they import."""

import sqlalchemy as sa
from alembic import op

from shared.jobs import tables

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    tables.create(op)
    op.create_table(
        "grants_imports",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("licence", sa.Text),
        sa.Column("dry_run", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("revealed_at", sa.BigInteger),
    )
    op.create_table(
        "external_grants",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("import_id", sa.Text, nullable=False),
        sa.Column("grant_id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("funder", sa.Text),
        sa.Column("recipient", sa.Text),
        sa.Column("amount", sa.BigInteger),
        sa.Column("currency", sa.Text),
        sa.Column("awarded_on", sa.Date),
        sa.Column("place", sa.Text),
        sa.Column("valid", sa.Boolean, nullable=False),
        sa.Column("grant", sa.JSON, nullable=False),
        sa.Column("faults", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["movement", "import_id"], ["grants_imports.movement", "grants_imports.id"]),
        sa.Index("external_grants_by_identifier", "movement", "grant_id", "import_id", unique=True),
        sa.Index("external_grants_by_import", "movement", "import_id", "id"),
        sa.Index("external_grants_by_funder", "movement", "funder", "id"),
        sa.Index("external_grants_by_recipient", "movement", "recipient", "id"),
    )
