"""The verbs of mailings: begun, changed, previewed; and sent, which a job does."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.segments import domain as segments
from services.members.life.mailings import audience, store
from services.members.life.mailings.audience import Asked
from services.members.life.mailings.models import (
    LeftOut,
    Mailing,
    MailingState,
    Recipient,
    RecipientState,
    Written,
)
from services.members.life.mailings.schemas import MailingChanges, NewMailing, Preview, Reason
from services.members.life.mailings.store import Chosen
from services.members.life.mailings.tools import domain as tools
from services.members.life.mailings.tools.models import ToolEnded, ToolState
from services.members.named import organisation_now
from shared import clock
from shared.db.session import seen_by
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id
from shared.jobs import domain as jobs
from shared.jobs.models import Job
from shared.lifecycle import IllegalTransition
from shared.secrets import Secrets
from shared.settings import Settings

KIND = "mailing"

_PAGE, _NAMED = 500, 20


def begin(session: Session, movement: str, said: NewMailing) -> Written:
    """Begin a mailing. Raises Invalid."""
    faults = _unknown(session, movement, said.tool, said.segment)
    if faults:
        raise Invalid(faults=faults)
    at = clock.now()
    row = Mailing(
        movement=movement,
        id=new_id("mailing"),
        version=1,
        name=said.name,
        tool=said.tool,
        segment=said.segment,
        campaign=said.campaign,
        state=MailingState.DRAFT,
        created_at=at,
        updated_at=at,
    )
    store.add(session, row)
    return read(session, movement, row.id)


def change(session: Session, movement: str, id: str, changes: MailingChanges, expected: int | None) -> Written:
    """Change a mailing that went to nobody yet. Raises NotFound, PreconditionFailed, Invalid, IllegalTransition."""
    row = _held(session, movement, id, expected)
    if row.state in (MailingState.SENDING, MailingState.SENT):
        raise IllegalTransition(f"a mailing that is {row.state} cannot be changed", state=row.state)
    faults = _unknown(session, movement, None, changes.segment)
    if faults:
        raise Invalid(faults=faults)
    changes.apply(row)
    row.changed(clock.now())
    return read(session, movement, id)


def preview(session: Session, movement: str, id: str, settings: Settings, secrets: Secrets) -> Preview:
    """Whom a mailing would reach now, and why it would not reach the others. Raises NotFound."""
    mailing, purpose = read(session, movement, id)
    asked = Asked(purpose, mailing.segment, settings, secrets)
    taken: set[str] = set()
    left_out: dict[LeftOut, list[str]] = {}
    found = audience.page(session, movement, asked, "", _PAGE, taken)
    while found:
        for each in found:
            if each.reason is not None:
                left_out.setdefault(each.reason, []).append(each.person)
            elif each.address is not None:
                taken.add(each.address)
        found = audience.page(session, movement, asked, found[-1].person, _PAGE, taken)
    reasons = [
        Reason(reason=reason, people=len(left_out[reason]), some=left_out[reason][:_NAMED])
        for reason in LeftOut
        if reason in left_out
    ]
    return Preview(going=len(taken), left_out=reasons)


def send(session: Session, movement: str, id: str, job: str, expected: int | None) -> Job:
    """Have a mailing sent, to whoever permits it when their turn comes.

    Raises NotFound, PreconditionFailed, ToolEnded, IllegalTransition where it is being sent or was, and NotCovered.
    """
    row = _held(session, movement, id, expected)
    tool = tools.read(session, movement, row.tool)
    if tool.state != ToolState.LIVE:
        raise ToolEnded
    tools.refuse_uncovered(session, movement, tool.organisation, tool.purpose)
    row.step(MailingState.SENDING, clock.now())
    row.job, row.group, row.handed = job, None, None
    row.organisation = organisation_now(session, movement, seen_by(session))
    store.forget_recipients(session, movement, id)
    return jobs.ask(session, movement, job, KIND, {"mailing": id})


def read(session: Session, movement: str, id: str) -> Written:
    """One mailing. Raises NotFound."""
    session.flush()
    found = store.find(session, movement, id)
    if found is None:
        raise NotFound
    return found


def list_mailings(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Written]:
    """Mailings in the order in which they were begun."""
    return store.list_mailings(session, movement, chosen=chosen, after=after, limit=limit)


def recipients(
    session: Session,
    movement: str,
    id: str,
    *,
    state: RecipientState | None,
    reason: LeftOut | None,
    after: After,
    limit: int,
) -> Sequence[Recipient]:
    """Who is in a mailing and who was left out, and why. Raises NotFound."""
    read(session, movement, id)
    return store.recipients(session, movement, id, state=state, reason=reason, after=after, limit=limit)


def _unknown(session: Session, movement: str, tool: str | None, segment: str | None) -> list[Fault]:
    faults = []
    for pointer, named, known in (("/tool", tool, tools.read), ("/segment", segment, segments.read)):
        try:
            if named is not None:
                known(session, movement, named)
        except NotFound:
            what = pointer.removeprefix("/")
            faults.append(Fault(pointer, f"is no {what} of this movement", f"unknown_{what}"))
    return faults


def _held(session: Session, movement: str, id: str, expected: int | None) -> Mailing:
    row = store.for_change(session, movement, id)
    if row is None:
        raise NotFound
    hold_to(row.version, expected)
    return row
