"""Pledges of organisations too, kept, released or overdue, and shown openly by permission: the table anew, as it was
filled."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

DUE = "state = 'made' AND due_on IS NOT NULL"
GIVEN_BY = "given_by IS NOT NULL"


def upgrade() -> None:
    # SQLite cannot let a column be null that could not be: the rows move into a new table, on both databases alike.
    op.drop_index("pledges_by_person", "pledges")
    op.rename_table("pledges", "pledges_before")
    _create_pledges()
    op.execute(
        "INSERT INTO pledges (movement, id, version, person, text, campaign, due_on, state, made_at, made_by,"
        " updated_at) SELECT movement, id, 1, person, text, campaign, due_on, 'made', made_at, 'service:members',"
        " made_at FROM pledges_before"
    )
    op.drop_table("pledges_before")
    _create_indexes()


def _create_pledges() -> None:
    op.create_table(
        "pledges",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("organisation", sa.Text),
        sa.Column("given_by", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("campaign", sa.Text),
        sa.Column("due_on", sa.Date),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("overdue_at", sa.BigInteger),
        sa.Column("settled_on", sa.Date),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("settled_by", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("published_at", sa.BigInteger),
        sa.Column("permitted_by", sa.Text),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        sa.ForeignKeyConstraint(["movement", "organisation"], ["organisations.movement", "organisations.id"]),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="pledges_have_one_giver"),
        sa.CheckConstraint("(published_at IS NULL) = (permitted_by IS NULL)", name="pledges_published_by_permission"),
    )


def _create_indexes() -> None:
    op.create_index("pledges_by_person", "pledges", ["movement", "person"])
    op.create_index("pledges_by_organisation", "pledges", ["movement", "organisation"])
    op.create_index("pledges_by_campaign", "pledges", ["movement", "campaign", "id"])
    for name, column, where in (("pledges_due", "due_on", DUE), ("pledges_by_who_gave_them", "given_by", GIVEN_BY)):
        only = sa.text(where)
        op.create_index(name, "pledges", ["movement", column], sqlite_where=only, postgresql_where=only)
