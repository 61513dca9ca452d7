"""The long work that the gateway does in jobs: every kind of it."""

from services.gateway.crm.backfill import Backfill
from services.gateway.crm.removal import Removal
from shared.jobs.work import Kind

KINDS: list[Kind] = [Backfill(), Removal()]
