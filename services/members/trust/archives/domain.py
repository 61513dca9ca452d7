"""The verbs of archives: asked for, looked through, released, expired. What is gathered and packed is in ``work``."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.people import store as people
from services.members.trust.archives import contents, store
from services.members.trust.archives.contents import Opened
from services.members.trust.archives.models import (
    Archive,
    ArchiveState,
    Decision,
    Form,
    NotReleased,
    NotReviewed,
)
from services.members.trust.archives.schemas import NewArchive, NewDecisions
from services.members.trust.requests.domain import verified
from services.members.trust.requests.models import Kind
from shared import clock, outbox
from shared.db.session import of
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.requests import ArchiveReleased
from shared.ids import new_id
from shared.jobs import domain as jobs
from shared.lifecycle import IllegalTransition
from shared.secrets import Secrets

GATHER, PACK = "access_archive", "access_archive_release"
"""The kinds of jobs that make an archive."""

Counted = tuple[Archive, Mapping[str, int]]
"""An archive, and how many of its passages there are of each decision."""

_ANSWERS = {Form.ARCHIVE: Kind.ACCESS, Form.PORTABLE: Kind.PORT}


def ask(session: Session, movement: str, person: str, said: NewArchive, days: int) -> Counted:
    """Have an archive of somebody made, for a request of theirs that is verified.

    Raises NotFound, NotVerified, and Invalid where it is no open request of theirs for what is asked.
    """
    person = _known(session, movement, person)
    request = verified(session, movement, said.request, _ANSWERS[said.form])
    if request.person != person:
        raise Invalid(faults=[Fault("/request", "is no request of this person", "unknown_request")])
    at = clock.now()
    archive = Archive(
        movement=movement,
        id=new_id("archive"),
        version=1,
        person=person,
        request=said.request,
        form=said.form,
        state=ArchiveState.GATHERING,
        job=jobs.id_for("members"),
        asked_by=of(session).context.actor,
        asked_at=at,
        expires_at=at + timedelta(days=days),
        updated_at=at,
    )
    session.add(archive)
    session.flush()
    jobs.ask(session, movement, archive.job, GATHER, {"archive": archive.id})
    return archive, {}


def read(session: Session, movement: str, person: str, id: str) -> Counted:
    """One archive of somebody. Raises NotFound."""
    archive = store.find(session, movement, id)
    if archive is None or archive.person != people.present_id(session, movement, person):
        raise NotFound
    return archive, store.decided(session, movement, [id])[id]


def archives(session: Session, movement: str, person: str, *, after: After, limit: int) -> list[Counted]:
    """The archives that were made for somebody. Raises NotFound."""
    found = store.archives(session, movement, _known(session, movement, person), after=after, limit=limit)
    counts = store.decided(session, movement, [archive.id for archive in found])
    return [(archive, counts[archive.id]) for archive in found]


def passages(
    session: Session, movement: str, person: str, id: str, secrets: Secrets, *, after: After, limit: int
) -> Sequence[Opened]:
    """The passages to look at, opened. Raises NotFound."""
    read(session, movement, person, id)
    rows = store.passages(session, movement, id, after=after, limit=limit)
    return [contents.opened(row, secrets) for row in rows]


def decide(session: Session, movement: str, person: str, id: str, said: NewDecisions) -> Counted:
    """Let passages be read, or hold them back. Raises NotFound, IllegalTransition, and Invalid for one there is not."""
    archive = _held(session, movement, person, id)
    if archive.state != ArchiveState.IN_REVIEW:
        raise IllegalTransition(f"an archive that is {archive.state} is not looked through", state=archive.state)
    numbers = [decision.passage for decision in said.decisions]
    rows = store.passages_for_change(session, movement, id, numbers)
    faults = [
        Fault(f"/decisions/{place}/passage", "is no passage of this archive", "unknown_passage")
        for place, number in enumerate(numbers)
        if number not in rows
    ]
    if faults:
        raise Invalid(faults=faults)
    by, at = of(session).context.actor, clock.now()
    for decision in said.decisions:
        row = rows[decision.passage]
        row.decision, row.reason, row.decided_by, row.decided_at = decision.decision, decision.reason, by, at
    archive.version, archive.updated_at = archive.version + 1, at
    session.flush()
    return read(session, movement, person, id)


def release(session: Session, movement: str, person: str, id: str) -> Counted:
    """Have the file made of what may be read. Raises NotFound, IllegalTransition, NotReviewed."""
    archive = _held(session, movement, person, id)
    pending = store.decided(session, movement, [id])[id].get(Decision.PENDING, 0)
    if archive.state == ArchiveState.IN_REVIEW and pending:
        raise NotReviewed(f"{pending} passages have not been looked at", pending=pending)
    archive.step(ArchiveState.PACKING, clock.now())
    archive.job, archive.released_by = jobs.id_for("members"), of(session).context.actor
    jobs.ask(session, movement, archive.job, PACK, {"archive": id})
    return read(session, movement, person, id)


def released(session: Session, movement: str, id: str, days: int) -> None:
    """Let the file be fetched from now on, for so many days."""
    archive, at = _made(session, movement, id), clock.now()
    archive.step(ArchiveState.RELEASED, at)
    archive.released_at, archive.expires_at = at, at + timedelta(days=days)
    outbox.record(session, ArchiveReleased(archive=id, person=archive.person, request=archive.request))


def step(session: Session, movement: str, id: str, state: ArchiveState) -> None:
    """Go on to a state, where the archive is not there already."""
    archive, at = _made(session, movement, id), clock.now()
    if archive.state == state:
        return
    archive.step(state, at)
    if state is ArchiveState.IN_REVIEW and archive.gathered_at is None:
        archive.gathered_at = at


def fetchable(session: Session, movement: str, person: str, id: str) -> Archive:
    """An archive whose file is there to be fetched. Raises NotFound, NotReleased."""
    archive, _ = read(session, movement, person, id)
    if archive.state != ArchiveState.RELEASED or archive.expires_at <= clock.now():
        raise NotReleased(f"it is {archive.state}", state=archive.state)
    return archive


def discard(session: Session, movement: str, person: str, id: str) -> Counted:
    """Let an archive expire now; what stands in it is deleted soon after. Raises NotFound."""
    archive = _held(session, movement, person, id)
    if archive.state != ArchiveState.EXPIRED:
        archive.expires_at = clock.now()
        archive.version, archive.updated_at = archive.version + 1, archive.expires_at
        session.flush()
    return read(session, movement, person, id)


def expire_some(session: Session, movement: str, id: str) -> bool:
    """Delete some of what stands in an archive whose days are over; whether there may be more."""
    if store.drop_some(session, movement, id):
        return True
    step(session, movement, id, ArchiveState.EXPIRED)
    return False


def _made(session: Session, movement: str, id: str) -> Archive:
    """An archive by its id alone, locked. Raises NotFound where the person was erased meanwhile."""
    archive = store.for_change(session, movement, id)
    if archive is None:
        raise NotFound
    return archive


def _held(session: Session, movement: str, person: str, id: str) -> Archive:
    archive = store.for_change(session, movement, id)
    if archive is None or archive.person != people.present_id(session, movement, person):
        raise NotFound
    return archive


def _known(session: Session, movement: str, person: str) -> str:
    now = people.present_id(session, movement, person)
    if not people.known(session, movement, [now]):
        raise NotFound
    return now
