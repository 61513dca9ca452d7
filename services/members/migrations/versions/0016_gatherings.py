"""Gatherings, their slots and series, and the bookings of them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    _create_gatherings()
    _create_slots()
    _create_series()
    _create_bookings()
    _create_companions()


def _create_gatherings() -> None:
    op.create_table(
        "gatherings",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("place_name", sa.Text),
        sa.Column("address", sa.Text),
        sa.Column("postcode", sa.Text),
        sa.Column("online_url", sa.Text),
        sa.Column("access", sa.JSON, nullable=False),
        sa.Column("access_notes", sa.Text),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("cancelled_because", sa.Text),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "organisation"], ["organisations.movement", "organisations.id"]),
    )
    op.create_index("gatherings_by_organisation", "gatherings", ["movement", "organisation"])


def _create_slots() -> None:
    op.create_table(
        "gathering_slots",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("gathering", sa.Text, nullable=False),
        sa.Column("series", sa.Text),
        sa.Column("starts_at", sa.BigInteger, nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("capacity", sa.BigInteger),
        sa.Column("booked", sa.BigInteger, nullable=False),
        sa.Column("line", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("head_count", sa.BigInteger),
        sa.Column("head_count_bound", sa.Text),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "gathering"], ["gatherings.movement", "gatherings.id"]),
        sa.CheckConstraint(
            "booked >= 0 AND (capacity IS NULL OR booked <= capacity)", name="gathering_slots_not_overbooked"
        ),
    )
    op.create_index("gathering_slots_by_gathering", "gathering_slots", ["movement", "gathering", "starts_at", "id"])
    op.create_index("gathering_slots_by_end", "gathering_slots", ["movement", "ends_at"])


def _create_series() -> None:
    op.create_table(
        "gathering_series",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("gathering", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("first", sa.DateTime, nullable=False),
        sa.Column("minutes", sa.BigInteger, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("capacity", sa.BigInteger),
        sa.Column("made_until", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "gathering"], ["gatherings.movement", "gatherings.id"]),
    )
    op.create_index("gathering_series_by_gathering", "gathering_series", ["movement", "gathering", "id"])
    op.create_index(
        "gathering_series_due",
        "gathering_series",
        ["made_until"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _create_bookings() -> None:
    op.create_table(
        "bookings",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("gathering", sa.Text, nullable=False),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("places", sa.BigInteger, nullable=False),
        sa.Column("line", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("booked_at", sa.BigInteger),
        sa.Column("cancelled_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        sa.ForeignKeyConstraint(["movement", "slot"], ["gathering_slots.movement", "gathering_slots.id"]),
    )
    op.create_index("bookings_by_slot", "bookings", ["movement", "slot", "state", "line"])
    op.create_index("bookings_by_gathering", "bookings", ["movement", "gathering", "id"])
    op.create_index("bookings_by_person", "bookings", ["movement", "person", "id"])


def _create_companions() -> None:
    op.create_table(
        "booking_companions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("booking", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("people", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Text),
        sa.ForeignKeyConstraint(["movement", "booking"], ["bookings.movement", "bookings.id"]),
        sa.CheckConstraint("kind <> 'child' OR person IS NULL", name="booking_companions_no_child_named"),
    )
    op.create_index("booking_companions_by_booking", "booking_companions", ["movement", "booking"])
