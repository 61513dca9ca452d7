"""What is done with hooks: open one, replace its secret, close it; and the secrets as they are stored."""

import secrets as random
from base64 import b64encode
from collections.abc import Sequence

import msgspec
from sqlalchemy import orm

from services.gateway.access.audit import domain as audit
from services.gateway.crm import store as connections
from services.gateway.crm.models import Connection, Vendor
from services.gateway.inbound import store
from services.gateway.inbound.messages import Paths
from services.gateway.inbound.models import Hook
from services.gateway.inbound.schemas import NewHook, NewSecret, Shown
from services.gateway.inbound.signatures import Scheme, is_key
from services.gateway.webhooks.signing import OVERLAP
from shared import clock
from shared.db.types import microseconds
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.expressions import fault_in
from shared.secrets import Secrets

_BYTES = 32
_WHERE = {
    Vendor.CIVICRM: Paths(
        "@", "id", "is_deleted",
        "[(do_not_email || is_opt_out) && 'email', (do_not_sms || is_opt_out) && 'sms', do_not_phone && 'phone', "
        "do_not_mail && 'post']",
    ),
    Vendor.SALESFORCE: Paths("@", "Id", "IsDeleted", "[HasOptedOutOfEmail && 'email', DoNotCall && 'phone']"),
    Vendor.HUBSPOT: Paths("@", "objectId", "`false`", "[hs_email_optout == 'true' && 'email']"),
    Vendor.GENERIC: Paths("@", "id", "deleted", "`[]`"),
}  # fmt: skip
"""Where a message of each vendor has what is asked of it, unless the connection says otherwise."""


class HasHook(Conflict):
    """A connection has one hook."""

    code, title = "has_hook", "This connection has a hook already"


class Key(msgspec.Struct, frozen=True):
    """A secret that a CRM signs with, as it is written; until an instant (microseconds since 1970) or replaced."""

    secret: str
    until: int | None = None


def open_hook(session: orm.Session, movement: str, connection: str, said: NewHook, secrets: Secrets) -> Shown:
    """Let a CRM call us. Raises NotFound, HasHook, Invalid."""
    found = connected(session, movement, connection)
    if store.hook(session, movement, connection) is not None:
        raise HasHook
    _refuse_expressions(said)
    key, made = _new_key(said.scheme, said.secret)
    default = _WHERE[Vendor(found.vendor)]
    at = clock.now()
    hook = Hook(
        movement=movement, connection=connection, scheme=said.scheme,
        keys=_seal(secrets, movement, connection, [Key(key)]),
        records=said.records or default.records, record_id=said.record_id or default.record_id,
        deleted=said.deleted or default.deleted, refusals=said.refusals or default.refusals, basis=said.basis,
        reads=found.vendor != Vendor.GENERIC if said.reads is None else said.reads,
        version=1, created_at=at, updated_at=at,
    )  # fmt: skip
    session.add(hook)
    audit.note(session, movement, "crm_hook.opened", connection, scheme=said.scheme)
    return Shown(hook, key if made else None)


def read(session: orm.Session, movement: str, connection: str) -> Shown:
    """The hook of a connection. Raises NotFound."""
    connected(session, movement, connection)
    found = store.hook(session, movement, connection)
    if found is None:
        raise NotFound("this connection has no hook")
    return Shown(found, None)


def replace_secret(session: orm.Session, movement: str, connection: str, said: NewSecret, secrets: Secrets) -> Shown:
    """Take another secret; the one before it is good for a day more. Raises NotFound, Invalid."""
    hook = _held(session, movement, connection)
    key, made = _new_key(Scheme(hook.scheme), said.secret)
    now = microseconds(clock.now())
    ends = microseconds(clock.now() + OVERLAP)
    old = [Key(each.secret, ends if each.until is None else each.until) for each in keys(hook, secrets, now)]
    hook.keys = _seal(secrets, movement, connection, [Key(key), *old])
    hook.version, hook.updated_at = hook.version + 1, clock.now()
    audit.note(session, movement, "crm_hook.secret_replaced", connection)
    return Shown(hook, key if made else None)


def close(session: orm.Session, movement: str, connection: str, expected: int | None) -> None:
    """Take no more calls. What came in is still taken up. Raises NotFound, PreconditionFailed."""
    hook = _held(session, movement, connection)
    hold_to(hook.version, expected)
    session.delete(hook)
    audit.note(session, movement, "crm_hook.closed", connection)


def connected(session: orm.Session, movement: str, connection: str) -> Connection:
    """A connection that has not ended, or NotFound."""
    found = connections.find(session, movement, connection)
    if found is None:
        raise NotFound
    return found


def keys(hook: Hook, secrets: Secrets, now: int) -> list[Key]:
    """The secrets that are good at an instant, the newest first. Raises Unreadable."""
    sealed = secrets.open(hook.keys, bound_to=_place(hook.movement, hook.connection))
    kept = msgspec.json.decode(sealed, type=list[Key])
    return [key for key in kept if key.until is None or key.until > now]


def _held(session: orm.Session, movement: str, connection: str) -> Hook:
    connected(session, movement, connection)
    hook = store.hook(session, movement, connection, lock=True)
    if hook is None:
        raise NotFound("this connection has no hook")
    return hook


def _refuse_expressions(said: NewHook) -> None:
    """Raise Invalid where what a partner wrote in JMESPath is none, or could cost too much."""
    written = {name: getattr(said, name) for name in Paths._fields}
    faults = [fault_in(text, f"/{name}") for name, text in written.items() if text is not None]
    if found := [fault for fault in faults if fault is not None]:
        raise Invalid(faults=found)


def _new_key(scheme: Scheme, given: str | None) -> tuple[str, bool]:
    """The secret, and whether it was made here. HubSpot's is the secret of the partner's app, and never ours."""
    if given is None:
        if scheme is Scheme.HUBSPOT_V3:
            raise Invalid(faults=[Fault("/secret", "is the client secret of the HubSpot app", "missing")])
        return _made(scheme), True
    if not is_key(scheme, given):
        raise Invalid(faults=[Fault("/secret", "cannot be a secret of this scheme, or is too short", "secret")])
    return given, False


def _made(scheme: Scheme) -> str:
    if scheme is Scheme.STANDARD_WEBHOOKS:
        return "whsec_" + b64encode(random.token_bytes(_BYTES)).decode()
    return random.token_urlsafe(_BYTES)


def _seal(secrets: Secrets, movement: str, connection: str, kept: Sequence[Key]) -> bytes:
    return secrets.seal(msgspec.json.encode(kept), bound_to=_place(movement, connection))


def _place(movement: str, connection: str) -> bytes:
    return f"crm_hook/{movement}/{connection}".encode()
