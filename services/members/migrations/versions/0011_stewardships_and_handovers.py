"""Who keeps which relationship, caretakers, and the lists of those who left."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the four tables."""
    _create_stewardships()
    op.create_table(
        "caretakers",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("circle", sa.Text),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("agreed_on", sa.Date, nullable=False),
        sa.Column("named_by", sa.Text, nullable=False),
        sa.Column("named_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "circle"], ["circles.movement", "circles.id"]),
    )
    op.create_index("caretakers_by_circle", "caretakers", ["movement", "circle", "id"])
    _create_handovers()


def _create_stewardships() -> None:
    op.create_table(
        "stewardships",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("about_person", sa.Text),
        sa.Column("about_organisation", sa.Text),
        sa.Column("about_circle", sa.Text),
        sa.Column("about_asset", sa.Text),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", sa.Date),
        sa.Column("in_place_of", sa.Text),
        sa.Column("handover_item", sa.Text),
        sa.Column("offered_by", sa.Text, nullable=False),
        sa.Column("offered_at", sa.BigInteger, nullable=False),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", sa.BigInteger),
        sa.Column("told_us_on", sa.Date),
        sa.Column("ended_on", sa.Date),
        sa.Column("ended_reason", sa.Text),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "about_organisation"], ["organisations.movement", "organisations.id"]),
        sa.ForeignKeyConstraint(["movement", "about_circle"], ["circles.movement", "circles.id"]),
        sa.ForeignKeyConstraint(["movement", "about_asset"], ["assets.movement", "assets.id"]),
        sa.CheckConstraint(
            "(CASE WHEN about_person IS NULL THEN 0 ELSE 1 END) + (CASE WHEN about_organisation IS NULL THEN 0 ELSE 1"
            " END) + (CASE WHEN about_circle IS NULL THEN 0 ELSE 1 END) + (CASE WHEN about_asset IS NULL THEN 0 ELSE 1"
            " END) = 1",
            name="stewardships_about_one",
        ),
    )
    op.create_index("stewardships_by_holder", "stewardships", ["movement", "holder", "state"])
    for kind in ("person", "organisation", "circle", "asset"):
        op.create_index(f"stewardships_about_{kind}", "stewardships", ["movement", f"about_{kind}"])


def _create_handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text),
        sa.Column("caretaker", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("leaving_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("person_needed", sa.Boolean, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.create_index("handovers_by_state", "handovers", ["movement", "state", "due_on"])
    op.create_table(
        "handover_items",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("handover", sa.Text, nullable=False),
        sa.Column("was", sa.Text, nullable=False),
        sa.Column("care", sa.Text),
        sa.Column("offer", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("introduced_on", sa.Date),
        sa.Column("introduced_how", sa.Text),
        sa.Column("ended_reason", sa.Text),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "handover"], ["handovers.movement", "handovers.id"]),
        sa.ForeignKeyConstraint(["movement", "was"], ["stewardships.movement", "stewardships.id"]),
    )
    op.create_index("handover_items_by_handover", "handover_items", ["movement", "handover", "id"])
