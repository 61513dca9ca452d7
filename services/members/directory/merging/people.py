"""What is particular to people who become one: what they allow, and where they stand."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members.directory.merging.models import Merge
from services.members.directory.merging.steps import Added, Changed, Step
from services.members.directory.people import domain as people_domain
from services.members.directory.people import store as people
from services.members.directory.search import store as search
from services.members.engagement.ladder import guard
from services.members.trust.children import uniting
from services.members.trust.permissions import domain as permissions
from services.members.trust.permissions import store as permissions_store
from services.members.trust.permissions.models import Channel, Decision, Permission, Stop
from services.members.trust.permissions.schemas import NewPermission
from services.members.trust.safeguarding.keep_apart.parting import part_again
from shared import clock, outbox
from shared.events.members.trust import PermissionGiven

Outlook = dict[tuple[str, str], Permission]
"""The decision that holds for each purpose and channel."""


class Together(NamedTuple):
    """What each of two people decided about a purpose over a channel, None where they did not; and what holds then."""

    purpose: str
    channel: str
    survivor: str | None
    merged: str | None

    @property
    def holds(self) -> Decision:
        """The more restrictive decision of the two."""
        return Decision.REFUSED if Decision.REFUSED in (self.survivor, self.merged) else Decision.GIVEN


def settled(session: Session, movement: str, merge: Merge, steps: Sequence[Step]) -> list[Step]:
    """Let the more restrictive of what the two allowed hold, and let them stand where the doings of both take them."""
    moved = {str(step.key["id"]) for step in steps if isinstance(step, Changed) and step.table == "permissions"}
    decided = permissions_store.all_of(session, movement, [merge.survivor])
    survivors, merged = ([one for one in decided if (one.id in moved) is theirs] for theirs in (False, True))
    done: list[Step] = []
    stopped = {str(step.key["id"]) for step in steps if isinstance(step, Changed) and step.table == "stops"}
    stops = permissions_store.stops_of(session, movement, merge.survivor)
    ours, theirs = ([one for one in stops if (one.id in stopped) is theirs] for theirs in (False, True))
    outdone = [*said_since(ours, merged), *said_since(theirs, survivors)]
    for lost in [*restrictions(survivors, merged), *outdone]:
        refused = _refuse(session, movement, merge.survivor, lost)
        done.append(Added("permissions", {"id": refused.id}))
    guard.hold(session, movement, merge.survivor)
    part_again(session, movement, merge.survivor)
    return [*done, *uniting.no_of_either(session, movement, merge.survivor, steps)]


def parted(session: Session, movement: str, merge: Merge) -> None:
    """Let each of two people stand by what is their own, and say again what each allows.

    A stop that was said while they were one holds for both: either may have said it.
    """
    remains = people.present_id(session, movement, merge.survivor)
    both = (remains, merge.merged)
    for person in both:
        guard.hold(session, movement, person)
        found_by_name(session, movement, person)
    decided = permissions_store.all_of(session, movement, [remains])
    stops = [one for one in decided if one.decided_at >= merge.merged_at and one.decision == Decision.REFUSED]
    theirs = holding(permissions_store.all_of(session, movement, [merge.merged]))
    for said in permissions_store.stops_of(session, movement, remains):
        if said.stopped_at >= merge.merged_at:
            permissions_store.add_stop(session, movement, merge.merged, said)
    for stop in holding(stops).values():
        allowed = theirs.get((stop.purpose, stop.channel))
        if allowed is not None and allowed.decision == Decision.GIVEN:
            _refuse(session, movement, merge.merged, stop)
            del theirs[stop.purpose, stop.channel]
    stopped = {person: permissions_store.latest_stop(session, movement, person, clock.now()) for person in both}
    for given in [*holding(decided).values(), *theirs.values()]:
        stop_of_theirs = stopped[given.person]
        if given.decision == Decision.GIVEN and (
            stop_of_theirs is None or stop_of_theirs.stopped_at < given.decided_at
        ):
            about = {"person": given.person, "purpose": given.purpose, "channel": given.channel}
            outbox.record(session, PermissionGiven(permission=given.id, **about))


def found_by_name(session: Session, movement: str, person: str) -> None:
    """Let somebody be found by their name: an edit since may have taken away words that the two had in common."""
    row = people.for_change(session, movement, person)
    if row is not None:
        missing = set(people_domain.words_of(row)) - people.words_known(session, movement, person)
        people.add_words(session, movement, person, sorted(missing))
        search.learn(session, movement, sorted(missing))


def holding(decided: Sequence[Permission]) -> Outlook:
    """The decision that holds for each purpose and channel: the latest; of two at one moment the refusal."""
    in_order = sorted(decided, key=lambda one: (one.decided_at, one.decision == Decision.REFUSED))
    return {(one.purpose, one.channel): one for one in in_order}


def restrictions(survivors: Sequence[Permission], merged: Sequence[Permission]) -> list[Permission]:
    """The refusals of either that the other's later permission would outdo once the two decide as one."""
    ours, theirs, both = holding(survivors), holding(merged), holding([*survivors, *merged])
    refused = [one for side in (ours, theirs) for one in side.values() if one.decision == Decision.REFUSED]
    return [one for one in refused if both[one.purpose, one.channel].decision == Decision.GIVEN]


def said_since(stops: Sequence[Stop], decided: Sequence[Permission]) -> list[Permission]:
    """What one of two allows, said after the other's stop, which it would outdo once they decide as one."""
    if not stops:
        return []
    last = max(stop.stopped_at for stop in stops)
    held = holding(decided).values()
    return [one for one in held if one.decision == Decision.GIVEN and one.decided_at > last]


def together(session: Session, movement: str, survivor: str, merged: str) -> list[Together]:
    """What two people would allow as one, for each purpose and channel that either decided about."""
    ours, theirs = (holding(permissions_store.all_of(session, movement, [person])) for person in (survivor, merged))
    return [
        Together(purpose, channel, _decision(ours, (purpose, channel)), _decision(theirs, (purpose, channel)))
        for purpose, channel in sorted(ours.keys() | theirs.keys())
    ]


def _decision(decided: Outlook, about: tuple[str, str]) -> str | None:
    return decided[about].decision if about in decided else None


def _refuse(session: Session, movement: str, person: str, like: Permission) -> Permission:
    said = NewPermission(purpose=like.purpose, channel=Channel(like.channel), decision=Decision.REFUSED)
    return permissions.record(session, movement, person, said, clock.now())
