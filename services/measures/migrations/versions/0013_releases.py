"""Disclosure profiles, releases and what each shows of its figures."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "disclosure_profiles",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("title", "source", "method")),
        sa.Column("small_below", sa.BigInteger, nullable=False),
        sa.Column("zero_is_small", sa.Boolean, nullable=False),
        sa.Column("round_to", sa.BigInteger, nullable=False),
        sa.Column("hide_certain", sa.Boolean, nullable=False),
        sa.Column("least_base", sa.BigInteger, nullable=False),
        sa.Column("least_area_base", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "releases",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("measure", "measure_version", "audience", "title", "note", "profile")
        ),
        sa.Column("profile_number", sa.BigInteger, nullable=False),
        sa.Column("query", sa.JSON, nullable=False),
        sa.Column("as_of", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("supersedes", sa.Text),
        sa.Column("superseded_by", sa.Text),
        sa.Column("plan", sa.JSON),
        sa.Column("hashes", sa.JSON),
        sa.Column("checked_after", sa.BigInteger),
        sa.Column("number", sa.BigInteger),
        sa.Column("withdrawn_because", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("published_at", sa.BigInteger),
        sa.UniqueConstraint("movement", "measure", "number"),
    )
    op.create_table(
        "release_figures",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("release", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in (
                "observation", "measure_version", "place", "period_start", "cell", "reporter", "programme", "activity",
                "status", "bound",
            )
        ),
        sa.Column("value", sa.Text),
        *(sa.Column(name, sa.BigInteger) for name in ("numerator", "denominator", "n")),
        sa.Column("sum_x", sa.Text),
        sa.Column("sum_x2", sa.Text),
        sa.ForeignKeyConstraint(["movement", "release"], ["releases.movement", "releases.id"]),
        sa.ForeignKeyConstraint(["movement", "observation"], ["observations.movement", "observations.id"]),
    )  # fmt: skip
    op.create_index(
        "release_figures_of_series", "release_figures", ["movement", "measure_version", "place", "period_start"]
    )
