"""What erasing somebody does here: their access ends first, and only then is anything erased anywhere.

Their accounts go with their sessions, and with what receivers of webhooks answered that speaks of them. The last admin
cannot be erased: nobody could let anybody in any more, and so nobody could see to the erasure.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.sessions.models import SignInAttempts, UserSession
from services.gateway.access.sessions.sign_in import address_kept
from services.gateway.access.users import domain as users
from services.gateway.access.users import store as accounts
from services.gateway.access.users.models import MergedPerson, User
from services.gateway.base import Base
from services.gateway.crm.erasing import have_crms_forget
from services.gateway.inbound.erasing import forget_what_crms_said
from services.gateway.webhooks.erasing import forget_what_receivers_said
from shared import outbox
from shared.consumer import Handler
from shared.erasure import store
from shared.erasure.counting import Counted
from shared.erasure.marks import Marks
from shared.erasure.worker import Erasing
from shared.events.base import Event, Received
from shared.events.gateway import ErasureAccessEnded, ErasureObjectedTo, ErasureReceiptGiven
from shared.events.members.erasures import ErasureAdmitted, ErasureBegun
from shared.ids import new_id
from shared.parts import Parts
from shared.secrets import Secrets

_EVERYTHING = frozenset({"*"})
LAST_ADMIN = "last_admin"


def on_erasure_begun(session: orm.Session, received: Received, event: ErasureBegun) -> None:
    """End the person's access at once, or object where nobody could let anybody in after them."""
    movement, receipt = received.movement, new_id("receipt")
    theirs = accounts.of_person(session, movement, event.person)
    admins = set(accounts.live_admins(session, movement))
    if admins and admins <= {user.id for user in theirs}:
        outbox.record(session, ErasureObjectedTo(receipt=receipt, erasure=event.erasure, reason=LAST_ADMIN))
        return
    for user in theirs:
        users.end_user(session, movement, user.id, granting=_EVERYTHING)
    outbox.record(session, ErasureAccessEnded(receipt=receipt, erasure=event.erasure))


def on_erasure_admitted(session: orm.Session, received: Received, event: ErasureAdmitted) -> None:
    """Have the worker erase what the gateway keeps."""
    store.add(session, received.movement, event.erasure)


HANDLERS: dict[type[Event], Handler] = {
    ErasureBegun: on_erasure_begun,
    ErasureAdmitted: on_erasure_admitted,
}


async def forget_accounts(parts: Parts, db: Counted, movement: str, marks: Marks) -> None:
    """Delete the accounts of somebody, with their sessions and the counts of their failed sign-ins."""
    await db.erase(_forget_accounts, movement, marks, parts.secrets)


def _forget_accounts(session: orm.Session, movement: str, marks: Marks, secrets: Secrets) -> int:
    unlinked = sa.and_(User.person.is_(None), User.email.in_([address.lower() for address in marks.addresses]))
    theirs = sa.select(User.id).where(User.movement == movement, sa.or_(User.person.in_(marks.people), unlinked))
    admins = set(accounts.live_admins(session, movement))
    going: list[str] = []
    for user in session.scalars(theirs.order_by(User.id)).all():
        if admins != {user}:
            going.append(user)
            admins.discard(user)
    _forget_attempts(session, movement, going, secrets)
    session.execute(sa.delete(UserSession).where(UserSession.movement == movement, UserSession.user.in_(going)))
    session.execute(sa.delete(User).where(User.movement == movement, User.id.in_(going)))
    either = sa.or_(MergedPerson.merged.in_(marks.people), MergedPerson.into.in_(marks.people))
    session.execute(sa.delete(MergedPerson).where(MergedPerson.movement == movement, either))
    return len(going)


def _forget_attempts(session: orm.Session, movement: str, going: Sequence[str], secrets: Secrets) -> None:
    addresses = sa.select(User.email).where(User.movement == movement, User.id.in_(going))
    digests = [address_kept(email, secrets) for email in session.scalars(addresses)]
    session.execute(sa.delete(SignInAttempts).where(SignInAttempts.address.in_(digests)))


ERASING = Erasing(
    metadata=(Base.metadata,),
    receipt=lambda erasure, records: ErasureReceiptGiven(receipt=new_id("receipt"), erasure=erasure, records=records),
    forgetting=(forget_accounts, forget_what_receivers_said, have_crms_forget, forget_what_crms_said),
)
