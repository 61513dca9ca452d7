"""Mandates with their yearly reviews, and control that moved."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    _create_mandates()
    _create_reviews()
    _create_control()


def _key() -> tuple["sa.Column[str]", "sa.Column[str]"]:
    return sa.Column("movement", sa.Text, primary_key=True), sa.Column("id", sa.Text, primary_key=True)


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", column], [f"{table}.movement", f"{table}.id"])


def _create_mandates() -> None:
    op.create_table(
        "mandates",
        *_key(),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("remit", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("ended_why", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        _of("organisation", "organisations"),
        sa.CheckConstraint("ends_on > starts_on", name="mandates_in_order"),
    )
    op.create_index("mandates_by_organisation", "mandates", ["movement", "organisation", "starts_on"])
    op.create_table(
        "mandate_givers",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("mandate", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, primary_key=True),
        _of("mandate", "mandates"),
        _of("organisation", "organisations"),
    )
    op.create_index("mandate_givers_by_organisation", "mandate_givers", ["movement", "organisation"])


def _create_reviews() -> None:
    op.create_table(
        "mandate_reviews",
        *_key(),
        sa.Column("mandate", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("year", sa.BigInteger, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("given_on", sa.Date, nullable=False),
        _of("mandate", "mandates"),
        _of("organisation", "organisations"),
    )
    op.create_index("mandate_reviews_by_mandate", "mandate_reviews", ["movement", "mandate", "year"])
    op.create_index("mandate_reviews_by_organisation", "mandate_reviews", ["movement", "organisation"])


def _create_control() -> None:
    op.create_table(
        "control_moves",
        *_key(),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("from_organisation", sa.Text),
        sa.Column("from_words", sa.Text),
        sa.Column("to_organisation", sa.Text),
        sa.Column("to_words", sa.Text),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("pence", sa.BigInteger),
        sa.Column("currency", sa.Text),
        sa.Column("evidence", sa.Text),
        sa.Column("taken_back_on", sa.Date),
        sa.Column("taken_back_why", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        _of("from_organisation", "organisations"),
        _of("to_organisation", "organisations"),
        sa.CheckConstraint("(from_organisation IS NULL) <> (from_words IS NULL)", name="control_moves_from_one"),
        sa.CheckConstraint("(to_organisation IS NULL) <> (to_words IS NULL)", name="control_moves_to_one"),
        sa.CheckConstraint("(pence IS NULL) = (currency IS NULL)", name="control_moves_in_a_currency"),
        sa.CheckConstraint("taken_back_on IS NULL OR taken_back_on > since", name="control_moves_in_order"),
    )
    op.create_index("control_moves_from", "control_moves", ["movement", "from_organisation"])
    op.create_index("control_moves_to", "control_moves", ["movement", "to_organisation"])
