"""The first tables: people and how they are reached, memberships, permissions, pledges, activities, and the ladder."""

import sqlalchemy as sa
from alembic import op

from shared.db import infrastructure

revision = "0001"
down_revision = None


def upgrade() -> None:
    infrastructure.create(op)
    _create_people()
    _create_person_emails()
    _create_person_phones()
    _create_person_external_ids()
    _create_person_name_words()
    _create_memberships()
    _create_permissions()
    _create_pledges()
    _create_activities()
    _create_ladder_policies()
    _create_rung_changes()


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("given_name", sa.Text, nullable=False),
        sa.Column("family_name", sa.Text),
        sa.Column("known_as", sa.Text),
        sa.Column("postcode", sa.Text),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("age_band", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )


def _create_person_emails() -> None:
    op.create_table(
        "person_emails",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("is_primary", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index(
        "person_emails_one_primary",
        "person_emails",
        ["movement", "person"],
        unique=True,
        sqlite_where=sa.text("is_primary"),
        postgresql_where=sa.text("is_primary"),
    )


def _create_person_phones() -> None:
    op.create_table(
        "person_phones",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("digits", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )


def _create_person_external_ids() -> None:
    op.create_table(
        "person_external_ids",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("system", sa.Text, primary_key=True),
        sa.Column("external_id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
    )
    op.create_index("person_external_ids_by_person", "person_external_ids", ["movement", "person"])


def _create_person_name_words() -> None:
    op.create_table(
        "person_name_words",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("word", sa.LargeBinary, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )


def _create_memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("rung", sa.Text),
        sa.Column("computed_rung", sa.Text),
        sa.Column("brought_by", sa.Text),
        sa.Column("said", sa.LargeBinary, nullable=False),
        sa.Column("joined_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        sa.UniqueConstraint("movement", "person"),
    )
    op.create_index("memberships_by_rung", "memberships", ["movement", "rung", "computed_rung", "person"])


def _create_permissions() -> None:
    op.create_table(
        "permissions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("notice", sa.Text),
        sa.Column("notice_version", sa.Text),
        sa.Column("notice_language", sa.Text),
        sa.Column("decided_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("permissions_by_person", "permissions", ["movement", "person", "purpose", "channel"])


def _create_pledges() -> None:
    op.create_table(
        "pledges",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("campaign", sa.Text),
        sa.Column("due_on", sa.Date),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("pledges_by_person", "pledges", ["movement", "person"])


def _create_activities() -> None:
    op.create_table(
        "activities",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("happened_on", sa.Date, nullable=False),
        sa.Column("counterpart", sa.Text),
        sa.Column("organisation", sa.Text),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("activities_tally", "activities", ["movement", "person", "kind", "happened_on", "counterpart"])


def _create_ladder_policies() -> None:
    op.create_table(
        "ladder_policies",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("activated_at", sa.BigInteger),
        sa.Column("reviewed_up_to", sa.Text),
        sa.UniqueConstraint("movement", "version"),
    )
    op.create_index(
        "ladder_policies_one_active",
        "ladder_policies",
        ["movement"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "ladder_policies_under_review",
        "ladder_policies",
        ["movement"],
        sqlite_where=sa.text("reviewed_up_to IS NOT NULL"),
        postgresql_where=sa.text("reviewed_up_to IS NOT NULL"),
    )


def _create_rung_changes() -> None:
    op.create_table(
        "rung_changes",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("from_rung", sa.Text),
        sa.Column("to_rung", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("confirmed_by", sa.Text),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("policy_version", sa.BigInteger, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("rung_changes_by_person", "rung_changes", ["movement", "person", "id"])
