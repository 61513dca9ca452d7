"""The steps of one introduction: permitted, introduced, attended, settled, or ended. The case follows each of them."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from services.members.community import people
from services.members.community.assets import store as assets
from services.members.community.assets.models import SHOWN
from services.members.community.connections import store
from services.members.community.connections.domain import for_change, tell, tell_step
from services.members.community.connections.models import LIVE_STEPS, Connection, Introduction, Step
from services.members.community.connections.schemas import Hosted, NewIntroduction
from services.members.community.credit import credit
from services.members.trust.permissions.domain import hold_age_to, refuse_unpermitted
from services.members.trust.permissions.models import Channel
from services.members.trust.purposes.standard import INTRODUCTIONS
from services.members.trust.safeguarding import guard
from services.members.trust.safeguarding.checks.models import Act
from shared import clock
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.ids import new_id

INTRODUCED_SOMEBODY = "introduced_somebody"
HOSTED_A_NEWCOMER = "hosted_newcomer"
"""The kinds of activity that introducing is: the connector's, and that of the host once the newcomer came."""


class NotAvailable(Conflict):
    """It cannot be made: not now, or not for them. Whatever the reason, this is all that is said."""

    code = "not_available"
    title = "This introduction cannot be made"


class AlreadyUnderWay(Conflict):
    """The case has an introduction there that goes on: a second one would take a second place for one person."""

    code, title = "already_under_way", "An introduction to it goes on already"


def permit(session: Session, movement: str, connection: str, said: NewIntroduction) -> Connection:
    """Record the client's permission for one introduction.

    Raises NotFound, Invalid, NotAvailable and AlreadyUnderWay.
    """
    case, at = for_change(session, movement, connection), clock.now()
    asset = assets.find(session, movement, said.asset)
    if asset is None or asset.state not in SHOWN:
        raise Invalid(faults=[Fault("/asset", "is no asset of the map", "unknown_asset")])
    if not store.is_open_to(session, movement, said.asset, case.person):
        raise NotAvailable
    for each in case.introductions:
        if each.asset == said.asset and each.state in LIVE_STEPS:
            raise AlreadyUnderWay(introduction=each.id)
    hold_age_to(session, movement, case.person, said.permission.authority, "/permission")
    introduction = Introduction(
        id=new_id("introduction"),
        connection=case.id,
        asset=said.asset,
        as_volunteer=said.as_volunteer,
        authority=said.permission.authority,
        consulted=list(said.permission.consulted),
        review_on=said.permission.review_on,
        state=Step.PERMITTED,
        state_since=at,
        permitted_at=at,
    )
    store.add(session, movement, introduction)
    tell_step(session, case, introduction.id, None, introduction.state)
    return _follow(session, movement, case, at)


def introduce(session: Session, movement: str, connection: str, introduction: str, said: Hosted) -> Connection:
    """Make the introduction, and take a place where places are counted. Raises NotFound, Invalid and NotAvailable."""
    case, row = _find(session, movement, connection, introduction)
    host = people.current(session, movement, {"/host": said.host}).get("/host")
    if host is None and row.as_volunteer:
        raise Invalid(faults=[Fault("/host", "is needed: a volunteer has a named host", "missing")])
    if host == case.person:
        raise Invalid(faults=[Fault("/host", "is the client", "own_host")])
    if host is not None and not guard.may_be(session, movement, host, Act.HOST, [case.person]):
        raise NotAvailable
    if row.as_volunteer and not guard.may_be(session, movement, case.person, Act.VOLUNTEER, []):
        raise NotAvailable
    before, at = row.state, clock.now()
    row.introduce(host, None, at)
    for person in filter(None, (case.person, host)):
        refuse_unpermitted(session, movement, person, INTRODUCTIONS, Channel.IN_PERSON)
    if not store.is_open_to(session, movement, row.asset, case.person):
        raise NotAvailable
    if store.counts_places(session, movement, row.asset):
        row.declaration = store.take_place(session, movement, row.asset)
        if row.declaration is None:
            raise NotAvailable
    tell_step(session, case, row.id, before, row.state)
    credit(session, movement, case.connector, INTRODUCED_SOMEBODY)
    return _follow(session, movement, case, at)


def attend(session: Session, movement: str, connection: str, introduction: str) -> Connection:
    """Note that they went. Raises NotFound and IllegalTransition."""
    case, row = _find(session, movement, connection, introduction)
    case = _step(session, movement, case, row, row.attend)
    if row.host is not None:
        credit(session, movement, row.host, HOSTED_A_NEWCOMER)
    return case


def settle(session: Session, movement: str, connection: str, introduction: str) -> Connection:
    """Note that they go on by themselves. Raises NotFound and IllegalTransition."""
    case, row = _find(session, movement, connection, introduction)
    return _step(session, movement, case, row, row.settle)


def leave(session: Session, movement: str, connection: str, introduction: str, how: Step) -> Connection:
    """End an introduction that is not for them, or whose permission is withdrawn; a place that it held is free again.

    Raises NotFound and IllegalTransition.
    """
    case, row = _find(session, movement, connection, introduction)

    def leaving(at: datetime) -> None:
        held = row.leave(how, at)
        if held is not None:
            store.free_place(session, movement, row.asset, held)

    return _step(session, movement, case, row, leaving)


def _step(
    session: Session, movement: str, case: Connection, row: Introduction, step: Callable[[datetime], None]
) -> Connection:
    before, at = row.state, clock.now()
    step(at)
    tell_step(session, case, row.id, before, row.state)
    return _follow(session, movement, case, at)


def _follow(session: Session, movement: str, case: Connection, at: datetime) -> Connection:
    """Have the case stand where its introductions now are."""
    before = case.state
    case = store.again(session, movement, case)
    case.follow((each.state for each in case.introductions), at)
    tell(session, case, before)
    return case


def _find(session: Session, movement: str, connection: str, introduction: str) -> tuple[Connection, Introduction]:
    case = for_change(session, movement, connection)
    row = next((each for each in case.introductions if each.id == introduction), None)
    if row is None:
        raise NotFound
    return case, row
