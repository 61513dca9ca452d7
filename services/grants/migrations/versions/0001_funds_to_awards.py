"""The first tables: funds, contributions, rounds, applications, awards. Money in pence, instants in microseconds."""

import sqlalchemy as sa
from alembic import op

from shared.db import infrastructure

revision = "0001"
down_revision = None

_LIVE = sa.text("state IN ('offered', 'accepted')")


def upgrade() -> None:
    infrastructure.create(op)
    _create_funds()
    _create_contributions()
    _create_rounds()
    _create_applications()
    _create_awards()


def _create_funds() -> None:
    op.create_table(
        "funds",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("grant_maker", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("promised", sa.BigInteger, nullable=False),
        sa.Column("cleared", sa.BigInteger, nullable=False),
        sa.Column("reserved", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint("0 <= reserved AND reserved <= cleared", name="funds_never_overspent"),
        sa.CheckConstraint("cleared <= promised", name="funds_cleared_as_promised"),
    )


def _create_contributions() -> None:
    op.create_table(
        "contributions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("fund_id", sa.Text, nullable=False),
        sa.Column("funder", sa.Text, nullable=False),
        sa.Column("restriction", sa.Text),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("promised", sa.BigInteger, nullable=False),
        sa.Column("cleared", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint(
            "0 < promised AND 0 <= cleared AND cleared <= promised", name="contributions_cleared_as_promised"
        ),
    )
    op.create_index("contributions_by_fund", "contributions", ["movement", "fund_id", "id"])


def _create_rounds() -> None:
    op.create_table(
        "rounds",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("fund_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("minimum", sa.BigInteger, nullable=False),
        sa.Column("maximum", sa.BigInteger, nullable=False),
        sa.Column("budget", sa.BigInteger, nullable=False),
        sa.Column("committed", sa.BigInteger, nullable=False),
        sa.Column("opens_at", sa.BigInteger),
        sa.Column("closes_at", sa.BigInteger),
        sa.Column("opened_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint("0 <= committed AND committed <= budget", name="rounds_never_overspent"),
        sa.CheckConstraint("0 < minimum AND minimum <= maximum AND minimum <= budget", name="rounds_limits_make_sense"),
        sa.CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR opens_at < closes_at", name="rounds_open_first"),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed', 'cancelled')", name="rounds_known_state"),
    )
    op.create_index("rounds_by_fund", "rounds", ["movement", "fund_id", "id"])


def _create_applications() -> None:
    op.create_table(
        "applications",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("round_id", sa.Text, nullable=False),
        sa.Column("group_name", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decline_reason", sa.Text),
        sa.Column("submitted_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
        sa.CheckConstraint("amount > 0", name="applications_ask_for_something"),
        sa.CheckConstraint(
            "state IN ('submitted', 'awarded', 'declined', 'withdrawn')", name="applications_known_state"
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)", name="applications_declined_for_a_reason"
        ),
    )
    op.create_index("applications_by_round", "applications", ["movement", "round_id", "id"])


def _create_awards() -> None:
    op.create_table(
        "awards",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("round_id", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("offered_at", sa.BigInteger, nullable=False),
        sa.Column("accepted_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "application_id"], ["applications.movement", "applications.id"]),
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
        sa.CheckConstraint("amount > 0", name="awards_are_something"),
        sa.CheckConstraint("state IN ('offered', 'accepted', 'lapsed', 'cancelled')", name="awards_known_state"),
    )
    op.create_index("awards_by_round", "awards", ["movement", "round_id", "id"])
    op.create_index(
        "awards_one_live_an_application",
        "awards",
        ["movement", "application_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
