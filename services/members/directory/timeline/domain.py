"""Reading a timeline."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people import store as people
from services.members.directory.timeline import store
from services.members.directory.timeline.kinds import HAPPENINGS
from services.members.directory.timeline.store import Entry, Span
from services.members.trust.employers.models import NOT_FOR_EMPLOYERS
from services.members.trust.employers.store import is_own_staff
from shared.errors import Fault, Invalid, NotFound
from shared.pages import Position


def timeline(
    session: Session,
    movement: str,
    person: str,
    *,
    kinds: Collection[str],
    may: Callable[[str], bool],
    since: datetime | None,
    until: datetime | None,
    after: Position | None,
    limit: int,
) -> Sequence[Entry]:
    """What happened to a person, the latest first, of what the caller `may` see: of some kinds, or (none named) of all.

    To whoever acts for an organisation that the person belongs to, it does not show whether they came, nor what they
    did. Raises NotFound, and Invalid for a kind that there is none of.
    """
    if unknown := sorted(set(kinds) - HAPPENINGS.keys()):
        raise Invalid(faults=[Fault("?kind", f"{kind} is no kind of a timeline", "unknown_kind") for kind in unknown])
    now = people.present_id(session, movement, person)
    if not people.known(session, movement, [now]):
        raise NotFound
    zone = days.zone(session, movement)
    behind = None if after is None else (int(after[0]), str(after[1]), str(after[2]))
    span = Span(since, until, behind)
    own_staff = is_own_staff(session, movement, now)
    shown = [
        each
        for kind, each in HAPPENINGS.items()
        if (not kinds or kind in kinds) and may(each.scope) and not (own_staff and each.scope in NOT_FOR_EMPLOYERS)
    ]
    found = [store.entries(session, movement, each, now, span, zone, limit) for each in shown]
    return store.latest(found, limit)
