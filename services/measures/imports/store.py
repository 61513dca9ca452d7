"""Every SQL statement about imports and their faults, but for the ones that move figures with them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.measures.imports.models import Counts, Import, ImportFault, ImportStatus, Kind
from shared.db.hot import hot
from shared.db.session import of
from shared.errors import Fault

_insert_fault = hot(sa.insert(ImportFault))


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
    version: str | None = None,
    reporter: str | None = None,
    provenance: str | None = None,
    lease_until: datetime | None = None,
) -> bool:
    """Enter an import. False when it asks for a lease on a version that another import holds."""
    values = {
        "movement": movement, "id": import_id, "kind": kind.value, "status": status.value, **asdict(counts),
        "actor": actor, "created_at": created_at, "recorded_at": recorded_at, "version": version,
        "reporter": reporter, "provenance": provenance, "lease_until": lease_until,
    }  # fmt: skip
    into = postgresql.insert if of(session).dialect.name == "postgresql" else sqlite.insert
    entered = into(Import).values(values).on_conflict_do_nothing().returning(Import.id)
    return session.execute(entered).first() is not None


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
