"""Commitments of people and organisations, and the notes on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    _create_commitments()
    _create_notes()


def _create_commitments() -> None:
    op.create_table(
        "commitments",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("organisation", sa.Text),
        sa.Column("programme", sa.Text),
        sa.Column("campaign", sa.Text),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("hundredths", sa.BigInteger),
        sa.Column("unit", sa.Text),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("settled_by", sa.Text),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        sa.ForeignKeyConstraint(["movement", "organisation"], ["organisations.movement", "organisations.id"]),
        sa.ForeignKeyConstraint(["movement", "programme"], ["programmes.movement", "programmes.id"]),
        sa.ForeignKeyConstraint(["movement", "campaign"], ["campaigns.movement", "campaigns.id"]),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="commitments_have_one_giver"),
        sa.CheckConstraint("(programme IS NULL) <> (campaign IS NULL)", name="commitments_have_one_frame"),
        sa.CheckConstraint("(hundredths IS NULL) = (unit IS NULL)", name="commitments_count_in_a_unit"),
        sa.CheckConstraint("starts_on <= ends_on", name="commitments_in_order"),
    )
    for column in ("person", "organisation", "programme", "campaign"):
        op.create_index(f"commitments_by_{column}", "commitments", ["movement", column])


def _create_notes() -> None:
    op.create_table(
        "commitment_notes",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("commitment", sa.Text, nullable=False),
        sa.Column("noted_on", sa.Date, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("hundredths", sa.BigInteger),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["movement", "commitment"], ["commitments.movement", "commitments.id"]),
    )
    op.create_index("commitment_notes_by_commitment", "commitment_notes", ["movement", "commitment", "id"])
