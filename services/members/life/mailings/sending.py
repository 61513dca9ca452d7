"""The steps of sending a mailing, each a transaction: who is in it, whom the tool is given, and the end of it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members.life.mailings import audience, store
from services.members.life.mailings.audience import Asked
from services.members.life.mailings.models import LeftOut, MailingState, Recipient, RecipientState
from services.members.life.mailings.store import Waiting
from shared import clock, outbox
from shared.db.session import of, show_to
from shared.errors import NotFound
from shared.events.members.mailings import MailingSent
from shared.ids import new_id


class Late(NamedTuple):
    """People whom the tool was given: the last row that was looked at, and the addresses that are to come out."""

    last: str
    out: Sequence[str]


def gather(session: Session, movement: str, mailing: str, asked: Asked, after: str, limit: int) -> Sequence[str]:
    """Enter the next people of the segment, as they are written to now or left out. Their ids. Raises NotFound."""
    row = store.for_change(session, movement, mailing)
    if row is None:
        raise NotFound
    if row.organisation is not None:
        show_to(of(session), row.organisation)  # no employer writes to its own staff by what they did
    found, at = audience.page(session, movement, asked, after, limit, ()), clock.now()
    addresses = [each.address for each in found if each.reason is None and each.address is not None]
    taken = store.taken_among(session, movement, mailing, addresses)
    for each in found:
        reason = LeftOut.SAME_ADDRESS if each.reason is None and each.address in taken else each.reason
        store.add(
            session,
            Recipient(
                movement=movement, id=new_id("recipient"), mailing=mailing, person=each.person, reason=reason, at=at,
                address=each.address if reason is None else None,
                state=RecipientState.WAITING if reason is None else RecipientState.LEFT_OUT,
            ),
        )  # fmt: skip
    return [each.person for each in found]


def next_to_hand(
    session: Session, movement: str, mailing: str, tool: str, asked: Asked, limit: int
) -> Sequence[Waiting]:
    """The next people whom the tool is to be given; whoever does not permit it by now is left out first."""
    while some := store.waiting(session, movement, mailing, tool, limit):
        withdrawn = audience.still(session, movement, asked, {each.person: each.address for each in some})
        if not withdrawn:
            return some
        left_out = {each.id: withdrawn[each.person] for each in some if each.person in withdrawn}
        store.settle(session, movement, left_out, clock.now())
        session.flush()
    return ()


def handed(session: Session, movement: str, outcomes: Mapping[str, LeftOut | None]) -> None:
    """The tool has these people, but for those who are left out for a reason."""
    store.settle(session, movement, outcomes, clock.now())


def leave_out_late(session: Session, movement: str, mailing: str, asked: Asked, after: str, limit: int) -> Late | None:
    """Leave out whoever withdrew since the tool was given them. None behind the last."""
    some = store.handed(session, movement, mailing, after, limit)
    if not some:
        return None
    withdrawn = audience.still(session, movement, asked, {each.person: each.address or "" for each in some})
    out = [each for each in some if each.person in withdrawn]
    store.settle(session, movement, {each.id: withdrawn[each.person] for each in out}, clock.now())
    return Late(some[-1].id, [each.address for each in out if each.address is not None])


def group_made(session: Session, movement: str, mailing: str, group: str) -> None:
    """Keep which group of the tool's is this mailing's."""
    row = store.for_change(session, movement, mailing)
    if row is not None:
        row.group = group


def finish(session: Session, movement: str, mailing: str) -> int:
    """It went out: addresses are forgotten, and it counts for whom it went to. To how many it did. Raises NotFound."""
    row = store.for_change(session, movement, mailing)
    if row is None:
        raise NotFound
    at = clock.now()
    row.step(MailingState.SENT, at)
    row.sent_at, row.handed = at, store.close(session, movement, mailing)
    outbox.record(session, MailingSent(mailing=mailing, tool=row.tool, people=row.handed))
    return row.handed


def give_up(session: Session, movement: str, mailing: str, state: MailingState) -> None:
    """It went to nobody, and can be sent again."""
    row = store.for_change(session, movement, mailing)
    if row is not None and row.state == MailingState.SENDING:
        row.step(state, clock.now())
