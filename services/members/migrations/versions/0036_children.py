"""The ages that hold for children, programmes that may name them, their records, and children who are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    _create_rules_and_programmes()
    _create_records()
    _create_counts()


def _of(table: str, column: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", column], [f"{table}.movement", f"{table}.{key}"])


def _create_rules_and_programmes() -> None:
    op.create_table(
        "child_rules",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("jurisdiction", sa.Text, primary_key=True),
        sa.Column("child_under", sa.BigInteger, nullable=False),
        sa.Column("permission_under", sa.BigInteger, nullable=False),
        sa.Column("review_days", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "0 <= permission_under AND permission_under <= child_under AND child_under <= 18",
            name="child_rules_in_order",
        ),
        sa.CheckConstraint("review_days >= 1", name="child_rules_review_days"),
    )
    op.create_table(
        "child_programmes",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("programme", sa.Text, primary_key=True),
        sa.Column("jurisdiction", sa.Text, nullable=False),
        sa.Column("impact_assessment", sa.Text, nullable=False),
        sa.Column("review_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        _of("programmes", "programme"),
    )


def _create_records() -> None:
    op.create_table(
        "child_records",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("own_yes_on", sa.Date, nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("parent_name", sa.Text),
        sa.Column("permission_given_on", sa.Date),
        sa.Column("permission_notice", sa.Text),
        sa.Column("permission_notice_version", sa.Text),
        sa.Column("permission_notice_language", sa.Text),
        sa.Column("review_on", sa.Date, nullable=False),
        sa.Column("withdrawn_on", sa.Date),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        _of("people", "person"),
        _of("child_programmes", "programme", "programme"),
    )
    op.create_index("child_records_by_review", "child_records", ["movement", "review_on"])
    op.create_index("child_records_by_programme", "child_records", ["movement", "programme"])


def _create_counts() -> None:
    op.create_table(
        "child_counts",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("setting", sa.Text, nullable=False),
        sa.Column("programme", sa.Text),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("age_band", sa.Text),
        sa.Column("stage", sa.Text),
        sa.Column("children", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        _of("organisations", "setting"),
        _of("programmes", "programme"),
        sa.CheckConstraint("children >= 0", name="child_counts_children"),
        sa.CheckConstraint("starts_on <= ends_on", name="child_counts_in_order"),
    )
    op.create_index("child_counts_by_setting", "child_counts", ["movement", "setting"])
    op.create_index("child_counts_by_programme", "child_counts", ["movement", "programme"])
