"""The long work that this service does in jobs: every kind of it."""

from services.grants.open_data.imports.work import GrantsImportKind
from shared.jobs.work import Kind

KINDS: list[Kind] = [GrantsImportKind()]
