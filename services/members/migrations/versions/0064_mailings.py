"""Mailing tools and their lists, what came back from addresses, the quiet list, and mailings."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"

_OF_TOOL = (["movement", "tool"], ["mailing_tools.movement", "mailing_tools.id"])
_OF_PERSON = (["movement", "person"], ["people.movement", "people.id"])
_OF_ORGANISATION = (["movement", "organisation"], ["organisations.movement", "organisations.id"])


def upgrade() -> None:
    _create_tools()
    _create_held_back()
    _create_mailings()


def _create_tools() -> None:
    op.create_table(
        "mailing_tools",
        *_key("id"),
        sa.Column("version", sa.BigInteger, nullable=False),
        *_texts("kind", "name", "organisation", "purpose", "list", "address", "state"),
        *(sa.Column(name, sa.LargeBinary, nullable=False) for name in ("sealed", "hook_digest")),
        sa.Column("trouble", sa.Text),
        *(sa.Column(name, sa.BigInteger) for name in ("read_until", "synced_at")),
        *_moments("busy_until", "created_at", "updated_at"),
        sa.ForeignKeyConstraint(*_OF_ORGANISATION),
    )
    op.create_index("mailing_tools_by_organisation", "mailing_tools", ["movement", "organisation"])
    op.create_table(
        "mailing_entries",
        *_key("tool", "address"),
        *_texts("person", "stands"),
        sa.Column("leaving", sa.Boolean, nullable=False),
        *_moments("updated_at"),
        sa.ForeignKeyConstraint(*_OF_TOOL),
        sa.ForeignKeyConstraint(*_OF_PERSON),
    )
    op.create_index("mailing_entries_by_person", "mailing_entries", ["movement", "person"])
    op.create_table(
        "mailing_forgettings",
        *_key("id"),
        *_texts("tool"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        *_moments("asked_at"),
        sa.ForeignKeyConstraint(*_OF_TOOL),
    )


def _create_held_back() -> None:
    op.create_table(
        "mailing_returns",
        *_key("id"),
        sa.Column("version", sa.BigInteger, nullable=False),
        *_texts("tool", "purpose", "kind", "via"),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("unclear", sa.Boolean, nullable=False),
        *_moments("told_at", "created_at", "updated_at"),
        sa.Column("lifted_at", sa.BigInteger),
        sa.Column("lifted_why", sa.Text),
        sa.ForeignKeyConstraint(*_OF_TOOL),
    )
    op.create_index("mailing_returns_by_digest", "mailing_returns", ["movement", "digest"])
    op.create_table(
        "mailing_return_people",
        *_key("mail_return", "person"),
        sa.Column("said_it", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["movement", "mail_return"], ["mailing_returns.movement", "mailing_returns.id"]),
        sa.ForeignKeyConstraint(*_OF_PERSON),
    )
    op.create_index("mailing_return_people_by_person", "mailing_return_people", ["movement", "person"])
    op.create_table(
        "mailing_quiet",
        *_key("id"),
        *_texts("person", "recorded_by"),
        sa.Column("until", sa.Date),
        *_moments("created_at"),
        sa.Column("ended_at", sa.BigInteger),
        sa.ForeignKeyConstraint(*_OF_PERSON),
    )
    op.create_index("mailing_quiet_by_person", "mailing_quiet", ["movement", "person"])


def _create_mailings() -> None:
    op.create_table(
        "mailings",
        *_key("id"),
        sa.Column("version", sa.BigInteger, nullable=False),
        *_texts("name", "tool", "segment", "state"),
        *(sa.Column(name, sa.Text) for name in ("campaign", "job", "organisation", "group")),
        *(sa.Column(name, sa.BigInteger) for name in ("handed", "sent_at")),
        *_moments("created_at", "updated_at"),
        sa.ForeignKeyConstraint(*_OF_TOOL),
        sa.ForeignKeyConstraint(*_OF_ORGANISATION),
    )
    op.create_index("mailings_by_tool", "mailings", ["movement", "tool"])
    op.create_index("mailings_by_organisation", "mailings", ["movement", "organisation"])
    op.create_table(
        "mailing_recipients",
        *_key("id"),
        *_texts("mailing", "person", "state"),
        *(sa.Column(name, sa.Text) for name in ("address", "reason")),
        *_moments("at"),
        sa.ForeignKeyConstraint(["movement", "mailing"], ["mailings.movement", "mailings.id"]),
        sa.ForeignKeyConstraint(*_OF_PERSON),
    )
    op.create_index("mailing_recipients_by_mailing", "mailing_recipients", ["movement", "mailing", "state", "id"])
    op.create_index("mailing_recipients_by_person", "mailing_recipients", ["movement", "person"])


def _key(*columns: str) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.Text, primary_key=True) for name in ("movement", *columns)]


def _texts(*columns: str) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.Text, nullable=False) for name in columns]


def _moments(*columns: str) -> list["sa.Column[int]"]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in columns]
