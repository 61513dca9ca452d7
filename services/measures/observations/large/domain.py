"""What a job of a large import is asked for with, the verb that asks, and its look at what is known."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy.orm import Session

from services.measures.formats.models import Format
from services.measures.imports.models import OnError, Source
from services.measures.measures.domain import published_version
from services.measures.observations import writing
from services.measures.observations.large import lines
from services.measures.observations.large.lines import Line
from services.measures.observations.reading import Rules
from shared.errors import Fault
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


class Compared(NamedTuple):
    """How many lines are new and how many revised; and a fault of each that would change what stands still."""

    new: int
    revised: int
    shut: Sequence[Fault]


def ask(session: Session, movement: str, job: str, asked: Asked) -> Job:
    """Have a large file imported, in a job. Raises NotFound, NotPublished and NotANumber."""
    Rules.of(published_version(session, movement, asked.version))
    return jobs.ask(session, movement, job, KIND, asked)


def compare(session: Session, movement: str, source: Source, few: Sequence[Line], closed: Collection[str]) -> Compared:
    """Set lines, which are in order, beside what is known; in the closed periods no figure may change."""
    known = writing.known(session, movement, source, few[0].about, few[-1].about)
    new, revised = lines.beside(few, known)
    if not closed:
        return Compared(len(new), len(revised), ())
    shut_new, shut_revised = ([line for line in some if line.about[1] in closed] for some in (new, revised))
    reason = "the period is locked, or its return is handed in"
    faults = [Fault(None, reason, "locked_period", line.row) for line in (*shut_new, *shut_revised)]
    return Compared(len(new) - len(shut_new), len(revised) - len(shut_revised), faults)
