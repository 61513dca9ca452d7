"""What came of a message, kept in one transaction: what both sides agree on now, what a person is asked, the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import orm

from services.gateway.crm import queue
from services.gateway.crm.models import Link
from services.gateway.inbound import store
from services.gateway.inbound.models import Conflict, ConflictKind, ConflictState, Message, State
from shared import clock
from shared.ids import new_id
from shared.secrets import Secrets

_WHOSE = ""
"""The field of a conflict that is about no field, but about whose record it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is to settle: the kind, the CRM's field where it is about one, and what it is about."""

    kind: ConflictKind
    field: str
    about: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message came to. ``agreed`` are digests by the CRM's field, None where the person is not held against it;
    ``told``: the CRM is to be told of the person, for it lacks what is ours."""

    state: State
    code: str | None = None
    person: str | None = None
    agreed: Mapping[str, str] | None = None
    told: bool = False
    asked: Sequence[Asked] = field(default_factory=tuple)


def keep(session: orm.Session, movement: str, id_: str, outcome: Outcome, secrets: Secrets) -> bool:
    """Keep what came of a message, unless somebody else has; whether the CRM is to be told of the person."""
    message = store.message(session, movement, id_, lock=True)
    if message is None or message.state != State.PENDING:
        return False
    if outcome.person is not None and outcome.agreed is not None:
        _agree(session, message, outcome.person, outcome)
    _ask(session, message, outcome, secrets)
    if outcome.told and outcome.person is not None:
        queue.put(session, movement, message.connection, {outcome.person})
    message.settle(outcome.state, outcome.code, outcome.person, clock.now())
    return outcome.told


def begin(session: orm.Session, movement: str, id_: str) -> None:
    """Keep that a change is asked for on account of a message, before it is."""
    message = store.message(session, movement, id_, lock=True)
    if message is not None:
        message.begun = True


def put_off(session: orm.Session, movement: str, id_: str, code: str, due_at: int, *, has_failed: bool = False) -> None:
    """It could not be taken up now: again at a moment (microseconds since 1970). What has failed is counted."""
    message = store.message(session, movement, id_, lock=True)
    if message is not None and message.state == State.PENDING:
        message.code, message.due_at = code, due_at
        message.attempts += has_failed


def place(movement: str, conflict: str) -> bytes:
    """What the words of a conflict are bound to."""
    return f"crm_conflict/{movement}/{conflict}".encode()


def _agree(session: orm.Session, message: Message, person: str, outcome: Outcome) -> None:
    agreed, asked = dict(outcome.agreed or {}), {each.field for each in outcome.asked}
    link = session.get(Link, (message.movement, message.connection, person), with_for_update=True)
    if link is not None:
        link.agreed, link.held = {**link.agreed, **agreed}, sorted({*link.held, *asked} - agreed.keys())
        return
    session.add(
        Link(
            movement=message.movement, connection=message.connection, subject=person, external_id=message.record,
            made=False, agreed=agreed, held=sorted(asked), told_at=clock.now(),
        )
    )  # fmt: skip


def _ask(session: orm.Session, message: Message, outcome: Outcome, secrets: Secrets) -> None:
    """Ask a person what is new, with what it is about by now; what differs no more is settled by that."""
    at, asked = clock.now(), {each.field: each for each in outcome.asked}
    over = set() if outcome.agreed is None else {_WHOSE, *outcome.agreed}
    for conflict in store.open_conflicts(session, message.movement, message.connection, message.record):
        again = asked.pop(conflict.field, None)
        if again is not None and again.kind == conflict.kind:
            conflict.said = _sealed(secrets, message.movement, conflict.id, again)
        elif conflict.field in over:
            conflict.settle(None, at)
    session.flush()
    for each in asked.values():
        id_ = new_id("conflict")
        session.add(
            Conflict(
                movement=message.movement, id=id_, connection=message.connection, record=message.record,
                kind=each.kind, field=each.field, person=outcome.person, state=ConflictState.OPEN,
                said=_sealed(secrets, message.movement, id_, each), settled_by=None, raised_at=at, settled_at=None,
            )
        )  # fmt: skip


def _sealed(secrets: Secrets, movement: str, conflict: str, asked: Asked) -> bytes:
    return secrets.seal(msgspec.json.encode(asked.about), bound_to=place(movement, conflict))
