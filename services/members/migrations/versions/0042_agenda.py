"""The common agenda in versions, and the partners who signed them."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    _create_agendas()
    _create_glossary()
    _create_shapers()
    _create_alignments()


def _key() -> tuple["sa.Column[str]", "sa.Column[str]"]:
    return sa.Column("movement", sa.Text, primary_key=True), sa.Column("id", sa.Text, primary_key=True)


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", column], [f"{table}.movement", f"{table}.id"])


def _create_agendas() -> None:
    op.create_table(
        "agendas",
        *_key(),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("number", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("vision", sa.Text, nullable=False),
        sa.Column("review_on", sa.Date, nullable=False),
        sa.Column("published_on", sa.Date),
        sa.Column("withdrawn_on", sa.Date),
        sa.Column("withdrawn_why", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("movement", "number"),
    )
    op.create_index("agendas_by_state", "agendas", ["movement", "state", "number"])
    op.create_table(
        "agenda_points",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("agenda", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        _of("agenda", "agendas"),
    )


def _create_glossary() -> None:
    op.create_table(
        "agenda_words",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("agenda", sa.Text, primary_key=True),
        sa.Column("word", sa.Text, primary_key=True),
        sa.Column("meaning", sa.Text, nullable=False),
        _of("agenda", "agendas"),
    )
    op.create_table(
        "agenda_usages",
        *_key(),
        sa.Column("agenda", sa.Text, nullable=False),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("meaning", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["movement", "agenda", "word"], ["agenda_words.movement", "agenda_words.agenda", "agenda_words.word"]
        ),
        _of("organisation", "organisations"),
    )
    op.create_index("agenda_usages_by_agenda", "agenda_usages", ["movement", "agenda", "word"])
    op.create_index("agenda_usages_by_organisation", "agenda_usages", ["movement", "organisation"])


def _create_shapers() -> None:
    op.create_table(
        "agenda_shapers",
        *_key(),
        sa.Column("agenda", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("organisation", sa.Text),
        sa.Column("how", sa.Text, nullable=False),
        _of("agenda", "agendas"),
        _of("person", "people"),
        _of("organisation", "organisations"),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="agenda_shapers_are_one"),
    )
    for column in ("agenda", "person", "organisation"):
        op.create_index(f"agenda_shapers_by_{column}", "agenda_shapers", ["movement", column])


def _create_alignments() -> None:
    op.create_table(
        "alignments",
        *_key(),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("agenda", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("signed_on", sa.Date, nullable=False),
        sa.Column("signed_for", sa.Text),
        sa.Column("ended_on", sa.Date),
        sa.Column("ended_why", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        _of("organisation", "organisations"),
        _of("agenda", "agendas"),
    )
    op.create_index("alignments_by_organisation", "alignments", ["movement", "organisation", "state"])
    op.create_index("alignments_by_agenda", "alignments", ["movement", "agenda", "state"])
    op.create_table(
        "alignment_acts",
        *_key(),
        sa.Column("alignment", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("by", sa.Date),
        sa.Column("done_on", sa.Date),
        _of("alignment", "alignments"),
    )
    op.create_index("alignment_acts_by_alignment", "alignment_acts", ["movement", "alignment"])
