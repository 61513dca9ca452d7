"""Places, measures and their versions, imports and their faults, observations."""

import sqlalchemy as sa
from alembic import op

from shared.db import infrastructure

revision = "0001"
down_revision = None


def upgrade() -> None:
    infrastructure.create(op)
    op.create_table(
        "places",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("valid_from", sa.Text),
        sa.Column("valid_to", sa.Text),
    )
    op.create_index("places_kind", "places", ["kind", "code"])
    op.create_table(
        "measures",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("movement", "key"),
    )
    op.create_table(
        "measure_versions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("numerator_description", sa.Text, nullable=False),
        sa.Column("denominator_description", sa.Text, nullable=False),
        sa.Column("population", sa.Text, nullable=False),
        sa.Column("age_base", sa.Text, nullable=False),
        sa.Column("period_type", sa.Text, nullable=False),
        sa.Column("year_starts", sa.Text, nullable=False),
        sa.Column("boundaries", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("published_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "measure"], ["measures.movement", "measures.id"]),
        sa.UniqueConstraint("movement", "measure", "number"),
    )
    _create_imports()
    _create_observations()


def _create_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Text),
        sa.Column("reporter", sa.Text),
        sa.Column("provenance", sa.Text),
        *(
            sa.Column(name, sa.BigInteger, nullable=False)
            for name in ("rows", "new", "revised", "unchanged", "repeated", "faulty", "faults")
        ),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("released_through", sa.Text),
    )
    leased = sa.text("lease_until IS NOT NULL")
    op.create_index(
        "imports_at_work",
        "imports",
        ["movement", "version"],
        unique=True,
        sqlite_where=leased,
        postgresql_where=leased,
    )
    op.create_table(
        "import_faults",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("import_id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("row", sa.BigInteger, nullable=False),
        sa.Column("column", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
    )


def _create_observations() -> None:
    op.create_table(
        "observations",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("reporter", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("period_start", sa.Text, nullable=False),
        sa.Column("period_end", sa.Text, nullable=False),
        sa.Column("cell", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("numerator", sa.BigInteger),
        sa.Column("denominator", sa.BigInteger),
        sa.Column("n", sa.BigInteger),
        sa.Column("import_id", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["movement", "version"], ["measure_versions.movement", "measure_versions.id"]),
        sa.ForeignKeyConstraint(["movement", "import_id"], ["imports.movement", "imports.id"]),
        sa.UniqueConstraint("movement", "version", "place", "period_start", "cell", "reporter", "revision"),
    )
    op.create_index("observations_by_import", "observations", ["movement", "import_id", "id"])
