"""Erasures, the receipts of the services, what is held, and the digests that keep imports from undoing one."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("verified_how", sa.Text),
        sa.Column("verified_by", sa.Text),
        sa.Column("verified_at", sa.BigInteger),
        sa.Column("refused_because", sa.Text),
        sa.Column("refused_at", sa.BigInteger),
        sa.Column("begun_by", sa.Text),
        sa.Column("begun_at", sa.BigInteger),
        sa.Column("admitted_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("backups_lapse_on", sa.Date),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_index("erasures_by_state", "erasures", ["movement", "state", "id"])
    op.create_index("erasures_by_person", "erasures", ["movement", "person"])
    op.create_table(
        "erasure_receipts",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("erasure", sa.Text, primary_key=True),
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("records", sa.BigInteger),
        sa.Column("answered_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "erasure"], ["erasures.movement", "erasures.id"]),
    )
    op.create_table(
        "erasure_held",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("erasure", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("records", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.ForeignKeyConstraint(["movement", "erasure"], ["erasures.movement", "erasures.id"]),
    )
    op.create_index("erasure_held_until", "erasure_held", ["until"])
    op.create_table(
        "suppressions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("since", sa.Date, nullable=False),
    )
