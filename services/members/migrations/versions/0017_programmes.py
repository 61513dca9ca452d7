"""Programmes, what they are aligned to, their partners, the backbone's dated roles, and taper plans."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    _create_programmes()
    _create_alignments()
    _create_partners()
    _create_roles()
    _create_tapers()


def _of_programme() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", "programme"], ["programmes.movement", "programmes.id"])


def _of_organisation(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", column], ["organisations.movement", "organisations.id"])


def _create_programmes() -> None:
    op.create_table(
        "programmes",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("lead", sa.Text, nullable=False),
        sa.Column("aims", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date),
        sa.Column("ended_on", sa.Date),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        _of_organisation("lead"),
    )
    op.create_index("programmes_by_lead", "programmes", ["movement", "lead"])


def _create_alignments() -> None:
    op.create_table(
        "programme_alignments",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("programme", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("word", sa.Text, primary_key=True),
        _of_programme(),
    )


def _create_partners() -> None:
    op.create_table(
        "programme_partners",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        _of_programme(),
        _of_organisation("organisation"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on > starts_on", name="programme_partners_in_order"),
    )
    op.create_index("programme_partners_by_programme", "programme_partners", ["movement", "programme", "starts_on"])
    op.create_index("programme_partners_by_organisation", "programme_partners", ["movement", "organisation"])


def _create_roles() -> None:
    op.create_table(
        "programme_roles",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("why", sa.Text),
        sa.Column("ended_why", sa.Text),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        _of_programme(),
        sa.CheckConstraint("ended_on IS NULL OR ended_on > starts_on", name="programme_roles_in_order"),
    )
    op.create_index("programme_roles_by_programme", "programme_roles", ["movement", "programme", "starts_on"])


def _create_tapers() -> None:
    op.create_table(
        "programme_tapers",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("successor", sa.Text),
        sa.Column("arrangement", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("done_on", sa.Date),
        sa.Column("note", sa.Text),
        sa.Column("settled_by", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        _of_programme(),
        _of_organisation("successor"),
    )
    op.create_index("programme_tapers_by_programme", "programme_tapers", ["movement", "programme", "id"])
    op.create_index("programme_tapers_by_day", "programme_tapers", ["movement", "ends_on", "id"])
