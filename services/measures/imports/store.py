"""Every SQL statement about imports and their faults, but for the ones that move figures with them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.measures.imports.models import Counts, Import, ImportFault, ImportStatus, Kind, Source
from shared.db.hot import hot
from shared.db.session import of
from shared.db.types import microseconds
from shared.errors import Fault

_insert_fault = hot(sa.insert(ImportFault))
_insert_report = hot(sa.insert(Import))
_at_work = hot(
    sa.select(Import.reporter).where(
        Import.movement == sa.bindparam("movement", type_=sa.Text),
        Import.version == sa.bindparam("version", type_=sa.Text),
        Import.lease_until.is_not(None),
    )
)


def insert(
    session: Session,
    movement: str,
    import_id: str,
    kind: Kind,
    status: ImportStatus,
    counts: Counts,
    *,
    actor: str,
    created_at: datetime,
    recorded_at: datetime | None = None,
    source: Source | None = None,
    lease_until: datetime | None = None,
    job: str | None = None,
) -> bool:
    """Enter an import. False when it asks for a lease on figures that another import holds."""
    values = {
        "movement": movement, "id": import_id, "kind": kind.value, "status": status.value, **asdict(counts),
        "actor": actor, "created_at": created_at, "recorded_at": recorded_at, "lease_until": lease_until, "job": job,
        **(dict.fromkeys(Source._fields) if source is None else source._asdict()),
    }  # fmt: skip
    into = postgresql.insert if of(session).dialect.name == "postgresql" else sqlite.insert
    entered = into(Import).values(values).on_conflict_do_nothing().returning(Import.id)
    return session.execute(entered).first() is not None


def insert_report(
    session: Session, movement: str, import_id: str, source: Source, counts: Counts, actor: str, at: datetime
) -> None:
    """Enter a report of figures, known from this moment on."""
    moment = microseconds(at)
    _insert_report.run(
        session,
        {
            "movement": movement, "id": import_id, "kind": Kind.REPORT.value, "status": ImportStatus.RECORDED.value,
            **source._asdict(), **asdict(counts), "actor": actor, "created_at": moment, "recorded_at": moment,
            "lease_until": None, "released_through": None, "job": None,
        },
    )  # fmt: skip


def at_work(session: Session, movement: str, version: str, reporter: str | None = None) -> bool:
    """Whether an import is writing figures of a version: this reporter's, or (None) anybody's."""
    writing = _at_work.rows(session, {"movement": movement, "version": version})
    return any(reporter in (None, of_whom) for (of_whom,) in writing)


def add_faults(session: Session, movement: str, import_id: str, first: int, faults: Sequence[Fault]) -> None:
    """Keep faults, numbered from `first`."""
    _insert_fault.many(
        session,
        [
            {
                "movement": movement, "import_id": import_id, "number": number, "row": fault.row or 0,
                "column": fault.column, "reason": fault.reason, "code": fault.code or "invalid",
            }
            for number, fault in enumerate(faults, first)
        ],
    )  # fmt: skip


def get(session: Session, movement: str, import_id: str, kind: Kind) -> Import | None:
    """The import of that kind, or None."""
    found = session.get(Import, (movement, import_id))
    return found if found is not None and found.kind == kind else None


def page_of_faults(session: Session, movement: str, import_id: str, after: int, limit: int) -> Sequence[ImportFault]:
    """An import's faults in the order in which they were found, behind the one numbered `after`."""
    query = (
        sa.select(ImportFault)
        .where(ImportFault.movement == movement, ImportFault.import_id == import_id, ImportFault.number > after)
        .order_by(ImportFault.number)
        .limit(limit)
    )
    return session.scalars(query).all()
