"""The verbs of imports: ask for one; compare rows with who is known; write, reveal, settle; or forget it all again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

import msgspec
from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.imports import columns, store
from services.members.directory.imports.merging import added, permissions_to_add
from services.members.directory.imports.models import OnChanged, PeopleImport, Standing
from services.members.directory.imports.rows import Allowed, CheckedRow
from services.members.directory.imports.schemas import ImportQuery
from services.members.directory.people import changes
from services.members.directory.people import domain as people
from services.members.directory.people import store as people_store
from services.members.directory.people.models import Person
from services.members.directory.people.schemas import NewPerson, NewProvenance
from services.members.directory.search import store as search
from services.members.engagement.memberships import domain as memberships
from services.members.engagement.memberships.schemas import NewMembership
from services.members.trust.children import domain as children
from services.members.trust.children.checking import Aged
from services.members.trust.erasures import suppression
from services.members.trust.permissions import domain as permissions
from services.members.trust.permissions.models import Decision
from services.members.trust.permissions.schemas import NewPermission
from shared import clock, outbox
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.imports import PeopleImported
from shared.ids import new_id
from shared.jobs import domain as jobs
from shared.jobs.models import Job
from shared.secrets import Secrets

KIND = "people_import"


class Compared(msgspec.Struct, frozen=True):
    """What some rows would do, and what is wrong with them in the light of who is known."""

    new: int
    changed: int
    unchanged: int
    faults: Sequence[Fault]


def ask(session: Session, movement: str, job: str, said: ImportQuery) -> tuple[PeopleImport, Job]:
    """Have a file of people imported, that was received for this job. Raises WrongColumns and Invalid."""
    pairs = columns.mapping(said.columns)
    if said.notice is None and any(meaning.startswith("permission.") for meaning, _ in pairs):
        raise Invalid(faults=[Fault("?notice", "a permission is given under a notice", "notice_missing")])
    row = PeopleImport(
        movement=movement,
        id=job,
        source=said.source,
        basis=said.basis,
        notice=said.notice,
        notice_version=said.notice_version,
        notice_language=None if said.notice is None else said.notice_language,
        notice_given_on=said.notice_given_on,
        dry_run=said.dry_run,
        created_at=clock.now(),
        revealed_at=None,
    )
    store.add(session, row)
    return row, jobs.ask(session, movement, job, KIND, said.model_dump(mode="json"))


def read(session: Session, movement: str, job: str) -> tuple[PeopleImport, Job]:
    """An import and its job. Raises NotFound."""
    row = store.find(session, movement, job)
    if row is None:
        raise NotFound
    return row, jobs.read(session, movement, job)


def list_imports(session: Session, movement: str, *, after: After, limit: int) -> Sequence[tuple[PeopleImport, Job]]:
    """Imports and their jobs, the first one first."""
    rows = store.list_imports(session, movement, after=after, limit=limit)
    return [(row, jobs.read(session, movement, row.id)) for row in rows]


def compare(session: Session, movement: str, rows: Sequence[CheckedRow], secrets: Secrets) -> Compared:
    """Look for whom the rows are about, and whether they say anything new of them."""
    owners = _owners(session, movement, rows)
    known = people_store.several(session, movement, set(owners.values()))
    so_far = store.standing(session, movement, known.keys())
    erased = suppression.kept_out(session, movement, secrets, _of_nobody(rows, owners))
    new = changed = unchanged = 0
    faults: list[Fault] = []
    for row in rows:
        theirs = {owners[key] for key in _keys(row) if key in owners}
        if len(theirs) > 1:
            reason = "its ids are those of two different people"
            faults.append(Fault(None, reason, "two_people", row.number))
        elif not theirs and children.is_child(session, movement, _aged(row)):
            reason = "is a child's: children are counted, or entered one by one with what lets a child be named"
            faults.append(Fault(None, reason, children.ChildRecordMissing.code, row.number))
        elif row.number in erased:
            faults.append(Fault(None, "is of somebody who was erased; only they come back", "suppressed", row.number))
        elif not theirs:
            new += 1
        elif not theirs <= known.keys():  # somebody hidden: another import has them, and waits to be undone
            faults.append(Fault(None, "somebody has this id who cannot be changed now", "id_taken", row.number))
        elif _adds(known[one := theirs.pop()], row, so_far[one]):
            changed += 1
        else:
            unchanged += 1
    return Compared(new, changed, unchanged, faults)


def stage(
    session: Session, movement: str, job: str, rows: Sequence[CheckedRow], of: NewProvenance, secrets: Secrets
) -> int:
    """Write those of the rows that are about nobody yet, where nobody sees them. Answers how many there are.

    A child's row was a fault when the rows were compared.
    """
    outbox.hold(session)
    owners, at, new = _owners(session, movement, rows), clock.now(), 0
    erased = suppression.kept_out(session, movement, secrets, _of_nobody(rows, owners))
    for row in rows:
        if (
            row.number in erased
            or any(key in owners for key in _keys(row))
            or children.is_child(session, movement, _aged(row))
        ):
            continue
        person = new_id("person")
        for external in row.person.external_ids:
            people.claim(session, movement, person, external)
        people.create(session, movement, person, row.person, at, hidden_by=job)
        people.note_provenance(session, movement, person, of, at)
        new += 1
    return new


def reveal(session: Session, movement: str, job: str) -> None:
    """Show everybody the import has brought: the one update after which it can only be finished."""
    store.reveal(session, movement, job, clock.now())


def release_some(session: Session, movement: str, job: str, limit: int) -> int:
    """Tell the log of some of the people, and let them be like any others. Answers how many they were."""
    some = store.staged(session, movement, job, limit)
    if some:
        outbox.release(session, some)
        store.unmark(session, movement, some)
    return len(some)


def forget_some(session: Session, movement: str, job: str, limit: int) -> int:
    """Undo some of what was staged. Answers how many people it was."""
    some = store.staged(session, movement, job, limit)
    if some:
        words = store.words(session, movement, some)
        outbox.withdraw(session, some)
        store.forget(session, movement, some)
        search.forget(session, movement, words)
    return len(some)


def settle(session: Session, movement: str, job: str, rows: Sequence[CheckedRow], said: ImportQuery) -> int:
    """Carry out what the rows say besides new people: changes, permissions, joining. Answers how many changed somebody.

    Whoever the import itself has brought is known by now, and nothing of theirs has changed.
    """
    owners = _owners(session, movement, rows)
    known = people_store.several(session, movement, set(owners.values()))
    so_far = store.standing(session, movement, known.keys())
    changed, at = 0, clock.now()
    for row in rows:
        person = next((known[owners[key]] for key in _keys(row) if owners.get(key) in known), None)
        if person is None:  # erased since the reveal
            continue
        if said.on_changed is OnChanged.UPDATE and _change(session, movement, job, person, row, said):
            changed += 1
        if _came_by(person, job) or said.on_changed is OnChanged.UPDATE:
            news = permissions_to_add(row.permissions, so_far[person.id])
            _allow(session, movement, person.id, news, said, at)
        if said.join and person.membership is None:
            memberships.enter(session, movement, NewMembership(person=person.id))
    return changed


def complete(session: Session, movement: str, job: str, created: int, changed: int) -> None:
    """Say that the import is over."""
    outbox.record(session, PeopleImported(import_id=job, created=created, changed=changed))


def _aged(row: CheckedRow) -> Aged:
    return Aged(row.person.age_band, row.person.date_of_birth)


def _keys(row: CheckedRow) -> list[tuple[str, str]]:
    return [(external.system, external.id) for external in row.person.external_ids]


def _owners(session: Session, movement: str, rows: Sequence[CheckedRow]) -> Mapping[tuple[str, str], str]:
    return people_store.owners(session, movement, chain.from_iterable(map(_keys, rows)))


def _of_nobody(rows: Sequence[CheckedRow], owners: Mapping[tuple[str, str], str]) -> dict[int, NewPerson]:
    """What those of the rows say that are about nobody who is known, by their numbers."""
    return {row.number: row.person for row in rows if not any(key in owners for key in _keys(row))}


def _adds(person: Person, row: CheckedRow, so_far: Standing) -> bool:
    said, ids = added(person, row.person)
    return said is not None or bool(ids) or bool(permissions_to_add(row.permissions, so_far))


def _change(session: Session, movement: str, job: str, person: Person, row: CheckedRow, said: ImportQuery) -> bool:
    """Change somebody as the row says; whether it said anything new."""
    to, ids = added(person, row.person)
    for external in ids:
        changes.add_external_id(session, movement, person.id, external)
    if to is not None:
        changes.change(session, movement, person.id, to, None)
    if to is None and not ids:
        return False
    people.note_provenance(session, movement, person.id, said.provenance(job), clock.now())
    return True


def _allow(
    session: Session, movement: str, person: str, news: Sequence[Allowed], said: ImportQuery, at: datetime
) -> None:
    for allowed in news:
        notice = said.shown_notice() if allowed.decision is Decision.GIVEN else None
        decision = NewPermission(
            purpose=allowed.purpose, channel=allowed.channel, decision=allowed.decision, notice=notice
        )
        permissions.record(session, movement, person, decision, at)


def _came_by(person: Person, job: str) -> bool:
    return any(provenance.reference == job for provenance in person.provenance)
