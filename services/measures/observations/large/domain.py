"""What a job of a large import is asked for with, and the verb that asks."""

import msgspec
from sqlalchemy.orm import Session

from services.measures.formats.models import Format
from services.measures.imports.models import OnError, Source
from services.measures.measures.domain import published_version
from services.measures.observations.reading import Rules
from shared.jobs import domain as jobs
from shared.jobs.models import Job

KIND = "observations_import"


class Asked(msgspec.Struct, frozen=True):
    """Whose figures of which version a file holds, how it is to be read, and what is to be done with bad rows."""

    version: str
    reporter: str
    provenance: str | None
    reason: str | None
    columns: str
    dry_run: bool
    on_error: OnError
    format: Format = Format.CSV

    @property
    def source(self) -> Source:
        """What their import is entered with."""
        return Source(self.version, self.reporter, self.provenance, self.reason)

    @property
    def whose(self) -> tuple[str, str]:
        """Version and reporter."""
        return self.version, self.reporter


def ask(session: Session, movement: str, job: str, asked: Asked) -> Job:
    """Have a large file imported, in a job. Raises NotFound, NotPublished and NotANumber."""
    Rules.of(published_version(session, movement, asked.version))
    return jobs.ask(session, movement, job, KIND, asked)
