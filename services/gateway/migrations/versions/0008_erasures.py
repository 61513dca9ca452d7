"""Erasures that this service was told of and has still to carry out."""

from alembic import op

from shared.erasure import tables

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    tables.create(op)
