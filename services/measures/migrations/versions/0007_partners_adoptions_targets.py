"""Organisations and time zones as they are announced; who adopted which version; what its figures are to become."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "partners",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, primary_key=True),
        sa.Column("into", sa.Text),
        sa.Column("over", sa.Boolean, nullable=False),
    )
    op.create_table(
        "movement_zones",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("time_zone", sa.Text, nullable=False),
    )
    op.create_table(
        "adoptions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text),
        sa.Column("measure_version", sa.Text, nullable=False),
        sa.Column("cadence", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Text, nullable=False),
        sa.Column("until", sa.Text),
        sa.Column("due_days", sa.BigInteger, nullable=False),
        sa.Column("places", sa.JSON, nullable=False),
        *_edited(),
        _of_version(),
    )
    op.create_index("adoptions_by_version", "adoptions", ["movement", "measure_version"])
    op.create_index("adoptions_by_organisation", "adoptions", ["movement", "organisation"])
    op.create_table(
        "targets",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("measure_version", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("cell", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("period_start", sa.Text, nullable=False),
        sa.Column("period_end", sa.Text, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("why", sa.Text, nullable=False),
        *_edited(),
        _of_version(),
    )
    op.create_index("targets_of_series", "targets", ["movement", "measure_version", "place", "cell", "period_start"])


def _edited() -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in ("version", "created_at", "updated_at")]


def _of_version() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["movement", "measure_version"], [f"measure_versions.{key}" for key in ("movement", "id")]
    )
