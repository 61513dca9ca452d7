"""What a person settles: whose value holds, who a record is of, what a deletion means. It is carried out as a message,
in the record's turn, so that it is kept and survives whatever happens to a process."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import orm

from services.gateway.crm import queue
from services.gateway.crm.mapping import Record
from services.gateway.crm.models import Link, Owner
from services.gateway.inbound import store
from services.gateway.inbound.hooks import connected
from services.gateway.inbound.keeping import place
from services.gateway.inbound.models import Conflict, ConflictKind, ConflictState, Kind, Message, State
from services.gateway.inbound.receiving import place as place_of_message
from shared import clock
from shared.db import after_commit
from shared.db.session import of
from shared.db.types import microseconds
from shared.errors import Conflict as Refusal
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id
from shared.secrets import Secrets


class Choice(msgspec.Struct, frozen=True):
    """What somebody settled: who wins by the CRM's field, or whose record it is, or that they are nobody known."""

    fields: Mapping[str, Owner] = {}
    person: str | None = None
    is_new: bool = False


class Settled(msgspec.Struct, frozen=True):
    """A record, and what somebody settled about it."""

    record: Record
    choice: Choice


class Words(msgspec.Struct, frozen=True):
    """What a conflict is about: of a field our name of it and both values, else the record and who looks like it."""

    name: str | None = None
    ours: object = None
    theirs: object = None
    record: Record = {}
    alike: Sequence[str] = ()


class Said(NamedTuple):
    """What somebody said: whose value holds (of a field, or after a deletion), or whose record it is."""

    take: str | None
    person: str | None
    is_new: bool


class Shown(NamedTuple):
    """A conflict, and what it is about, None where that is not kept any more."""

    conflict: Conflict
    words: Words | None


class NotOpen(Refusal):
    """It is settled, or lapsed."""

    code, title = "conflict_not_open", "This is settled, or is not kept any more"


def page(
    session: orm.Session,
    movement: str,
    connection: str,
    state: ConflictState | None,
    after: str,
    limit: int,
    secrets: Secrets,
) -> list[Shown]:
    """Conflicts of a connection, the oldest first. Raises NotFound."""
    connected(session, movement, connection)
    rows = store.conflicts(session, movement, connection, state, after, limit)
    return [Shown(row, _words(row, secrets)) for row in rows]


def read(session: orm.Session, movement: str, connection: str, id_: str, secrets: Secrets) -> Shown:
    """One conflict of a connection. Raises NotFound."""
    found = _found(session, movement, connection, id_)
    return Shown(found, _words(found, secrets))


def settle(
    session: orm.Session,
    movement: str,
    connection: str,
    id_: str,
    said: Said,
    wake: Callable[[], None],
    secrets: Secrets,
) -> Shown:
    """Have a conflict carried out as somebody settles it. Raises NotFound, NotOpen, Invalid."""
    conflict = _found(session, movement, connection, id_, lock=True)
    words = _words(conflict, secrets)
    if conflict.state != ConflictState.OPEN or words is None:
        raise NotOpen
    made = _choice(ConflictKind(conflict.kind), conflict.field, said)
    if conflict.kind == ConflictKind.DELETED:
        _after_deletion(session, conflict, said)
    else:
        _carry_out(session, conflict, Settled(words.record, made), secrets)
    conflict.settle(of(session).context.actor, clock.now())
    after_commit(session, wake)
    return Shown(conflict, None)


def _choice(kind: ConflictKind, field: str, said: Said) -> Choice:
    whose = (said.person is not None) + said.is_new
    if kind is ConflictKind.LOOKS_KNOWN:
        if said.take is not None or whose != 1:
            raise Invalid(faults=[Fault("", "says whose record it is: `person`, or `is_new`", "whose_record")])
        return Choice(person=said.person, is_new=said.is_new)
    if said.take is None or whose:
        raise Invalid(faults=[Fault("/take", "says which side holds", "which_side")])
    return Choice(fields={field: Owner.CRM if said.take == "theirs" else Owner.BACKBONE})


def _after_deletion(session: orm.Session, conflict: Conflict, said: Said) -> None:
    """Ours: the CRM is told of them again, as of somebody new to it. Theirs: it is left as it is there."""
    if said.take != "ours" or conflict.person is None:
        return
    place = (conflict.movement, conflict.connection, conflict.person)
    link = session.get(Link, place, with_for_update=True)
    if link is not None:
        session.delete(link)
    queue.put(session, conflict.movement, conflict.connection, {conflict.person})


def _carry_out(session: orm.Session, conflict: Conflict, settled: Settled, secrets: Secrets) -> None:
    id_, at = new_id("inb"), clock.now()
    said = secrets.seal(msgspec.json.encode(settled), bound_to=place_of_message(conflict.movement, id_))
    session.add(
        Message(
            movement=conflict.movement, id=id_, connection=conflict.connection, key=conflict.id,
            record=conflict.record, kind=Kind.SETTLED, state=State.PENDING, code=None, person=conflict.person,
            attempts=0, due_at=microseconds(at), begun=False, said=said, received_at=at, settled_at=None,
        )
    )  # fmt: skip


def _words(conflict: Conflict, secrets: Secrets) -> Words | None:
    if conflict.said is None:
        return None
    return msgspec.json.decode(secrets.open(conflict.said, bound_to=place(conflict.movement, conflict.id)), type=Words)


def _found(session: orm.Session, movement: str, connection: str, id_: str, *, lock: bool = False) -> Conflict:
    connected(session, movement, connection)
    found = store.conflict(session, movement, id_, lock=lock)
    if found is None or found.connection != connection:
        raise NotFound
    return found
