"""Assessments by frameworks, and what they find."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "assessments",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("framework", sa.Text, nullable=False),
        sa.Column("framework_version", sa.BigInteger, nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("programme", sa.Text),
        sa.Column("organisation", sa.Text),
        sa.Column("stage", sa.Text),
        sa.Column("assessed_on", sa.Text, nullable=False),
        sa.Column("assessor", sa.Text),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("withdrawn_because", sa.Text),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["movement", "framework", "framework_version"],
            ["framework_versions.movement", "framework_versions.framework", "framework_versions.version"],
        ),
    )
    op.create_index("assessments_by_framework", "assessments", ["movement", "framework", "state", "assessed_on"])
    op.create_table(
        "assessment_findings",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("assessment", sa.Text, primary_key=True),
        sa.Column("element", sa.Text, primary_key=True),
        sa.Column("level", sa.Text),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["movement", "assessment"], ["assessments.movement", "assessments.id"]),
    )
