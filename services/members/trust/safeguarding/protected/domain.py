"""Protecting somebody, and ending it. Nothing of it is told on the log."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.community import people
from services.members.directory.people.store import current
from services.members.trust.safeguarding import store
from services.members.trust.safeguarding.protected import store as protections
from services.members.trust.safeguarding.protected.models import Protection
from services.members.trust.safeguarding.protected.schemas import NewProtection, ProtectionChanges
from services.members.trust.safeguarding.protected.store import KIND, TABLE
from shared import clock
from shared.editing import hold_to
from shared.errors import Conflict, NotFound
from shared.ids import new_id


class AlreadyProtected(Conflict):
    """Somebody is protected already."""

    code = "already_protected"
    title = "They are protected already"


def protect(session: Session, movement: str, said: NewProtection, by: str) -> Protection:
    """Protect somebody from now on. Raises Invalid and AlreadyProtected."""
    person = people.current(session, movement, {"/person": said.person})["/person"]
    if protections.is_protected(session, movement, person):
        raise AlreadyProtected
    made = Protection(
        id=new_id("protection"),
        person=person,
        reason=said.reason,
        review_on=said.review_on,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    store.add(session, movement, TABLE, made)
    return made


def find(session: Session, movement: str, protection: str) -> Protection:
    """One record. Raises NotFound."""
    found = store.find(session, movement, TABLE, KIND, protection)
    if found is None:
        raise NotFound
    return _of_now(session, movement, [found])[0]


def list_protections(
    session: Session, movement: str, *, in_force: bool | None, after: After, limit: int
) -> Sequence[Protection]:
    """Who is, and was, protected, by the ids that they have now."""
    rows = protections.list_protections(session, movement, in_force=in_force, after=after, limit=limit)
    return _of_now(session, movement, rows)


def change(
    session: Session, movement: str, protection: str, said: ProtectionChanges, expected: int | None
) -> Protection:
    """Edit why, or when it is looked at again. Raises NotFound and PreconditionFailed."""
    row = _for_change(session, movement, protection)
    hold_to(row.version, expected)
    said.apply(row)
    store.change(session, movement, TABLE, row)
    return _of_now(session, movement, [row])[0]


def end(session: Session, movement: str, protection: str, by: str) -> Protection:
    """Protect them no longer; once more changes nothing. Raises NotFound."""
    row = _for_change(session, movement, protection)
    if row.ended_at is None:
        row.ended_at, row.ended_by = clock.now(), by
        store.change(session, movement, TABLE, row)
    return _of_now(session, movement, [row])[0]


def _for_change(session: Session, movement: str, protection: str) -> Protection:
    row = store.for_change(session, movement, TABLE, KIND, protection)
    if row is None:
        raise NotFound
    return row


def _of_now(session: Session, movement: str, rows: Sequence[Protection]) -> Sequence[Protection]:
    """The records as they are shown. What is stored keeps the id that it was made with, so that un-merging finds it."""
    now = current(session, movement, {row.person for row in rows}) if rows else {}
    for row in rows:
        row.person = now[row.person]
    return rows
