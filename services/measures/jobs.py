"""The long work that this service does in jobs: every kind of it."""

from services.measures.observations.large.work import LargeImportKind
from services.measures.postcodes.work import DirectoryKind
from shared.jobs.work import Kind

KINDS: list[Kind] = [LargeImportKind(), DirectoryKind()]
