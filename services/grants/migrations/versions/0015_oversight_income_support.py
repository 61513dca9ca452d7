"""How delegated awards are overseen; the backbone's own income and what it brought in; who walks beside a group."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    _create_oversight()
    _create_finances()
    _create_support()


def _create_oversight() -> None:
    op.create_table(
        "oversight_rules",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("fund_id", sa.Text, primary_key=True),
        sa.Column("stage", sa.Text, primary_key=True),
        sa.Column("look_at", sa.Text, nullable=False),
        sa.Column("one_in", sa.BigInteger),
        sa.Column("sign_above", sa.BigInteger),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint("look_at IN ('every', 'sample', 'none')", name="oversight_rules_known_look"),
        sa.CheckConstraint("(look_at = 'sample') = (one_in IS NOT NULL)", name="oversight_rules_size_of_sample"),
        sa.CheckConstraint("one_in > 0", name="oversight_rules_sample_of_some"),
        sa.CheckConstraint("sign_above >= 0", name="oversight_rules_sign_above"),
    )
    op.create_table(
        "countersignatures",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("award_id", sa.Text, primary_key=True),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("signed_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
    )


def _create_finances() -> None:
    op.create_table(
        "income",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("funder", sa.Text, nullable=False),
        sa.Column("funder_organisation", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("tied_to", sa.Text),
        sa.Column("programme", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        *_edited(),
        sa.CheckConstraint("amount > 0", name="income_is_something"),
        sa.CheckConstraint("starts_on <= ends_on", name="income_starts_first"),
        sa.CheckConstraint("kind IN ('core', 'tied')", name="income_known_kind"),
        sa.CheckConstraint("state IN ('sought', 'secured', 'lost')", name="income_known_state"),
        sa.CheckConstraint("(kind = 'tied') = (tied_to IS NOT NULL)", name="income_tied_to_something"),
    )
    op.create_table(
        "running_costs",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("monthly", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint("monthly > 0", name="running_costs_are_something"),
    )
    op.create_table(
        "investments",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("investor", sa.Text, nullable=False),
        sa.Column("investor_organisation", sa.Text),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("recipient_organisation", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("our_part", sa.Text, nullable=False),
        sa.Column("programme", sa.Text),
        sa.Column("fund_id", sa.Text),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("agreed_on", sa.Date, nullable=False),
        *_edited(),
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint("amount > 0", name="investments_are_something"),
        sa.CheckConstraint("kind IN ('cash', 'in_kind')", name="investments_known_kind"),
    )


def _create_support() -> None:
    op.create_table(
        "support_contacts",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        *_edited(),
        sa.ForeignKeyConstraint(["movement", "application_id"], ["applications.movement", "applications.id"]),
    )
    op.create_index("support_contacts_by_application", "support_contacts", ["movement", "application_id", "id"])
    op.create_index("support_contacts_by_person", "support_contacts", ["movement", "person"])
    op.create_table(
        "support_notes",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("contact_id", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("words", sa.Text),
        sa.Column("next_step", sa.Text),
        sa.Column("next_on", sa.Date),
        sa.Column("user", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "contact_id"], ["support_contacts.movement", "support_contacts.id"]),
    )
    op.create_index("support_notes_by_contact", "support_notes", ["movement", "contact_id", "id"])


def _edited() -> list["sa.Column[int]"]:
    return [
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    ]
