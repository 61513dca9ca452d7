"""A CRM calls: it is verified, what it tells is kept, and it has its answer. What is told is taken up after that."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import orm

from services.gateway.access.rows import insert_if_new
from services.gateway.inbound import hooks, messages, store
from services.gateway.inbound.messages import Paths, Told
from services.gateway.inbound.models import Message, State
from services.gateway.inbound.signatures import Called, Scheme, message_id, verify
from shared import clock
from shared.db.types import microseconds
from shared.errors import NotFound
from shared.ids import new_id
from shared.parts import Parts
from shared.secrets import Secrets

_LONGEST_ID = 255


class Expecting(NamedTuple):
    """Who may call at a hook, and how they show it."""

    movement: str
    scheme: Scheme
    keys: Sequence[str]
    paths: Paths


async def receive(parts: Parts, connection: str, called: Called) -> int:
    """Take what a CRM tells; how many things of it were new. Raises NotFound, NotVerified, Invalid."""
    expecting = await parts.db.read_by_key(_expecting, connection, parts.secrets)
    verify(expecting.scheme, expecting.keys, called, clock.milliseconds() // 1000)
    named = message_id(called.headers)
    told = messages.read(expecting.scheme, expecting.paths, named and named[:_LONGEST_ID], called.body)
    if not told:
        return 0
    db = parts.acting_in(expecting.movement)
    return await db.write(keep, expecting.movement, connection, told, parts.secrets)


def keep(session: orm.Session, movement: str, connection: str, told: Sequence[Told], secrets: Secrets) -> int:
    """Keep what was told and is no repetition; how many it was.

    What has no id of its own is told apart by what it says, and a repetition by following what it repeats: for a record
    may come to be again as it was before.
    """
    now, kept = clock.now(), 0
    for one in told:
        id_ = new_id("inb")
        key = one.key
        if key is None:
            last = store.last_key(session, movement, connection, one.record)
            if last is not None and last.partition(" ")[0] == one.digest:
                continue
            key = f"{one.digest} {id_}"
        kept += insert_if_new(
            session,
            Message,
            {
                "movement": movement, "id": id_, "connection": connection, "key": key, "record": one.record,
                "kind": one.kind, "state": State.PENDING, "attempts": 0, "due_at": microseconds(now), "begun": False,
                "said": secrets.seal(one.said, bound_to=place(movement, id_)), "received_at": now,
            },
        )  # fmt: skip
    return kept


def place(movement: str, message: str) -> bytes:
    """What the words of a message are bound to."""
    return f"crm_message/{movement}/{message}".encode()


def _expecting(session: orm.Session, connection: str, secrets: Secrets) -> Expecting:
    hook = store.hook_called(session, connection)
    if hook is None:
        raise NotFound("there is no such hook")
    good = hooks.keys(hook, secrets, microseconds(clock.now()))
    paths = Paths(hook.records, hook.record_id, hook.deleted, hook.refusals)
    return Expecting(hook.movement, Scheme(hook.scheme), [key.secret for key in good], paths)
