"""Alembic's entry to the measures service's history."""

from services.measures.base import Base
from shared.db.migrate import run_env

run_env(Base.metadata)
