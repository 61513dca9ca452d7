"""What keeps people safe at gatherings, who may be pictured there, and when people are at work."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    _create_plans_and_contacts()
    _create_incidents()
    _create_picture_permissions()
    _create_shifts()


def _of(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", column], [f"{table}.movement", f"{table}.id"])


def _create_plans_and_contacts() -> None:
    op.create_table(
        "safety_plans",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("gathering", sa.Text, primary_key=True),
        sa.Column("leader", sa.Text),
        sa.Column("deputy", sa.Text),
        sa.Column("risk_note", sa.Text),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        _of("gatherings", "gathering"),
    )
    op.create_table(
        "emergency_contacts",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        _of("people", "person"),
        _of("gathering_slots", "slot"),
    )
    op.create_index("emergency_contacts_by_slot", "emergency_contacts", ["movement", "slot", "id"])


def _create_incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("gathering", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("happened_at", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("reported_by", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        _of("gatherings", "gathering"),
    )
    op.create_index("incidents_by_gathering", "incidents", ["movement", "gathering", "id"])
    op.create_table(
        "incident_follow_ups",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("incident", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        _of("incidents", "incident"),
    )
    op.create_index("incident_follow_ups_by_incident", "incident_follow_ups", ["movement", "incident", "id"])


def _create_picture_permissions() -> None:
    op.create_table(
        "picture_permissions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("gathering", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("use", sa.Text, nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("authority", sa.Text, nullable=False),
        sa.Column("decided_at", sa.BigInteger, nullable=False),
        _of("people", "person"),
        _of("gatherings", "gathering"),
    )
    op.create_index(
        "picture_permissions_by_gathering",
        "picture_permissions",
        ["movement", "gathering", "person", "use", "id"],
    )


def _create_shifts() -> None:
    op.create_table(
        "shifts",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("cycle_days", sa.BigInteger, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("works", sa.JSON, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "availabilities",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("shift", sa.Text),
        sa.Column("free", sa.JSON, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        _of("people", "person"),
        _of("shifts", "shift"),
    )
    op.create_index("availabilities_by_person", "availabilities", ["movement", "person"])
