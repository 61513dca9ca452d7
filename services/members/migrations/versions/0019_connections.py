"""Introductions: connectors' cases, what was said in them, their introductions, unmet wishes, people kept apart."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    _create_connections()
    _create_introductions()
    _create_conversations()
    _create_unmet_wishes()
    _create_kept_apart()


def _create_connections() -> None:
    op.create_table(
        "connections",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("connector", sa.Text, nullable=False),
        sa.Column("referred_by_person", sa.Text),
        sa.Column("referred_by_organisation", sa.Text),
        sa.Column("tell_referrer", sa.Text, nullable=False),
        sa.Column("told_at", sa.BigInteger),
        sa.Column("wished", sa.JSON, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("state_since", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        sa.ForeignKeyConstraint(
            ["movement", "referred_by_organisation"], ["organisations.movement", "organisations.id"]
        ),
    )
    op.create_index("connections_by_person", "connections", ["movement", "person"])
    op.create_index("connections_by_state", "connections", ["movement", "state", "state_since"])
    op.create_index("connections_by_connector", "connections", ["movement", "connector"])


def _create_introductions() -> None:
    op.create_table(
        "introductions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("connection", sa.Text, nullable=False),
        sa.Column("asset", sa.Text, nullable=False),
        sa.Column("as_volunteer", sa.Boolean, nullable=False),
        sa.Column("host", sa.Text),
        sa.Column("authority", sa.Text, nullable=False),
        sa.Column("consulted", sa.JSON, nullable=False),
        sa.Column("review_on", sa.Date),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("state_since", sa.BigInteger, nullable=False),
        sa.Column("declaration", sa.BigInteger),
        sa.Column("permitted_at", sa.BigInteger, nullable=False),
        sa.Column("introduced_at", sa.BigInteger),
        sa.Column("attended_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "connection"], ["connections.movement", "connections.id"]),
        sa.ForeignKeyConstraint(["movement", "asset"], ["assets.movement", "assets.id"]),
    )
    op.create_index("introductions_by_connection", "introductions", ["movement", "connection"])
    op.create_index("introductions_by_asset", "introductions", ["movement", "asset", "state"])
    op.create_index("introductions_by_state", "introductions", ["movement", "state", "state_since"])


def _create_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("connection", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "connection"], ["connections.movement", "connections.id"]),
    )
    op.create_index("conversations_by_connection", "conversations", ["movement", "connection"])


def _create_unmet_wishes() -> None:
    op.create_table(
        "unmet_wishes",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("theme", sa.Text, nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("noted_on", sa.Date, nullable=False),
    )
    op.create_index("unmet_wishes_by_theme", "unmet_wishes", ["movement", "theme", "place"])


def _create_kept_apart() -> None:
    op.create_table(
        "kept_apart",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("other", sa.Text, nullable=False),
        sa.Column("review_on", sa.Date),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_index("kept_apart_by_person", "kept_apart", ["movement", "person"])
    op.create_index("kept_apart_by_other", "kept_apart", ["movement", "other"])
