"""Figures have their components, a bound, a programme and an activity; corrections a reason.

SQLite cannot drop a constraint that has no name, so the table is made anew and the figures are copied.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_KEPT = "movement, id, version, reporter, place, period, period_start, period_end, cell, revision, status, value, "
_KEPT += "numerator, denominator, n, import_id"


def upgrade() -> None:
    op.add_column("imports", sa.Column("reason", sa.Text))
    op.drop_index("imports_at_work", "imports")
    leased = sa.text("lease_until IS NOT NULL")
    op.create_index(
        "imports_at_work",
        "imports",
        ["movement", "version", "reporter"],
        unique=True,
        sqlite_where=leased,
        postgresql_where=leased,
    )
    op.create_table(
        "figure_sets",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("reporter", sa.Text, primary_key=True),
        sa.Column("writes", sa.BigInteger, nullable=False),
    )
    op.drop_index("observations_by_import", "observations")
    op.rename_table("observations", "observations_before")
    _create_observations()
    op.execute(
        f"INSERT INTO observations ({_KEPT}, programme, activity, bound) "
        f"SELECT {_KEPT}, '', '', '=' FROM observations_before"
    )
    op.drop_table("observations_before")


def _create_observations() -> None:
    op.create_table(
        "observations",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in (
                "version", "reporter", "place", "period", "period_start", "period_end", "cell", "programme", "activity"
            )
        ),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("bound", sa.Text, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("numerator", sa.BigInteger),
        sa.Column("denominator", sa.BigInteger),
        sa.Column("n", sa.BigInteger),
        sa.Column("sum_x", sa.Text),
        sa.Column("sum_x2", sa.Text),
        sa.Column("import_id", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["movement", "import_id"], ["imports.movement", "imports.id"]),
        sa.UniqueConstraint(
            "movement", "version", "place", "period_start", "cell", "reporter", "programme", "activity", "revision"
        ),
    )  # fmt: skip
    op.create_index("observations_by_import", "observations", ["movement", "import_id", "id"])
