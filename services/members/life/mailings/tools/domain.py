"""The verbs of mailing tools: connected, changed, ended; and what their lists are to be made to say."""

import hashlib
import hmac
import secrets as random
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.life.mailings.tools import store
from services.members.life.mailings.tools.models import Forgetting, ListEntry, MailingTool, ToolState
from services.members.life.mailings.tools.schemas import NewTool, ToolChanges
from services.members.life.mailings.vendors import brevo, mailchimp
from services.members.life.mailings.vendors.tool import AtTool, ToolRefuses, VendorKind
from services.members.named import named
from services.members.trust.agreements.domain import covered
from shared import clock
from shared.coverage import DataClass, refusal
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id
from shared.secrets import Secrets

CAME_BACK = (AtTool.UNSUBSCRIBED, AtTool.BOUNCED, AtTool.BLOCKED)
"""How those stand who are held back: on a list again they are only once somebody has lifted that."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def new_secret() -> str:
    """The secret in the address of a hook: 256 bits."""
    return random.token_urlsafe(32)


def api_address(said: NewTool) -> str:
    """Where the API of an account is. Raises Invalid where its key does not say so."""
    if said.url is not None:
        return said.url.rstrip("/")
    if said.kind is VendorKind.BREVO:
        return brevo.ADDRESS
    try:
        return mailchimp.address_for(said.api_key.get_secret_value())
    except ToolRefuses as refused:
        raise Invalid(faults=[Fault("/api_key", refused.detail, "malformed")]) from None


def connect(session: Session, movement: str, said: NewTool, secret: str, secrets: Secrets) -> MailingTool:
    """Connect a list of a tool. Raises Invalid, and NotCovered where no agreement covers what it would be handed."""
    found = named(session, movement, organisations={"/organisation": said.organisation})
    faults = list(found.faults)
    if said.kind is VendorKind.BREVO and not said.list.isdecimal():
        faults.append(Fault("/list", "is a number at Brevo", "malformed"))
    if faults:
        raise Invalid(faults=faults)
    at, name, organisation = clock.now(), new_id("mailtool"), found.ids["/organisation"]
    refuse_uncovered(session, movement, organisation, said.purpose)
    tool = MailingTool(
        movement=movement,
        id=name,
        version=1,
        kind=said.kind,
        name=said.name,
        organisation=organisation,
        purpose=said.purpose,
        list=said.list,
        address=api_address(said),
        sealed=_sealed(secrets, movement, name, said.api_key.get_secret_value()),
        hook_digest=_digest(secrets, secret),
        state=ToolState.LIVE,
        busy_until=_NEVER,
        created_at=at,
        updated_at=at,
    )
    store.add(session, tool)
    return tool


def refuse_uncovered(session: Session, movement: str, organisation: str, purpose: str) -> None:
    """Raise NotCovered where no agreement lets whoever runs a tool have names and addresses for that purpose."""
    answer = covered(session, movement, organisation, DataClass.CONTACT, purpose, clock.now())
    if not answer:
        raise refusal(DataClass.CONTACT, answer)


def change(
    session: Session, movement: str, id: str, changes: ToolChanges, expected: int | None, secrets: Secrets
) -> MailingTool:
    """Rename a tool, or give it another key. Raises NotFound, PreconditionFailed, ToolEnded."""
    tool = _held(session, movement, id, expected)
    tool.changed(clock.now())
    changes.apply(tool, "name")
    if changes.api_key is not None:
        tool.sealed = _sealed(secrets, movement, id, changes.api_key.get_secret_value())
    return tool


def renew_hook(
    session: Session, movement: str, id: str, expected: int | None, secret: str, secrets: Secrets
) -> MailingTool:
    """Give the hook another address; the one before leads nowhere. Raises NotFound, PreconditionFailed, ToolEnded."""
    tool = _held(session, movement, id, expected)
    tool.changed(clock.now())
    tool.hook_digest = _digest(secrets, secret)
    return tool


def end(session: Session, movement: str, id: str, expected: int | None) -> MailingTool:
    """Look after a list no more, and forget the key. Raises NotFound, PreconditionFailed, ToolEnded."""
    tool = _held(session, movement, id, expected)
    tool.end(clock.now())
    return tool


def read(session: Session, movement: str, id: str) -> MailingTool:
    """One tool. Raises NotFound."""
    return _found(store.find(session, movement, id))


def called_by(session: Session, movement: str, id: str, secret: str, secrets: Secrets) -> MailingTool:
    """The tool that called its hook with this secret. Raises NotFound for any other, and once the tool has ended."""
    tool = read(session, movement, id)
    if tool.state != ToolState.LIVE or not hmac.compare_digest(tool.hook_digest, _digest(secrets, secret)):
        raise NotFound
    return tool


def key_of(tool: MailingTool, secrets: Secrets) -> str:
    """The key to the account."""
    return secrets.open(tool.sealed, bound_to=_place(tool.movement, tool.id)).decode()


def list_tools(session: Session, movement: str, *, after: After, limit: int) -> Sequence[MailingTool]:
    """Tools in the order in which they were connected."""
    return store.list_tools(session, movement, after=after, limit=limit)


def stands(session: Session, movement: str, tool: str, address: str, person: str, how: AtTool) -> None:
    """Keep how an address stands on a list.

    What came back while the tool was being asked is newer than its answer, and stays.
    """
    entry = store.entries(session, movement, tool, [address]).get(address)
    if entry is None:
        entry = ListEntry(movement=movement, tool=tool, address=address, stands=AtTool.OFF, leaving=False)
        session.add(entry)
    if entry.stands in CAME_BACK:
        return
    entry.person, entry.stands, entry.updated_at = person, how, clock.now()
    entry.leaving = entry.leaving and how is AtTool.ON


def let_go_of(session: Session, movement: str, person: str) -> int | None:
    """Have somebody taken off every list that they are on, at once. None where there is one: the tool has to do it."""
    live = store.live(session, movement)
    on = [
        entry
        for entry in store.entries_of(session, movement, [person])
        if entry.stands == AtTool.ON and entry.tool in live
    ]
    for entry in on:
        entry.leaving = True
    return None if on else 0


def is_let_go_of(session: Session, movement: str, person: str) -> int | None:
    """On how many lists somebody is no longer; None while a tool has still to take them off one."""
    live = store.live(session, movement)
    theirs = [entry for entry in store.entries_of(session, movement, [person]) if entry.tool in live]
    return None if any(entry.leaving for entry in theirs) else len(theirs)


def is_off(session: Session, movement: str, tool: str, address: str) -> None:
    """An address is off a list; how it stood otherwise stays."""
    entry = store.entries(session, movement, tool, [address]).get(address)
    if entry is not None:
        entry.leaving, entry.updated_at = False, clock.now()
        entry.stands = entry.stands if entry.stands in CAME_BACK else AtTool.OFF


def unknown_among(session: Session, movement: str, tool: str, addresses: Sequence[str]) -> Sequence[str]:
    """Those of some addresses that a list may be given: it has none of them, or has let them go."""
    known = store.entries(session, movement, tool, addresses)
    return [address for address in addresses if address not in known or known[address].stands == AtTool.OFF]


def looked_after(
    session: Session, movement: str, id: str, read_until: datetime, trouble: str | None, *, whole: bool
) -> None:
    """Note that a list was looked after, and what kept it from being true. What was not read is read the next time, and
    where there was too much for one look, the next one is due at once."""
    tool, at = _found(store.find(session, movement, id, locked=True)), clock.now()
    tool.busy_until, tool.trouble = at, trouble
    if trouble is None:
        tool.read_until = read_until
    if whole or trouble is not None:
        tool.synced_at = at


def have_forgotten(session: Session, movement: str, people: Sequence[str], secrets: Secrets) -> None:
    """Have every tool delete what it keeps of somebody who is being erased. Our own entries go in the same moment."""
    at, live = clock.now(), store.live(session, movement)
    for entry in store.entries_of(session, movement, people):
        if entry.tool in live:
            name = new_id("forgetting")
            sealed = secrets.seal(entry.address.encode(), bound_to=_place(movement, name))
            session.add(Forgetting(movement=movement, id=name, tool=entry.tool, sealed=sealed, asked_at=at))
        session.delete(entry)


def address_to_forget(forgetting: Forgetting, secrets: Secrets) -> str:
    """The address that a tool is to forget."""
    return secrets.open(forgetting.sealed, bound_to=_place(forgetting.movement, forgetting.id)).decode()


def _sealed(secrets: Secrets, movement: str, tool: str, key: str) -> bytes:
    return secrets.seal(key.encode(), bound_to=_place(movement, tool))


def _place(movement: str, id: str) -> bytes:
    return f"mailing {movement} {id}".encode()


def _digest(secrets: Secrets, secret: str) -> bytes:
    return hmac.digest(secrets.pepper, f"mail hook {secret}".encode(), hashlib.sha256)


def _held(session: Session, movement: str, id: str, expected: int | None) -> MailingTool:
    tool = _found(store.find(session, movement, id, locked=True))
    hold_to(tool.version, expected)
    return tool


def _found(tool: MailingTool | None) -> MailingTool:
    if tool is None:
        raise NotFound
    return tool
