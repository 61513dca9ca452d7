"""Erasures that this service was told of and has still to carry out."""

from alembic import op

from shared.erasure import tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    tables.create(op)
