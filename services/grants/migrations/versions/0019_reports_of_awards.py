"""Reports of awards, their figures and photographs, and what an award counts."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_AWAITED = sa.text("overdue_since IS NULL")


def upgrade() -> None:
    op.create_table(
        "grant_reports",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("award_id", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("happened", sa.Text),
        sa.Column("took_part", sa.Text),
        sa.Column("changed_for_people", sa.Text),
        sa.Column("story", sa.JSON),
        sa.Column("question", sa.Text),
        sa.Column("waived_because", sa.Text),
        sa.Column("overdue_since", sa.BigInteger),
        sa.Column("submitted_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint(
            "state IN ('due', 'draft', 'submitted', 'queried', 'accepted', 'waived')", name="grant_reports_known_state"
        ),
        sa.CheckConstraint("(state = 'waived') = (waived_because IS NOT NULL)", name="grant_reports_waived_because"),
    )
    op.create_index("grant_reports_by_award", "grant_reports", ["movement", "award_id", "id"])
    op.create_index("grant_reports_by_change", "grant_reports", ["movement", "updated_at", "id"])
    op.create_index(
        "grant_reports_awaited", "grant_reports", ["due_on"], sqlite_where=_AWAITED, postgresql_where=_AWAITED
    )
    op.create_table(
        "grant_report_figures",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("report_id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("measure_version", sa.Text, nullable=False),
        sa.Column("cells", sa.JSON, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("fault", sa.Text),
        sa.ForeignKeyConstraint(["movement", "report_id"], ["grant_reports.movement", "grant_reports.id"]),
        sa.CheckConstraint("outcome IN ('taken', 'refused')", name="grant_report_figures_known_outcome"),
    )
    op.create_table(
        "grant_report_photos",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("report_id", sa.Text, primary_key=True),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("picture", sa.LargeBinary, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "report_id"], ["grant_reports.movement", "grant_reports.id"]),
    )
    op.create_table(
        "award_measures",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("award_id", sa.Text, primary_key=True),
        sa.Column("measure_version", sa.Text, primary_key=True),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
    )
