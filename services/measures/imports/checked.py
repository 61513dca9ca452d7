"""A file that has been read and checked, and what every import does with it: count, keep its faults, refuse, report.

A job of several transactions, so this stands between the routes and the verbs and runs each of them on the call.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import Response
from sqlalchemy.orm import Session

from services.measures.imports import domain
from services.measures.imports.domain import FaultyRows
from services.measures.imports.models import Counts, ImportStatus, Kind, Source
from services.measures.imports.schemas import ImportReport, faults_url
from services.measures.sheets import Sheet
from services.measures.slices import slices
from shared.calls import CallOf
from shared.errors import Fault
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file whose every row was looked at, under the id of its import. `source` says whose its figures are."""

    kind: Kind
    counts: Counts
    faults: Sequence[Fault]
    source: Source | None = None
    id: str = field(default_factory=lambda: new_id("imp"))

    @classmethod
    def of(
        cls, kind: Kind, sheet: Sheet, faults: Sequence[Fault], repeated: int, source: Source | None = None
    ) -> "CheckedFile":
        """The file of this sheet, in which so many rows only repeat another."""
        faulty = len({fault.row for fault in faults})
        counts = Counts(rows=sheet.row_count, repeated=repeated, faulty=faulty, faults=len(faults))
        return cls(kind, counts, sorted(faults, key=lambda fault: fault.row or 0), source)

    async def keep_faults(self, call: CallOf) -> None:
        """Keep every fault, in slices."""
        first = 1
        for few in slices(self.faults):
            await call.bound.write(domain.keep_faults, call.movement, self.id, first, few)
            first += len(few)

    async def refuse(self, call: CallOf) -> FaultyRows:
        """Keep what is wrong with the file, and answer the error to raise: nothing else of it is kept."""
        await self.keep_faults(call)
        await call.bound.write(
            domain.keep_report, call.movement, self.id, self.kind, ImportStatus.REJECTED, self.counts, self.source
        )
        return FaultyRows(
            f"{self.counts.faulty} of {self.counts.rows} rows have faults; on_error=skip takes the others",
            faults=self.faults,
            import_id=self.id,
            faults_url=faults_url(self.kind, self.id),
        )

    async def report(self, call: CallOf, status: ImportStatus, counts: Counts) -> Response:
        """Keep what came of the file, with its faults, and answer it: 200 for a dry run, else the route's status."""
        await self.keep_faults(call)
        return await call.write(
            domain.keep_report, self.id, self.kind, status, counts, self.source,
            answer=ImportReport.of, status=200 if status is ImportStatus.DRY_RUN else None,
        )  # fmt: skip


class _FirstTime(Exception):
    """The request's Idempotency-Key has not been answered yet."""


async def answered_before(call: CallOf) -> Response | None:
    """The first answer to this Idempotency-Key, or None: asked before a job that takes several transactions starts."""
    try:
        return await call.write(_not_answered, answer=None)
    except _FirstTime:
        return None


def _not_answered(session: Session, movement: str) -> None:
    """A verb is reached only where there is no first answer; raising undoes its empty transaction."""
    raise _FirstTime
