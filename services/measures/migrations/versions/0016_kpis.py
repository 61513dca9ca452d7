"""KPIs, and how they were rated."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "kpis",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("key", "title", "definition")),
        sa.Column("organisation", sa.Text),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("owner", "source")),
        *(sa.Column(name, sa.Text) for name in ("measure_version", "place", "cell", "counted", "target")),
        sa.Column("rates", sa.Text, nullable=False),
        sa.Column("bands", sa.JSON, nullable=False),
        sa.Column("archived", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("version", "created_at", "updated_at")),
        sa.UniqueConstraint("movement", "key"),
        sa.ForeignKeyConstraint(
            ["movement", "measure_version"], [f"measure_versions.{key}" for key in ("movement", "id")]
        ),
    )
    op.create_table(
        "kpi_ratings",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kpi", sa.Text, nullable=False),
        sa.Column("kpi_version", sa.BigInteger, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("period", sa.Text),
        sa.Column("target", sa.Text),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("rated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "kpi"], ["kpis.movement", "kpis.id"]),
    )
    op.create_index("kpi_ratings_by_kpi", "kpi_ratings", ["movement", "kpi", "id"])
