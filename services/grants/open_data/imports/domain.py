"""The verbs of imports: ask for one, stage its grants, reveal them, drop what they replace; or forget it all again."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.grants.open_data.imports import store
from services.grants.open_data.imports.checking import Taken
from services.grants.open_data.imports.models import ExternalGrant, GrantsImport
from services.grants.open_data.imports.schemas import ImportQuery
from services.grants.open_data.imports.store import Wanted
from shared import clock, outbox
from shared.errors import NotFound
from shared.events.grants.imports import GrantsImported
from shared.ids import new_id
from shared.jobs import domain as jobs
from shared.jobs.models import Job

KIND = "grants_import"


def ask(session: Session, movement: str, job: str, said: ImportQuery) -> tuple[GrantsImport, Job]:
    """Have a file of grants imported, that was received for this job."""
    row = GrantsImport(
        movement=movement,
        id=job,
        source=said.source,
        licence=said.licence,
        dry_run=said.dry_run,
        created_at=clock.now(),
        revealed_at=None,
    )
    store.add(session, row)
    return row, jobs.ask(session, movement, job, KIND, said.model_dump(mode="json"))


def read(session: Session, movement: str, job: str) -> tuple[GrantsImport, Job]:
    """An import and its job. Raises NotFound."""
    row = store.find(session, movement, job)
    if row is None:
        raise NotFound("there is no such import")
    return row, jobs.read(session, movement, job)


def list_imports(session: Session, movement: str, *, after: str, limit: int) -> Sequence[tuple[GrantsImport, Job]]:
    """Imports and their jobs, the first one first."""
    rows = store.list_imports(session, movement, after=after, limit=limit)
    return [(row, jobs.read(session, movement, row.id)) for row in rows]


def stage(session: Session, movement: str, job: str, grants: Sequence[Taken]) -> tuple[int, int]:
    """Write those of the grants that are new, or otherwise than before, where nobody sees them.

    Answers how many are new and how many changed.
    """
    known = store.digests(session, movement, [each.grant_id for each in grants])
    fresh = [each for each in grants if known.get(each.grant_id) != each.digest]
    store.insert(session, [_row(movement, job, each) for each in fresh])
    changed = sum(each.grant_id in known for each in fresh)
    return len(fresh) - changed, changed


def reveal(session: Session, movement: str, job: str, new: int, changed: int) -> None:
    """Show everybody what the import has brought: the one update after which it can only be finished."""
    store.reveal(session, movement, job, clock.now())
    outbox.record(session, GrantsImported(import_id=job, new=new, changed=changed))


def drop_replaced(session: Session, movement: str, job: str, after: str, limit: int) -> str | None:
    """Delete some of what the import has replaced; answers behind which grant to go on, None at the end."""
    some = store.staged(session, movement, job, after, limit)
    if not some:
        return None
    store.drop_others(session, movement, job, [grant_id for _, grant_id in some])
    return some[-1][0]


def forget_some(session: Session, movement: str, job: str, limit: int) -> bool:
    """Undo some of what was staged; whether there was any."""
    return store.forget_some(session, movement, job, limit)


def read_grant(session: Session, movement: str, id: str) -> ExternalGrant:
    """A grant of another funder. Raises NotFound."""
    found = store.find_grant(session, movement, id)
    if found is None:
        raise NotFound("there is no such grant")
    return found


def list_grants(session: Session, movement: str, wanted: Wanted, *, after: str, limit: int) -> Sequence[ExternalGrant]:
    """The grants that are asked for, in the order in which they were taken."""
    return store.list_grants(session, movement, wanted, after=after, limit=limit)


def _row(movement: str, job: str, taken: Taken) -> dict[str, object]:
    return {
        "movement": movement,
        "id": new_id("extgrant"),
        "import_id": job,
        "grant_id": taken.grant_id,
        "digest": taken.digest,
        "funder": taken.funder,
        "recipient": taken.recipient,
        "amount": taken.amount,
        "currency": taken.currency,
        "awarded_on": taken.awarded_on,
        "place": taken.place,
        "valid": not taken.faults,
        "grant": taken.grant,
        "faults": taken.faults,
    }
