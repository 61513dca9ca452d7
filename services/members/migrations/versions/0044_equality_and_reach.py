"""Equality questions and answers under pseudonyms, reference populations, and what is published of reach."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    _create_equality()
    _create_populations()
    _create_reports()


def _create_equality() -> None:
    op.create_table(
        "equality_questions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, primary_key=True),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("adopted_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "equality_answers",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("pseudonym", sa.LargeBinary, primary_key=True),
        sa.Column("question", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("option", sa.Text, nullable=False),
        sa.Column("answered_on", sa.Date, nullable=False),
    )
    op.create_index("equality_answers_by_question", "equality_answers", ["movement", "question"])
    op.create_table(
        "equality_stops",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("pseudonym", sa.LargeBinary, primary_key=True),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("reference", sa.Text),
    )


def _create_populations() -> None:
    op.create_table(
        "reference_populations",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("edition", sa.Text, nullable=False),
        sa.Column("dimension", sa.Text, nullable=False),
        sa.Column("directory", sa.Text),
        sa.Column("cadence", sa.Text, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("people", sa.JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("movement", "name", "edition"),
    )
    op.create_table(
        "postcode_deciles",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("directory", sa.Text, primary_key=True),
        sa.Column("postcode", sa.Text, primary_key=True),
        sa.Column("decile", sa.BigInteger, nullable=False),
    )


def _create_reports() -> None:
    op.create_table(
        "reach_reports",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("population", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("redacted_up_to", sa.BigInteger, nullable=False),
        sa.Column("rounded_to", sa.BigInteger, nullable=False),
        sa.Column("least_base", sa.BigInteger, nullable=False),
        sa.Column("groups", sa.JSON, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["movement", "population"], ["reference_populations.movement", "reference_populations.id"]
        ),
        sa.UniqueConstraint("movement", "population", "who", "period"),
    )
