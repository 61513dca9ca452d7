"""Surveys with their waves, researchers and links, and what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    _surveys()
    _researchers()
    _links()
    _responses()


def _owned(*columns: sa.Column[object]) -> list[sa.Column[object]]:
    """What every one of these tables begins and ends with."""
    return [
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        *columns,
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    ]


def _of(noun: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", noun], [f"{table}.movement", f"{table}.id"])


def _surveys() -> None:
    op.create_table(
        "surveys",
        *_owned(
            sa.Column("name", sa.Text, nullable=False),
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("asks", sa.JSON, nullable=False),
            sa.Column("texts", sa.JSON, nullable=False),
            sa.Column("paired", sa.Boolean, nullable=False),
            sa.Column("proxies", sa.Boolean, nullable=False),
            sa.Column("double_entry", sa.Boolean, nullable=False),
            sa.Column("opened_at", sa.BigInteger),
            sa.Column("closed_at", sa.BigInteger),
        ),
    )
    op.create_table(
        "survey_waves",
        *_owned(
            sa.Column("survey", sa.Text, nullable=False),
            sa.Column("number", sa.BigInteger, nullable=False),
            sa.Column("name", sa.Text, nullable=False),
            sa.Column("opens_on", sa.Text, nullable=False),
            sa.Column("closes_on", sa.Text, nullable=False),
        ),
        _of("survey", "surveys"),
        sa.UniqueConstraint("movement", "survey", "number"),
    )


def _researchers() -> None:
    op.create_table(
        "survey_researchers",
        *_owned(
            sa.Column("survey", sa.Text, nullable=False),
            sa.Column("person", sa.Text, nullable=False),
            sa.Column("part", sa.Text, nullable=False),
            sa.Column("starts_on", sa.Text, nullable=False),
            sa.Column("ends_on", sa.Text),
        ),
        _of("survey", "surveys"),
    )
    op.create_index("survey_researchers_by_survey", "survey_researchers", ["movement", "survey", "id"])
    op.create_index("survey_researchers_by_person", "survey_researchers", ["movement", "person"])


def _links() -> None:
    op.create_table(
        "survey_links",
        *_owned(
            sa.Column("survey", sa.Text, nullable=False),
            sa.Column("wave", sa.Text, nullable=False),
            sa.Column("name", sa.Text, nullable=False),
            sa.Column("digest", sa.Text, nullable=False),
            sa.Column("place", sa.Text),
            sa.Column("most", sa.BigInteger),
            sa.Column("taken", sa.BigInteger, nullable=False),
            sa.Column("expires_on", sa.Text),
            sa.Column("revoked_at", sa.BigInteger),
        ),
        _of("survey", "surveys"),
        _of("wave", "survey_waves"),
        sa.UniqueConstraint("movement", "digest"),
    )
    op.create_index("survey_links_by_survey", "survey_links", ["movement", "survey", "id"])


def _responses() -> None:
    op.create_table(
        "survey_responses",
        *_owned(
            sa.Column("survey", sa.Text, nullable=False),
            sa.Column("wave", sa.Text, nullable=False),
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("mode", sa.Text, nullable=False),
            sa.Column("link", sa.Text),
            sa.Column("once", sa.Text),
            sa.Column("researcher", sa.Text),
            sa.Column("keyed_by", sa.Text),
            sa.Column("second_by", sa.Text),
            sa.Column("language", sa.Text, nullable=False),
            sa.Column("place", sa.Text),
            sa.Column("age_band", sa.Text),
            sa.Column("answered_for", sa.Text, nullable=False),
            sa.Column("pair", sa.Text),
            sa.Column("answers", sa.JSON, nullable=False),
            sa.Column("second", sa.JSON),
        ),
        _of("survey", "surveys"),
        _of("wave", "survey_waves"),
        _of("link", "survey_links"),
        sa.UniqueConstraint("movement", "link", "once"),
    )
    op.create_index("survey_responses_by_wave", "survey_responses", ["movement", "wave", "id"])
    op.create_index("survey_responses_by_pair", "survey_responses", ["movement", "survey", "pair"])
