"""The first tables: movements, users, sessions and sign-in attempts, API keys, the overview's totals."""

import sqlalchemy as sa
from alembic import op

from shared.db import infrastructure

revision = "0001"
down_revision = None


def upgrade() -> None:
    infrastructure.create(op)
    _create_movements()
    _create_users()
    _create_sessions()
    _create_api_keys()
    op.create_table(
        "overview_total",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("figure", sa.Text, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("as_of", sa.BigInteger, nullable=False),
    )


def _create_movements() -> None:
    op.create_table(
        "movement",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("slug", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )


def _create_users() -> None:
    op.create_table(
        "user_account",
        sa.Column("movement", sa.Text, sa.ForeignKey("movement.id"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("email", sa.Text, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("totp_secret", sa.LargeBinary),
        sa.Column("totp_confirmed", sa.Boolean, nullable=False),
        sa.Column("totp_last_step", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.UniqueConstraint("movement", "email"),
    )


def _create_sessions() -> None:
    op.create_table(
        "user_session",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False, index=True),
        sa.Column("revoked_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "user"], ["user_account.movement", "user_account.id"]),
        sa.Index("user_session_of_user", "movement", "user"),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("failures", sa.BigInteger, nullable=False),
        sa.Column("failed_at", sa.BigInteger, nullable=False, index=True),
        sa.Column("blocked_until", sa.BigInteger),
    )


def _create_api_keys() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("movement", sa.Text, sa.ForeignKey("movement.id")),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("last_used_at", sa.BigInteger),
        sa.Index("api_key_of_movement", "movement", "id"),
    )
