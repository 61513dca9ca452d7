"""Agreements between organisations about personal data: their parties, purposes and classes of data."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.create_table(
        "agreements",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("signed_on", sa.Date, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("review_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("ended_why", sa.Text),
        sa.Column("warned_of", sa.Date),
        sa.Column("told_of", sa.Date),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint("starts_on < expires_on", name="agreements_in_order"),
    )
    op.create_index("agreements_by_expiry", "agreements", ["movement", "expires_on"])
    op.create_index("agreements_by_update", "agreements", ["movement", "updated_at"])
    op.create_table(
        "agreement_parties",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("agreement", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, primary_key=True),
        _of("agreements", "agreement"),
        _of("organisations", "organisation"),
    )
    op.create_index("agreement_parties_by_organisation", "agreement_parties", ["movement", "organisation"])
    op.create_table(
        "agreement_terms",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("agreement", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("word", sa.Text, primary_key=True),
        _of("agreements", "agreement"),
    )


def _of(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", column], [f"{table}.movement", f"{table}.id"])
