"""Ends of organisations that can lie ahead and be undone: what is to pass on, and what became of each thing."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

_PLANNED = sa.text("state = 'planned'")


def _of_organisation(column: str = "organisation") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", column], ["organisations.movement", "organisations.id"])


def upgrade() -> None:
    op.create_table(
        "organisation_endings",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, primary_key=True),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        _of_organisation(),
    )
    op.create_index(
        "organisation_endings_planned",
        "organisation_endings",
        ["on_day"],
        sqlite_where=_PLANNED,
        postgresql_where=_PLANNED,
    )
    op.create_table(
        "organisation_takings",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, primary_key=True),
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("successor", sa.Text, nullable=False),
        _of_organisation(),
        _of_organisation("successor"),
    )
    op.create_table(
        "organisation_passages",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, primary_key=True),
        sa.Column("onward", sa.Text),
        sa.Column("was", sa.Date),
        _of_organisation(),
    )
