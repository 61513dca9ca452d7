"""The verbs of what came back: taken, settled, lifted; and of the quiet list."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.people import store as people
from services.members.life.mailings.addresses import digest, folded
from services.members.life.mailings.held_back import store
from services.members.life.mailings.held_back.models import (
    CameBackFrom,
    MailReturn,
    NeverResubscribed,
    Quiet,
    ReturnKind,
    ReturnPerson,
    SharedAddress,
    Via,
)
from services.members.life.mailings.held_back.schemas import Lifting, NewQuiet, NewReturn, Settling
from services.members.life.mailings.held_back.store import Chosen
from services.members.life.mailings.tools import domain as connected
from services.members.life.mailings.tools import store as tools
from services.members.life.mailings.tools.models import MailingTool
from services.members.life.mailings.vendors.hooks import CameBack, came_back
from services.members.life.mailings.vendors.tool import AtTool, VendorKind
from services.members.named import named, person_now
from services.members.trust.permissions import domain as permissions
from services.members.trust.permissions import store as decisions
from services.members.trust.permissions.models import Channel, Decision
from services.members.trust.permissions.schemas import NewPermission
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.mailings import MailCameBack
from shared.ids import new_id
from shared.secrets import Secrets

_STANDS = {
    ReturnKind.UNSUBSCRIBED: AtTool.UNSUBSCRIBED,
    ReturnKind.COMPLAINED: AtTool.UNSUBSCRIBED,
    ReturnKind.BOUNCED: AtTool.BOUNCED,
    ReturnKind.BLOCKED: AtTool.BLOCKED,
}


class QuietAlready(Conflict):
    """They asked for quiet before, and it lasts; ``quiet`` is the entry."""

    code = "quiet_already"
    title = "They are left in quiet already"


def take(session: Session, movement: str, tool: MailingTool, heard: CameBack, via: Via, secrets: Secrets) -> bool:
    """Take in what a tool says: hold the address back, and refuse for whoever said so. False where it is known.

    It may come twice, late, and in any order: nothing that a tool says ever lifts anything. Where several people have
    the address, nobody's permission is touched; the return stays unclear until somebody knows.
    """
    address = folded(heard.address)
    mark = digest(secrets, movement, address)
    if store.standing(session, movement, tool.id, heard.kind, mark) is not None:
        return False
    owners = store.who_has(session, movement, address)
    said_it = owners if len(owners) == 1 and heard.kind.is_a_word else ()
    _hold_back(session, tool, heard, via, mark, owners, said_it)
    return True


def take_call(session: Session, movement: str, tool: str, secret: str, body: bytes, secrets: Secrets) -> int:
    """Take in what a tool told its hook; how much of it was new. Raises NotFound for another secret, and BadRequest."""
    caller = connected.called_by(session, movement, tool, secret, secrets)
    told = came_back(VendorKind(caller.kind), caller.list, body)
    return sum(take(session, movement, caller, heard, Via.HOOK, secrets) for heard in told)


def note(session: Session, movement: str, said: NewReturn, secrets: Secrets) -> CameBackFrom:
    """Write down what came back. Raises Invalid, and SharedAddress where several have it and nobody says which."""
    tool = tools.find(session, movement, said.tool)
    heard = CameBack(folded(said.address), said.kind, clock.now())
    owners = store.who_has(session, movement, heard.address)
    found = named(session, movement, people={f"/people/{n}": person for n, person in enumerate(said.people or ())})
    faults = [*found.faults]
    if tool is None:
        faults.append(Fault("/tool", "is no mailing tool of this movement", "unknown_tool"))
    if not owners:
        faults.append(Fault("/address", "is nobody's here", "unknown_address"))
    faults += [
        Fault(pointer, "does not have this address", "not_theirs")
        for pointer, person in found.ids.items()
        if person not in owners
    ]
    if faults or tool is None:
        raise Invalid(faults=faults)
    if said.people is None and len(owners) > 1:
        raise SharedAddress("say in `people` whom it is about", people=" ".join(owners))
    mark = digest(secrets, movement, heard.address)
    known = store.standing(session, movement, tool.id, heard.kind, mark)
    if known is not None:
        return read(session, movement, known)
    about = sorted(set(found.ids.values())) or owners
    made = _hold_back(session, tool, heard, Via.HAND, mark, about, about if said.kind.is_a_word else ())
    return read(session, movement, made)


def settle(session: Session, movement: str, id: str, said: Settling, expected: int | None) -> CameBackFrom:
    """Say which of those who have the address said so: they refuse the purpose. Raises NotFound, Invalid and
    PreconditionFailed."""
    row = _held(session, movement, id, expected)
    found = named(session, movement, people={f"/people/{n}": person for n, person in enumerate(said.people)})
    about = {each.person: each for each in _people(session, row)}
    faults = [*found.faults]
    faults += [
        Fault(place, "did not have the address", "not_theirs") for place, who in found.ids.items() if who not in about
    ]
    if not row.unclear:
        faults.append(Fault("/people", "is known already", "settled_already"))
    if faults:
        raise Invalid(faults=faults)
    for person in sorted(set(found.ids.values())):
        about[person].said_it = True
        _refuse_for(session, movement, person, row.purpose)
    row.unclear = False
    row.changed(clock.now())
    return read(session, movement, id)


def lift(
    session: Session, movement: str, id: str, said: Lifting, expected: int | None, secrets: Secrets
) -> CameBackFrom:
    """Hold an address back no longer for what came back then. Raises NotFound, PreconditionFailed, NeverResubscribed.

    A mailbox that works again is enough where it bounced. Where somebody said so, each of them has to have said yes
    since. It says nothing to the tool: whoever unsubscribed there subscribes there, by the tool's own form.
    """
    row = _held(session, movement, id, expected)
    if row.unclear or (ReturnKind(row.kind).is_a_word and not _all_said_yes(session, row)):
        raise NeverResubscribed
    at = clock.now()
    if row.lifted_at is None:
        row.lifted_at, row.lifted_why = at, said.why
        row.changed(at)
        for entry in tools.entries_of(session, movement, [each.person for each in _people(session, row)]):
            if digest(secrets, movement, entry.address) == row.digest:
                entry.stands = AtTool.OFF  # the tool is asked again how they stand there
    return read(session, movement, id)


def read(session: Session, movement: str, id: str) -> CameBackFrom:
    """One return. Raises NotFound."""
    session.flush()
    row = _found(store.find(session, movement, id))
    return CameBackFrom(row, _people(session, row))


def list_returns(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[CameBackFrom]:
    """Returns in the order in which they came; of somebody by any id that they ever had."""
    chosen = replace(chosen, person=person_now(session, movement, chosen.person))
    rows = store.list_returns(session, movement, chosen=chosen, after=after, limit=limit)
    people_of = store.people_of(session, movement, [row.id for row in rows])
    return [CameBackFrom(row, people_of.get(row.id, ())) for row in rows]


def ask_for_quiet(session: Session, movement: str, said: NewQuiet) -> Quiet:
    """Leave somebody in quiet. Raises Invalid, QuietAlready."""
    found, today = named(session, movement, people={"/person": said.person}), days.today(session, movement)
    faults = [*found.faults]
    if said.until is not None and said.until < today:
        faults.append(Fault("/until", "is past", "in_the_past"))
    if faults:
        raise Invalid(faults=faults)
    person = found.ids["/person"]
    people.for_change(session, movement, person)  # of two who ask at once the second is told
    before = store.quiet_of(session, movement, person, today)
    if before is not None:
        raise QuietAlready(quiet=before.id)
    row = Quiet(
        movement=movement, id=new_id("quiet"), person=person, until=said.until,
        recorded_by=of(session).context.actor, created_at=clock.now(), ended_at=None,
    )  # fmt: skip
    store.add(session, row)
    return row


def end_quiet(session: Session, movement: str, id: str) -> Quiet:
    """They are written to again, as far as they allow. Once more changes nothing. Raises NotFound."""
    row = store.find_quiet(session, movement, id)
    if row is None:
        raise NotFound
    row.ended_at = row.ended_at or clock.now()
    return row


def list_quiet(session: Session, movement: str, *, after: After, limit: int) -> Sequence[Quiet]:
    """Who is left in quiet today."""
    return store.list_quiet(session, movement, days.today(session, movement), after=after, limit=limit)


def _hold_back(
    session: Session,
    tool: MailingTool,
    heard: CameBack,
    via: Via,
    mark: bytes,
    about: Sequence[str],
    said_it: Sequence[str],
) -> str:
    """Enter a return, refuse for those who said so, and take the address off: of every list where it is dead."""
    at, movement = clock.now(), tool.movement
    unclear = heard.kind.is_a_word and bool(about) and not said_it
    row = MailReturn(
        movement=movement, id=new_id("mailreturn"), version=1, tool=tool.id, purpose=tool.purpose, kind=heard.kind,
        digest=mark, via=via, unclear=unclear, told_at=heard.at, created_at=at, updated_at=at,
    )  # fmt: skip
    store.add(session, row)
    for person in about:
        store.add(
            session,
            ReturnPerson(movement=movement, mail_return=row.id, person=person, said_it=person in said_it),
        )
    for person in said_it:
        _refuse_for(session, movement, person, tool.purpose)
    for entry in tools.everywhere(session, movement, folded(heard.address)):
        if entry.tool == tool.id:
            # Taken off there too: a call of ours that was under way may have put it on in the meantime.
            entry.stands, entry.leaving, entry.updated_at = _STANDS[heard.kind], heard.kind.is_a_word, at
        elif heard.kind is ReturnKind.BOUNCED:
            entry.leaving = entry.leaving or entry.stands == AtTool.ON
    outbox.record(session, MailCameBack(mail_return=row.id, kind=heard.kind, tool=tool.id))
    return row.id


def _refuse_for(session: Session, movement: str, person: str, purpose: str) -> None:
    refused = NewPermission(purpose=purpose, channel=Channel.EMAIL, decision=Decision.REFUSED)
    permissions.decide(session, movement, person, refused)


def _people(session: Session, row: MailReturn) -> Sequence[ReturnPerson]:
    return store.people_of(session, row.movement, [row.id]).get(row.id, ())


def _all_said_yes(session: Session, row: MailReturn) -> bool:
    """Whether everybody who said so has said yes since."""
    at = clock.now()
    for each in _people(session, row):
        said = decisions.said(session, row.movement, each.person, at)
        latest = said.latest.get((row.purpose, Channel.EMAIL))
        yes = latest is not None and latest.decision == Decision.GIVEN and latest.decided_at > row.created_at
        if each.said_it and not yes:
            return False
    return True


def _held(session: Session, movement: str, id: str, expected: int | None) -> MailReturn:
    row = _found(store.find(session, movement, id, locked=True))
    hold_to(row.version, expected)
    return row


def _found(row: MailReturn | None) -> MailReturn:
    if row is None:
        raise NotFound
    return row
