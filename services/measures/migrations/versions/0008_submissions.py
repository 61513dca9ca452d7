"""Validation rules, returns with their steps, and period locks."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _create_rules()
    op.create_table(
        "submissions",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("movement", "id")),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("measure_version", "reporter", "period", "period_start", "period_end", "status")
        ),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("version", "created_at", "updated_at")),
        sa.UniqueConstraint("movement", "measure_version", "reporter", "period_start"),
    )
    op.create_index("submissions_by_change", "submissions", ["movement", "updated_at", "id"])
    op.create_table(
        "submission_steps",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("movement", "submission")),
        sa.Column("number", sa.BigInteger, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("status", "actor")),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text),
        *(sa.Column(name, sa.BigInteger) for name in ("figures", "warnings")),
    )
    _create_locks()
    op.create_index("observations_by_reporter", "observations", ["movement", "version", "reporter", "period_start"])


def _create_rules() -> None:
    op.create_table(
        "validation_rules",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("movement", "id")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("measure_version", "name", "severity")),
        sa.Column("test", sa.JSON, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("version", "created_at", "updated_at")),
        sa.Column("retired_at", sa.BigInteger),
    )
    op.create_index("validation_rules_by_version", "validation_rules", ["movement", "measure_version", "id"])


def _create_locks() -> None:
    op.create_table(
        "period_locks",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("movement", "id")),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("measure_version", "period", "period_start", "actor", "reason")
        ),
        sa.Column("locked_at", sa.BigInteger, nullable=False),
        sa.Column("lifted_at", sa.BigInteger),
        *(sa.Column(name, sa.Text) for name in ("lifted_by", "lifted_because")),
    )
    held = sa.text("lifted_at IS NULL")
    op.create_index(
        "period_locks_held",
        "period_locks",
        ["movement", "measure_version", "period_start"],
        unique=True,
        sqlite_where=held,
        postgresql_where=held,
    )
