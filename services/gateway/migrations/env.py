"""Runs this service's migrations; everything about how is in the one runner."""

from services.gateway.base import Base
from shared.db.migrate import run_env

run_env(Base.metadata)
