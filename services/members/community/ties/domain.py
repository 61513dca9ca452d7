"""What is done with ties: one side declares, the other confirms or does not, either changes, narrows or ends it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community import people
from services.members.community.circles import store as circles
from services.members.community.ties import store
from services.members.community.ties.models import State, Tie, Visibility
from services.members.community.ties.schemas import Confirmation, NewTie, Telling, TieChanges, TieEnding
from services.members.community.ties.store import Viewer
from services.members.directory.organisations import store as organisations
from services.members.engagement.ladder import guard
from shared import clock, outbox
from shared.auth import Principal
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Forbidden, Invalid, NotFound
from shared.events.members.community import TieChanged
from shared.ids import new_id

_BOTH = slice(None)
"""Either side of a tie may say it."""


class NotYoursToSay(Forbidden):
    """It is for one of the two sides; whoever writes down what they said names the day on which they said it."""

    code = "not_yours_to_say"
    title = "This is for one of the two sides: say when they told you"


def viewer(session: Session, movement: str, principal: Principal) -> Viewer:
    """For whom a principal looks: the person whom its user is, and the organisation that it acts for."""
    return Viewer(
        people.found(session, movement, principal.person), principal.organisation, days.today(session, movement)
    )


def declare(session: Session, movement: str, said: NewTie, principal: Principal) -> Tie:
    """One side says that it works with the other. Raises Invalid, NotYoursToSay."""
    first, second = _side(session, movement, "/first", said.first), _side(session, movement, "/second", said.second)
    caller = viewer(session, movement, principal)
    if first == second:
        raise Invalid(faults=[Fault("/second", "is the first side itself", "own_tie")])
    _refuse_unsaid(said, [first], caller)
    if said.since > caller.day:
        raise Invalid(faults=[Fault("/since", "is in the future", "in_the_future")])
    _refuse_shown(session, movement, (first, second), said.visibility, said.circle)
    at = clock.now()
    tie = Tie(
        movement=movement, id=new_id("tie"), kind=said.kind, strength=said.strength, visibility=said.visibility,
        circle=said.circle, state=State.DECLARED, since=said.since, ended_on=None,
        declared_by=of(session).context.actor, declared_at=at, updated_at=at, version=1,
        **_columns("first", first), **_columns("second", second),
    )  # fmt: skip
    store.add(session, tie)
    _tell(session, tie)
    return tie


def read(session: Session, movement: str, tie: str, principal: Principal) -> Tie:
    """One tie. Raises NotFound where there is none, or the caller may not see it: the two look alike."""
    found = store.find(session, movement, tie)
    if found is None or not store.sees(session, movement, viewer(session, movement, principal), found):
        raise NotFound
    return found


def list_ties(
    session: Session,
    movement: str,
    principal: Principal,
    *,
    of: str | None,
    state: State | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> "list[Tie]":
    """The ties that the caller may see."""
    caller = viewer(session, movement, principal)
    if of is not None:
        of = _present(session, movement, of)
    found = store.list_ties(
        session, movement, caller, of=of, state=state, updated_since=updated_since, after=after, limit=limit
    )
    return list(found)


def confirm(session: Session, movement: str, tie: str, said: Confirmation, principal: Principal) -> Tie:
    """The other side sees it so too."""
    row, _ = _spoken_for(session, movement, tie, said, principal, sides=slice(1, 2))
    row.confirm(of(session).context.actor, said.visibility, clock.now())
    return _told(session, row)


def deny(session: Session, movement: str, tie: str, said: Telling, principal: Principal) -> Tie:
    """The other side does not see it so."""
    row, _ = _spoken_for(session, movement, tie, said, principal, sides=slice(1, 2))
    row.deny(of(session).context.actor, clock.now())
    return _told(session, row)


def change(
    session: Session, movement: str, tie: str, said: TieChanges, principal: Principal, expected: int | None
) -> Tie:
    """Change what sort of tie it is, or who sees it; seen by more, it is to be confirmed anew."""
    row, _ = _spoken_for(session, movement, tie, said, principal)
    hold_to(row.version, expected)
    given = said.model_fields_set - {"told_us_on"}
    if given & {"visibility", "circle"}:
        visibility = said.visibility if "visibility" in given else Visibility(row.visibility)
        circle = said.circle if "circle" in given else row.circle
        circle = circle if visibility == Visibility.CIRCLE else None
        _refuse_shown(session, movement, row.sides, visibility, circle)
        row.show(visibility, circle, clock.now())
    if "kind" in given:
        row.kind = said.kind
    if "strength" in given:
        row.strength = said.strength
    row.changed(clock.now())
    return _told(session, row)


def end(session: Session, movement: str, tie: str, said: TieEnding, principal: Principal) -> Tie:
    """It holds no longer, from today or an earlier day on."""
    row, caller = _spoken_for(session, movement, tie, said, principal)
    if said.on is not None and not row.since <= said.on <= caller.day:
        code = "in_the_future" if said.on > caller.day else "ends_before_it_begins"
        raise Invalid(faults=[Fault("/on", "lies between the first day and today", code)])
    row.end(said.on or max(caller.day, row.since), clock.now())
    return _told(session, row)


def _side(session: Session, movement: str, pointer: str, named: str) -> str:
    """The present id of a side. Raises Invalid."""
    if named.startswith("person_"):
        return people.current(session, movement, {pointer: named})[pointer]
    now = _present(session, movement, named)
    if not organisations.known(session, movement, {now}):
        raise Invalid(faults=[Fault(pointer, "is no organisation of this movement", "unknown_organisation")])
    return now


def _present(session: Session, movement: str, named: str) -> str:
    """The id that a side has now: another one for whoever was merged."""
    if named.startswith("person_"):
        return people.found(session, movement, named) or named
    return organisations.current(session, movement, {named})[named]


def _columns(side: str, named: str) -> dict[str, str]:
    return {f"{side}_person" if named.startswith("person_") else f"{side}_organisation": named}


def _refuse_unsaid(said: Telling, sides: Collection[str], caller: Viewer) -> None:
    if said.told_us_on is None and not {caller.person, caller.organisation} & set(sides):
        raise NotYoursToSay
    if said.told_us_on is not None and said.told_us_on > caller.day:
        raise Invalid(faults=[Fault("/told_us_on", "is in the future", "in_the_future")])


def _refuse_shown(
    session: Session, movement: str, sides: tuple[str, str], visibility: Visibility, circle: str | None
) -> None:
    """Refuse to show others a tie of somebody who is not shown, or to members of no circle. No reason is told."""
    hidden = [side for side in sides if side.startswith("person_") and not guard.shown_openly(session, movement, side)]
    if visibility != Visibility.SIDES and hidden:
        raise Invalid(faults=[Fault("/visibility", "can only be `sides` for these two", "sides_only")])
    if visibility == Visibility.CIRCLE and (circle is None or circles.find(session, movement, circle) is None):
        raise Invalid(faults=[Fault("/circle", "is no circle of this movement", "unknown_circle")])


def _spoken_for(
    session: Session, movement: str, tie: str, said: Telling, principal: Principal, sides: slice = _BOTH
) -> tuple[Tie, Viewer]:
    """The tie, locked, of which one of these sides says something, and who calls.

    Whoever writes down what a side told them need not be able to see it. Raises NotFound, NotYoursToSay.
    """
    caller = viewer(session, movement, principal)
    row = store.find(session, movement, tie, lock=True)
    if row is None or (said.told_us_on is None and not store.sees(session, movement, caller, row)):
        raise NotFound
    _refuse_unsaid(said, row.sides[sides], caller)
    return row, caller


def _told(session: Session, row: Tie) -> Tie:
    _tell(session, row)
    return row


def _tell(session: Session, row: Tie) -> None:
    outbox.record(session, TieChanged(tie=row.id, kind=row.kind, state=row.state))
