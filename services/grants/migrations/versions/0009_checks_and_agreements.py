"""What stands before every payment: checks of groups, by the rules of a fund, and agreements that groups accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_STANDS = sa.text("state <> 'replaced'")


def upgrade() -> None:
    op.add_column("awards", sa.Column("people_at_risk", sa.Boolean))
    op.add_column("awards", sa.Column("terms", sa.BigInteger, nullable=False, server_default="1"))
    _create_checks()
    _create_agreements()


def _create_checks() -> None:
    op.create_table(
        "check_rules",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("fund_id", sa.Text, primary_key=True),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("days", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint("days > 0", name="check_rules_count_for_a_time"),
    )
    op.create_table(
        "group_checks",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("award_id", sa.Text, nullable=False),
        sa.Column("group_key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("seen", sa.Text),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("done_on", sa.Date, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_reason", sa.Text),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint("outcome IN ('done', 'waived')", name="group_checks_known_outcome"),
        sa.CheckConstraint(
            "kind IN ('governing_document', 'account_signatories', 'account_name', 'safeguarding', 'objects')",
            name="group_checks_known",
        ),
        sa.CheckConstraint("(outcome = 'waived') = (reason IS NOT NULL)", name="group_checks_waived_for_a_reason"),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name="group_checks_withdrawn_by_somebody",
        ),
    )
    op.create_index("group_checks_by_group", "group_checks", ["movement", "group_key", "kind", "id"])
    op.create_index("group_checks_by_award", "group_checks", ["movement", "award_id", "id"])


def _create_agreements() -> None:
    op.create_table(
        "agreement_texts",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("published_by", sa.Text, nullable=False),
        sa.Column("published_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "award_agreements",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("award_id", sa.Text, nullable=False),
        sa.Column("terms", sa.BigInteger, nullable=False),
        sa.Column("text_number", sa.BigInteger, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("link_digest", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("way", sa.Text),
        sa.Column("recorded_by", sa.Text),
        sa.Column("evidence", sa.Text),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("accepted_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint("state IN ('open', 'accepted', 'replaced')", name="award_agreements_known_state"),
        sa.CheckConstraint("way IN ('click', 'signature', 'call')", name="award_agreements_known_way"),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_at IS NOT NULL) AND (state = 'accepted') = (way IS NOT NULL)",
            name="award_agreements_accepted_in_a_way",
        ),
        sa.CheckConstraint(
            "way IS NULL OR (way = 'click') = (recorded_by IS NULL)", name="award_agreements_noted_by_somebody"
        ),
    )
    op.create_index(
        "award_agreements_one_stands", "award_agreements", ["movement", "award_id", "terms"],
        unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS,
    )  # fmt: skip
    op.create_index("award_agreements_by_award", "award_agreements", ["movement", "award_id", "id"])
    op.create_index("award_agreements_by_link", "award_agreements", ["movement", "link_digest"], unique=True)
    op.create_table(
        "agreement_signatories",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("agreement_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["movement", "agreement_id"], ["award_agreements.movement", "award_agreements.id"]),
    )
