"""How somebody comes to belong, pauses, leaves and comes back; the ladder follows in the same transaction."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.engagement.activities import domain as activities
from services.members.engagement.activities import store as activities_store
from services.members.engagement.activities.schemas import NewActivity
from services.members.engagement.ladder import domain as ladder
from services.members.engagement.ladder import rules
from services.members.engagement.ladder import store as ladder_store
from services.members.engagement.ladder.models import Cause
from services.members.engagement.ladder.store import Member
from services.members.engagement.memberships import store
from services.members.engagement.memberships.models import Membership, MembershipChange, State
from services.members.engagement.memberships.schemas import MembershipChanges, NewMembership
from services.members.engagement.memberships.store import Chosen
from services.members.engagement.nominations import ending
from services.members.named import by_present_ids, named
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.directory import MembershipJoined
from shared.events.members.engagement import MembershipStateChanged, OrganisationMembershipStateChanged
from shared.ids import new_id

BROUGHT_SOMEBODY = "brought_somebody"
"""The kind of activity by which whoever brought a member is credited."""

_BROUGHT_THEMSELF = Fault("/brought_by", "is the person's own id", "brought_themself")
_CAUSES = {State.LEFT: Cause.LEFT, State.ACTIVE: Cause.REJOINED, State.PAUSED: Cause.RECOMPUTED}


class AlreadyAMember(Conflict):
    """The person or organisation has a membership; ``membership`` says which, and its state can be changed."""

    code = "already_a_member"
    title = "There is a membership already"


def enter(session: Session, movement: str, said: NewMembership) -> Membership:
    """Make a membership of a person or organisation that is known. Raises Invalid, AlreadyAMember."""
    person, organisation, brought_by = _known(session, movement, said)
    found = store.of_subject(session, movement, person=person, organisation=organisation)
    if found is not None:
        raise AlreadyAMember(membership=found.id)
    at = clock.now()
    row = Membership(
        movement=movement,
        id=new_id("membership"),
        person=person,
        organisation=organisation,
        state=said.state,
        held=False,
        off_ladder=False,
        brought_by=brought_by,
        joined_at=at if said.state is State.ACTIVE else None,
        version=1,
        updated_at=at,
    )
    session.add(row)
    session.flush()
    _note(session, movement, row, None)
    if row.person is not None and brought_by is not None:
        credit(session, movement, brought_by, row.person, ladder_store.for_change(session, movement, [brought_by]))
    return _after_ladder(session, movement, row, Cause.JOINED)


def change(
    session: Session, movement: str, membership: str, changes: MembershipChanges, expected: int | None
) -> Membership:
    """Change only what is given. Raises NotFound, PreconditionFailed, IllegalTransition, Invalid."""
    row = store.find_for_change(session, movement, membership)
    if row is None:
        raise NotFound
    hold_to(row.version, expected)
    given = changes.model_fields_set
    if "brought_by" in given and row.brought_by != changes.brought_by:
        _correct_bringer(session, movement, row, changes.brought_by)
    if changes.state is not None and changes.state != row.state:
        turn(session, movement, row, State(changes.state))
        if row.person is not None and changes.state is State.LEFT:
            ending.forget_giver(session, movement, row.person)
    row.version, row.updated_at = row.version + 1, clock.now()
    session.flush()
    return _after_ladder(
        session, movement, row, _CAUSES[State(row.state)] if row.state in _CAUSES else Cause.RECOMPUTED
    )


def turn(session: Session, movement: str, row: Membership, to: State) -> None:
    """Take a turn that somebody's word made, keep it and announce it. Raises IllegalTransition."""
    stood = row.state
    row.turn(to, clock.now())
    _note(session, movement, row, stood)


def restore(session: Session, movement: str, row: Membership, state: State) -> None:
    """Let a membership be as it was before a turn that was undone, and announce it: that is no turn of its own."""
    stood, row.state = row.state, state
    _note(session, movement, row, stood)


def read(session: Session, movement: str, membership: str) -> Membership:
    """One membership. Raises NotFound."""
    row = store.find(session, movement, membership)
    if row is None:
        raise NotFound
    return row


def list_memberships(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Membership]:
    """Memberships in the order in which they began; of somebody, or brought by them, by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person", "brought_by"), organisations=("organisation",))
    return store.list_memberships(session, movement, chosen=chosen, after=after, limit=limit)


def turns(session: Session, movement: str, membership: str) -> Sequence[MembershipChange]:
    """Every turn that a membership took since it began. Raises NotFound."""
    read(session, movement, membership)
    return store.changes(session, movement, membership)


def credit(session: Session, movement: str, bringer: str, brought: str, members: Sequence[Member]) -> None:
    """Bringing somebody is something that the bringer did, with the person who came. Their membership is locked."""
    today = days.today(session, movement)
    done = NewActivity(person=bringer, kind=BROUGHT_SOMEBODY, on=today, counterpart=brought)
    activities.note(session, movement, [done])
    ladder.climb(session, movement, members, {BROUGHT_SOMEBODY}, today)


def _correct_bringer(session: Session, movement: str, row: Membership, bringer: str | None) -> None:
    """Whoever was credited wrongly is credited no more, and whoever brought them is."""
    found = named(session, movement, people={"/brought_by": bringer})
    if found.faults:
        raise Invalid(faults=found.faults)
    bringer = found.at("/brought_by")
    if bringer is not None and bringer == row.person:
        raise Invalid(faults=[_BROUGHT_THEMSELF])
    if row.person is not None:
        for wrong in activities_store.counted_with(session, movement, row.person, BROUGHT_SOMEBODY):
            activities.void(session, movement, wrong, "It is now said that somebody else brought them.")
        if bringer is not None:
            credit(session, movement, bringer, row.person, ladder_store.for_change(session, movement, [bringer]))
    row.brought_by = bringer


def _known(session: Session, movement: str, said: NewMembership) -> tuple[str | None, str | None, str | None]:
    """Person, organisation and bringer by the ids that they have now. Raises Invalid with everything not known."""
    found = named(
        session,
        movement,
        people={"/person": said.person, "/brought_by": said.brought_by},
        organisations={"/organisation": said.organisation},
    )
    if found.faults:
        raise Invalid(faults=found.faults)
    person, brought_by = found.at("/person"), found.at("/brought_by")
    if brought_by is not None and brought_by == person:
        raise Invalid(faults=[_BROUGHT_THEMSELF])
    return person, found.at("/organisation"), brought_by


def _after_ladder(session: Session, movement: str, row: Membership, cause: Cause) -> Membership:
    """The membership once its person stands where that takes them; an organisation has no rung."""
    if row.person is not None:
        rules.applied(session, movement)
        members = ladder_store.for_change(session, movement, [row.person])
        ladder.bring_up_to_date(session, movement, members, cause)
        session.refresh(row)
    return row


def _note(session: Session, movement: str, row: Membership, stood: str | None) -> None:
    """Keep and announce a turn that somebody's word made."""
    store.add_change(session, movement, row.id, stood, row.state, computed=False)
    if row.organisation is not None:
        turned = OrganisationMembershipStateChanged(
            organisation=row.organisation, membership=row.id, from_state=stood, to_state=row.state
        )
        outbox.record(session, turned)
    elif row.person is not None and row.state == State.ACTIVE and stood in (None, State.INVITED):
        outbox.record(session, MembershipJoined(person=row.person, membership=row.id, brought_by=row.brought_by))
    elif row.person is not None:
        changed = MembershipStateChanged(person=row.person, membership=row.id, from_state=stood, to_state=row.state)
        outbox.record(session, changed)
