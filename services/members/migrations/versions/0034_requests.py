"""Requests by right, and what is asked of whoever makes one."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "requests",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("asked_by", sa.Text),
        sa.Column("words", sa.Text),
        sa.Column("behalf_name", sa.Text),
        sa.Column("behalf_authority", sa.Text),
        sa.Column("behalf_evidence", sa.Text),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("acknowledge_by", sa.Date),
        sa.Column("acknowledged_on", sa.Date),
        sa.Column("begins_on", sa.Date, nullable=False),
        sa.Column("first_due_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("extended_for", sa.Text),
        sa.Column("extension_words", sa.Text),
        sa.Column("extension_told_on", sa.Date),
        sa.Column("identified", sa.Text),
        sa.Column("verified_on", sa.Date),
        sa.Column("verified_by", sa.Text),
        sa.Column("refused_for", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("told_on", sa.Date),
        sa.Column("closed_on", sa.Date),
        sa.Column("closed_by", sa.Text),
        sa.Column("called_overdue", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("requests_by_person", "requests", ["movement", "person", "id"])
    op.create_index("requests_due", "requests", ["state", "due_on", "movement"])
    op.create_table(
        "request_waits",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("answered_on", sa.Date),
        sa.ForeignKeyConstraint(["movement", "request"], ["requests.movement", "requests.id"]),
    )
    op.create_index("request_waits_by_request", "request_waits", ["movement", "request", "id"])
