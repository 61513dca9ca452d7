"""What is kept of every file that was sent: its counts and its faults, whether or not anything of it was taken."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.imports import store
from services.measures.imports.models import Counts, Import, ImportFault, ImportStatus, Kind, Source
from shared import clock
from shared.db.session import of
from shared.errors import Fault, Invalid, NotFound

FAULTS_IN_AN_ANSWER = 100


class FaultyRows(Invalid):
    """Rows of the file have faults and the caller did not ask to skip them: nothing of it was taken."""

    code, title = "faulty_rows", "Rows of the file have faults, and nothing of it was taken"


class Report(NamedTuple):
    """An import and the first hundred of its faults."""

    file: Import
    faults: Sequence[ImportFault]


def keep_report(
    session: Session,
    movement: str,
    import_id: str,
    kind: Kind,
    status: ImportStatus,
    counts: Counts,
    source: Source | None = None,
) -> Report:
    """Enter an import that is over: a dry run, a refusal, or rows that are written already."""
    now = clock.now()
    store.insert(
        session, movement, import_id, kind, status, counts, actor=of(session).context.actor,
        created_at=now, recorded_at=now if status is ImportStatus.RECORDED else None, source=source,
    )  # fmt: skip
    return read_report(session, movement, import_id, kind)


def keep_faults(session: Session, movement: str, import_id: str, first: int, faults: Sequence[Fault]) -> None:
    """Keep some of an import's faults, numbered from `first`."""
    store.add_faults(session, movement, import_id, first, faults)


def read_report(session: Session, movement: str, import_id: str, kind: Kind) -> Report:
    """The import and its first faults. Raises NotFound."""
    file = store.get(session, movement, import_id, kind)
    if file is None:
        raise NotFound("there is no such import")
    return Report(file, store.page_of_faults(session, movement, import_id, 0, FAULTS_IN_AN_ANSWER))


def list_faults(
    session: Session, movement: str, import_id: str, kind: Kind, after: int, limit: int
) -> Sequence[ImportFault]:
    """A page of the import's faults, in the order in which they were found. Raises NotFound."""
    if store.get(session, movement, import_id, kind) is None:
        raise NotFound("there is no such import")
    return store.page_of_faults(session, movement, import_id, after, limit)
