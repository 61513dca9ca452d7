"""Figures lie in the order in which series are read: a place's months beside each other, however they came.

Reports come month by month, so a series of ten years lay in 120 corners of the file. SQLite keeps a table without row
ids in the order of its primary key, which is therefore the figure's and no longer its id; PostgreSQL writes the rows
in that order once. SQLite cannot change a primary key, so the table is made anew and the figures are copied.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_KEY = ("movement", "version", "place", "period_start", "cell", "reporter", "programme", "activity", "revision")
_REST = (
    "id", "period", "period_end", "status", "bound", "value", "numerator", "denominator", "n", "sum_x", "sum_x2",
    "import_id",
)  # fmt: skip
_REFERENCE = "release_figures_movement_observation_fkey"
_ROWS_LOOKED_AT = 400


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    _create()
    columns, key = ", ".join(_KEY + _REST), ", ".join(_KEY)
    op.execute(f"INSERT INTO observations_in_order ({columns}) SELECT {columns} FROM observations ORDER BY {key}")
    if on_postgresql:
        op.drop_constraint(_REFERENCE, "release_figures", type_="foreignkey")
    else:  # the rows live on beside it: to overwrite where they lay would be most of the writing
        op.execute("PRAGMA secure_delete=FAST")
    op.drop_table("observations")
    op.rename_table("observations_in_order", "observations")
    _index()
    if on_postgresql:
        op.create_foreign_key(
            _REFERENCE, "release_figures", "observations", ["movement", "observation"], ["movement", "id"]
        )
    else:
        op.execute("PRAGMA secure_delete=ON")
        # Until its rows are counted, SQLite would look an id up by reading all that the movement has.
        op.execute(f"PRAGMA analysis_limit={_ROWS_LOOKED_AT}")
        op.execute("ANALYZE observations")


def _create() -> None:
    op.create_table(
        "observations_in_order",
        *(
            sa.Column(name, sa.BigInteger if name == "revision" else sa.Text, nullable=False)
            for name in (*_KEY, "id", "period", "period_end", "status", "bound", "import_id")
        ),
        sa.Column("value", sa.Text),
        *(sa.Column(name, sa.BigInteger) for name in ("numerator", "denominator", "n")),
        sa.Column("sum_x", sa.Text),
        sa.Column("sum_x2", sa.Text),
        sa.PrimaryKeyConstraint(*_KEY),
        sa.ForeignKeyConstraint(["movement", "import_id"], ["imports.movement", "imports.id"]),
        sqlite_with_rowid=False,
    )


def _index() -> None:
    """Once the rows are there: of each that came by itself, an index would be read and written all over."""
    op.create_index("observations_by_id", "observations", ["movement", "id"], unique=True)
    op.create_index("observations_by_import", "observations", ["movement", "import_id", "id"])
    op.create_index("observations_by_reporter", "observations", ["movement", "version", "reporter", "period_start"])
    with_one = sa.text("activity <> ''")
    op.create_index(
        "observations_by_activity",
        "observations",
        ["movement", "activity", "version"],
        sqlite_where=with_one,
        postgresql_where=with_one,
    )
