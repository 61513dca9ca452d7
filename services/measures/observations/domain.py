"""The verbs of imports of figures. One begins, stages its figures unseen, reveals them all at once, and is announced.

Each verb is one short transaction. Between them stands the import's lease: whoever works on it renews it, nobody else
may write to its version, and what is left behind when it runs out is undone (before the reveal) or finished (after).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar, NamedTuple

from sqlalchemy.orm import Session

from services.measures.imports import store as imports
from services.measures.imports.domain import Report, read_report
from services.measures.imports.models import Counts, Import, ImportStatus, Kind, Source
from services.measures.observations import writing
from services.measures.observations.models import Figure, Key
from services.measures.observations.writing import Known, Revision
from services.measures.slices import SLICE_ROWS
from services.measures.submissions import store as submissions
from shared import clock, outbox
from shared.db.session import of
from shared.errors import Conflict, Unavailable
from shared.events.measures.figures import ObservationRecorded, ObservationsImported
from shared.ids import new_id

LEASE = timedelta(seconds=30)
"""How long an import may stand still before it counts as left behind; each slice renews it."""


class ImportInProgress(Conflict):
    """An import is writing this reporter's figures of this version."""

    code, title = "import_in_progress", "Another import of these figures is at work"
    always_sent: ClassVar[Mapping[str, str]] = {"retry-after": "1"}


class PeriodClosed(Conflict):
    """A period was submitted or locked while the file was checked."""

    code, title = "period_closed", "A return or a period was closed while the file was checked; send it again"


class ImportLapsed(Unavailable):
    """The import stood still for so long that it was undone; nothing of it is kept, and it can be sent again."""

    code, title = "import_lapsed", "The import took too long between two steps and was undone"


_ITS_JOB_ENDS = datetime(9999, 1, 1, tzinfo=UTC)


class Compared(NamedTuple):
    """Figures beside what is known of them: those to write, and how many are new, revised and unchanged."""

    revisions: Sequence[Revision]
    new: int
    revised: int
    unchanged: int


def begin_import(
    session: Session,
    movement: str,
    import_id: str,
    source: Source,
    counts: Counts,
    closed: Collection[str] = (),
    *,
    job: str | None = None,
) -> None:
    """Enter an import and take the lease on these figures of the reporter. From now on no return of theirs moves.

    `closed` are the periods that stood still when the file was checked. What a job writes is undone or finished by it,
    however long it takes. Raises ImportInProgress and PeriodClosed.
    """
    now = clock.now()
    writing.hold(session, movement, source)
    if submissions.closed(session, movement, source.version, str(source.reporter)).keys() - set(closed):
        raise PeriodClosed()
    entered = imports.insert(
        session, movement, import_id, Kind.OBSERVATIONS, ImportStatus.WRITING, counts, actor=of(session).context.actor,
        created_at=now, source=source, lease_until=_ITS_JOB_ENDS if job else now + LEASE, job=job,
    )  # fmt: skip
    if not entered:
        raise ImportInProgress()


def compare(session: Session, movement: str, source: Source, figures: Sequence[Figure]) -> Compared:
    """Set figures, which are in order, beside what is known of them."""
    return beside(figures, writing.known(session, movement, source, figures[0].key, figures[-1].key))


def beside(figures: Sequence[Figure], known: Mapping[Key, Known]) -> Compared:
    """Set figures beside the newest revisions of their keys."""
    revisions: list[Revision] = []
    revised = 0
    for figure in figures:
        before = known.get(figure.key)
        if before is None:
            revisions.append(Revision(new_id("obs"), figure, 1))
        elif before.amount != figure.amount:
            revisions.append(Revision(new_id("obs"), figure, before.revision + 1))
            revised += 1
    return Compared(revisions, len(revisions) - revised, revised, len(figures) - len(revisions))


def stage_figures(
    session: Session, movement: str, import_id: str, source: Source, figures: Sequence[Figure]
) -> Compared:
    """Write one slice of an import's figures, unseen as yet. Raises ImportLapsed."""
    _at_work(session, movement, import_id, ImportStatus.WRITING)
    compared = compare(session, movement, source, figures)
    writing.insert(session, movement, source, import_id, compared.revisions)
    return compared


def reveal(session: Session, movement: str, import_id: str, counts: Counts) -> None:
    """Let all figures of an import be seen, from this moment on. Raises ImportLapsed."""
    file = _at_work(session, movement, import_id, ImportStatus.WRITING)
    file.status = ImportStatus.RELEASING.value
    file.new, file.revised, file.unchanged = counts.new, counts.revised, counts.unchanged
    file.recorded_at = clock.now()


def announce_some(session: Session, movement: str, import_id: str) -> bool:
    """Record the events of the next slice of a revealed import; answers whether there are more. Raises ImportLapsed."""
    file = _at_work(session, movement, import_id, ImportStatus.RELEASING)
    rows = writing.of_import(session, movement, import_id, after=file.released_through or "", limit=SLICE_ROWS)
    for observation, place, period in rows:
        event = ObservationRecorded(version=str(file.version), observation=observation, place=place, period=period)
        outbox.record(session, event)
    if rows:
        file.released_through = rows[-1][0]
    return len(rows) == SLICE_ROWS


def complete_import(session: Session, movement: str, import_id: str) -> Report:
    """End an import whose figures are all announced, and answer its report. Raises ImportLapsed."""
    file = _at_work(session, movement, import_id, ImportStatus.RELEASING)
    file.status, file.lease_until = ImportStatus.RECORDED.value, None
    if recorded := file.new + file.revised:
        event = ObservationsImported(version=str(file.version), import_id=import_id, recorded=recorded)
        outbox.record(session, event)
    session.flush()
    return read_report(session, movement, import_id, Kind.OBSERVATIONS)


def take_over(session: Session, movement: str, import_id: str) -> ImportStatus | None:
    """Renew a lapsed lease and answer what is to be done: DISCARDING or RELEASING; None if somebody else was faster."""
    now = clock.now()
    file = writing.lock_import(session, movement, import_id)
    if file is None or file.lease_until is None or file.lease_until >= now:
        return None
    if file.status == ImportStatus.WRITING:
        file.status = ImportStatus.DISCARDING.value
    file.lease_until = now + LEASE
    return ImportStatus(file.status)


def abandon(session: Session, movement: str, import_id: str) -> None:
    """Give up what a job was writing: it is to be discarded."""
    file = writing.lock_import(session, movement, import_id)
    if file is not None and file.status == ImportStatus.WRITING:
        file.status = ImportStatus.DISCARDING.value


def discard_some(session: Session, movement: str, import_id: str) -> bool:
    """Delete the next slice of an import that failed; answers whether there are more. Raises ImportLapsed."""
    file = _at_work(session, movement, import_id, ImportStatus.DISCARDING)
    rows = writing.of_import(session, movement, import_id, after="", limit=SLICE_ROWS)
    writing.delete(session, movement, [observation for observation, _, _ in rows])
    more = len(rows) == SLICE_ROWS
    if not more:
        file.status, file.lease_until = ImportStatus.FAILED.value, None
    return more


def _at_work(session: Session, movement: str, import_id: str, status: ImportStatus) -> Import:
    """The import, locked, its lease renewed, provided that it still is where its worker believes it to be."""
    file = writing.lock_import(session, movement, import_id)
    if file is None or file.status != status or file.lease_until is None:
        raise ImportLapsed()
    file.lease_until = max(file.lease_until, clock.now() + LEASE)
    return file
