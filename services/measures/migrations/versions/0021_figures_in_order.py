"""Figures lie in the order in which series are read: a place's months beside each other, however they came.

Reports come month by month, so a series of ten years lay in 120 corners of SQLite's file. It keeps a table without row
ids in the order of its primary key, which is therefore the figure's and no longer its id. SQLite cannot change a
primary key, so there the table is made anew and the figures are copied; on PostgreSQL the keys change places.
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
    if op.get_bind().dialect.name == "postgresql":
        _change_places()
    else:
        _copy()


def _change_places() -> None:
    inspector = sa.inspect(op.get_bind())
    by_id = str(inspector.get_pk_constraint("observations")["name"])
    (by_key,) = (str(each["name"]) for each in inspector.get_unique_constraints("observations"))
    _index_ids()
    op.drop_constraint(_REFERENCE, "release_figures", type_="foreignkey")
    op.drop_constraint(by_id, "observations", type_="primary")
    op.create_primary_key(None, "observations", [*_KEY])
    op.drop_constraint(by_key, "observations", type_="unique")
    op.create_foreign_key(
        _REFERENCE, "release_figures", "observations", ["movement", "observation"], ["movement", "id"]
    )


def _copy() -> None:
    _create()
    columns, key = ", ".join(_KEY + _REST), ", ".join(_KEY)
    op.execute(f"INSERT INTO observations_in_order ({columns}) SELECT {columns} FROM observations ORDER BY {key}")
    # The rows live on: to overwrite where they lay would be most of the writing.
    op.execute("PRAGMA secure_delete=FAST")
    op.drop_table("observations")
    op.execute("PRAGMA secure_delete=ON")
    op.rename_table("observations_in_order", "observations")
    # With the rows there: indexes that take them one by one would be read and written all over.
    _index_ids()
    _index_the_rest()
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


def _index_ids() -> None:
    op.create_index("observations_by_id", "observations", ["movement", "id"], unique=True)


def _index_the_rest() -> None:
    op.create_index("observations_by_import", "observations", ["movement", "import_id", "id"])
    op.create_index("observations_by_reporter", "observations", ["movement", "version", "reporter", "period_start"])
    with_one = sa.text("activity <> ''")
    op.create_index(
        "observations_by_activity", "observations", ["movement", "activity", "version"], sqlite_where=with_one
    )
