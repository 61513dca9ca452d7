"""Who has no rung, on whatever path: children, residents, connectors' clients, and whoever objects to the ladder.

The one place that takes a rung away and lets one be had again. What others see is that there is none, never why: that
somebody lives in a home or is a connector's client is theirs to tell.
"""

from sqlalchemy.orm import Session

from services.members.directory.people import store as people
from services.members.engagement.ladder import decisions, domain, store
from services.members.engagement.ladder.models import Cause, Decided, Reason
from services.members.engagement.nominations import ending
from services.members.engagement.pledges import publication
from shared import clock
from shared.db.session import of
from shared.errors import NotFound


def exclude(session: Session, movement: str, person: str, reason: Reason) -> None:
    """Allow the person no rung from now on, for this reason; one that they have is gone. Once more changes nothing.

    It holds for somebody who is no member yet, and goes with them through sign-ups and merges. The person is one of the
    movement's. Nominations of them end, and unless they only object, what they pledged is no longer shown openly.
    """
    ending.end_all_for(session, movement, person)
    if reason is not Reason.OBJECTED:
        publication.hide_all_of(session, movement, person)
    members = store.for_change(session, movement, [person])
    if any(each.reason == reason for each in decisions.exclusions(session, movement, person)):
        return
    decisions.decide(session, movement, person, Decided.EXCLUDED, reason=reason)
    domain.bring_up_to_date(session, movement, members, Cause.OFF_LADDER)


def readmit(session: Session, movement: str, person: str, reason: Reason) -> None:
    """End an exclusion. Where no other reason stands, a member begins again as what their activities make them."""
    members = store.for_change(session, movement, [person])
    exclusions = decisions.exclusions(session, movement, person)
    ended = [each.id for each in exclusions if each.reason == reason]
    if not ended:
        return
    decisions.end(session, movement, ended, of(session).context.actor, clock.now())
    domain.bring_up_to_date(session, movement, members, Cause.READMITTED)


def on_ladder(session: Session, movement: str, person: str) -> bool:
    """Whether the person may have a rung: nothing excludes them."""
    return not decisions.exclusions(session, movement, person)


def shown_openly(session: Session, movement: str, person: str) -> bool:
    """Whether what the person says may be shown to everybody: not a child's, a resident's or a connector's client's."""
    return all(each.reason == Reason.OBJECTED for each in decisions.exclusions(session, movement, person))


def object_to(session: Session, movement: str, person: str) -> None:
    """The person wants no place on the ladder: so they have none, until they say otherwise. Raises NotFound."""
    exclude(session, movement, _known(session, movement, person), Reason.OBJECTED)


def take_back(session: Session, movement: str, person: str) -> None:
    """The person no longer objects. Raises NotFound."""
    readmit(session, movement, _known(session, movement, person), Reason.OBJECTED)


def hold(session: Session, movement: str, person: str) -> None:
    """Let a member stand where all that is known of them says: for records that became one person's."""
    domain.bring_up_to_date(session, movement, store.for_change(session, movement, [person]), Cause.RECOMPUTED)


def _known(session: Session, movement: str, person: str) -> str:
    now = people.present_id(session, movement, person)
    if not people.known(session, movement, [now]):
        raise NotFound
    return now
