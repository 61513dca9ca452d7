"""Calls, visits and letters, and what is to follow them."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    op.create_table(
        "contact_log",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        *(
            sa.Column(name, sa.Text)
            for name in ("person", "organisation", "contacted_by", "step", "step_kind", "step_state")
        ),
        sa.Column("follows", sa.Text),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "what", "recorded_by")),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("step_due_on", sa.Date),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("created_at", "updated_at")),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        sa.ForeignKeyConstraint(["movement", "organisation"], ["organisations.movement", "organisations.id"]),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="contact_log_with_one"),
    )
    op.create_index("contact_log_by_person", "contact_log", ["movement", "person", "id"])
    op.create_index("contact_log_by_organisation", "contact_log", ["movement", "organisation", "id"])
    op.create_index("contact_log_next_steps", "contact_log", ["movement", "step_state", "step_due_on"])
