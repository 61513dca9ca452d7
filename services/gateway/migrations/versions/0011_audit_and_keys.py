"""Who let whom in, in a chain; keys that are rotated, and that are used from certain addresses alone."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add what keys have, and create the audit, which the database itself keeps from being altered."""
    op.add_column("api_key", sa.Column("previous_digest", sa.Text))
    op.add_column("api_key", sa.Column("previous_until", sa.BigInteger))
    op.add_column("api_key", sa.Column("addresses", sa.Text, nullable=False, server_default=""))
    op.create_index("api_key_previous", "api_key", ["previous_digest"], unique=True)
    op.create_table(
        "audit_head",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )
    op.create_table(
        "audit_entry",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("request", sa.Text),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Index("audit_entry_of_subject", "movement", "subject", "number"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{change.lower()} BEFORE {change} ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''the audit is only appended to''; END'"
        )
        op.execute(
            "CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry "
            "FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()"
        )
