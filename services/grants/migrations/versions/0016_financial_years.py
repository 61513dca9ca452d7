"""Financial years: on which day a movement's end, and those that are closed for good."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "ledger_year_ends",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("month", sa.BigInteger, nullable=False),
        sa.Column("day", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "ledger_years",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("closed_at", sa.BigInteger, nullable=False),
        sa.Column("closed_by", sa.Text, nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name="ledger_years_start_first"),
    )
    op.create_index("ledger_years_closed_once", "ledger_years", ["movement", "ends_on"], unique=True)
