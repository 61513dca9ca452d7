"""Wins and who made them happen; recognition schemes and what they give."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"

_OF_ONE = "(person IS NULL) <> (organisation IS NULL)"
_ONE_MAKER = (
    "(person IS NOT NULL AND organisation IS NULL AND words IS NULL)"
    " OR (person IS NULL AND organisation IS NOT NULL AND words IS NULL)"
    " OR (person IS NULL AND organisation IS NULL AND words IS NOT NULL)"
)


def upgrade() -> None:
    _create_wins()
    _create_recognitions()


def _create_wins() -> None:
    op.create_table(
        "wins",
        *_key(),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("happened_on", sa.Date, nullable=False),
        *(sa.Column(name, sa.Text) for name in ("area", "programme", "agreed_by")),
        sa.Column("shared_at", sa.BigInteger),
        *_instants(),
        _refers("programme", "programmes"),
    )
    op.create_index("wins_by_day", "wins", ["movement", "happened_on"])
    op.create_table(
        "win_makers",
        *_key(),
        sa.Column("win", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text) for name in ("person", "organisation", "words")),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        _refers("win", "wins"),
        _refers("person", "people"),
        _refers("organisation", "organisations"),
        sa.CheckConstraint(_ONE_MAKER, name="win_makers_one"),
    )
    for column in ("win", "person", "organisation"):
        op.create_index(f"win_makers_by_{column}", "win_makers", ["movement", column])


def _create_recognitions() -> None:
    op.create_table(
        "recognition_schemes",
        *_key(),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("about", sa.Text),
        sa.Column("criteria", sa.JSON, nullable=False),
        sa.Column("months", sa.BigInteger),
        *(sa.Column(name, sa.Text) for name in ("organisation", "programme")),
        sa.Column("closed_at", sa.BigInteger),
        *_instants(),
        _refers("organisation", "organisations"),
        _refers("programme", "programmes"),
    )
    op.create_table(
        "recognitions",
        *_key(),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("scheme", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text) for name in ("person", "organisation")),
        sa.Column("criteria", sa.JSON, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("given_on", sa.Date, nullable=False),
        *(sa.Column(name, sa.Date) for name in ("until", "ended_on")),
        sa.Column("ended_why", sa.Text),
        *_instants(),
        _refers("scheme", "recognition_schemes"),
        _refers("person", "people"),
        _refers("organisation", "organisations"),
        sa.CheckConstraint(_OF_ONE, name="recognitions_of_one"),
        sa.CheckConstraint("until IS NULL OR until >= given_on", name="recognitions_in_order"),
    )
    op.create_index("recognitions_by_scheme", "recognitions", ["movement", "scheme", "given_on"])
    for column in ("person", "organisation"):
        op.create_index(f"recognitions_by_{column}", "recognitions", ["movement", column])


def _key() -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text, primary_key=True) for name in ("movement", "id")]


def _instants() -> "list[sa.Column[int]]":
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in ("created_at", "updated_at")]


def _refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", column], [f"{table}.movement", f"{table}.id"])
