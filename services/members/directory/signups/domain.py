"""Signing up: everything that somebody says when they join, stored and announced in one transaction."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people import domain as people
from services.members.directory.people import store as people_store
from services.members.directory.people.models import WITHOUT_LADDER, AgeBand
from services.members.directory.people.schemas import ExternalId
from services.members.directory.signups import store
from services.members.directory.signups.models import SignedUp
from services.members.directory.signups.schemas import BroughtBy, NewSignUp
from services.members.engagement.activities import domain as activities
from services.members.engagement.activities.schemas import NewActivity
from services.members.engagement.ladder import domain as ladder
from services.members.engagement.ladder import engine
from services.members.engagement.ladder import store as ladder_store
from services.members.engagement.ladder.store import Member
from services.members.engagement.memberships import domain as memberships
from services.members.engagement.memberships.models import Membership, State
from services.members.engagement.pledges import domain as pledges
from services.members.engagement.pledges import store as pledges_store
from services.members.trust.children import domain as children
from services.members.trust.children.checking import Aged
from services.members.trust.permissions import domain as permissions
from services.members.trust.permissions import store as permissions_store
from shared import clock, outbox
from shared.errors import Conflict, Fault, Invalid
from shared.events.members.directory import MembershipJoined
from shared.ids import new_id


class AlreadySignedUp(Conflict):
    """Another sign-up has one of the external ids and says something else; ``person`` is whom it made.

    Where an import has the id and hides whose it is, nobody is named.
    """

    code = "already_signed_up"
    title = "Somebody signed up with this external id already"


class TooYoung(Invalid):
    """A child under 13 is never signed up openly."""

    code = "under_13"
    title = "Nobody under 13 can sign up"
    what_to_do = (
        "count children by their setting (POST /v1/children/counts); "
        "a programme that may name them enters them itself (POST /v1/people with `child`)"
    )


def sign_up(session: Session, movement: str, said: NewSignUp) -> SignedUp:
    """Let a person join. The same sign-up again, by external id, makes nothing and answers what it made at first.

    Raises TooYoung, AlreadySignedUp, ChildRecordMissing for a child without what lets one be named, and Invalid where
    it is not known who brought them.
    """
    if said.person.age_band is AgeBand.UNDER_13:
        raise TooYoung(TooYoung.what_to_do, faults=[Fault("/person/age_band", "is under 13", TooYoung.code)])
    if said.person.age_band in WITHOUT_LADDER and said.pledge is not None and said.pledge.published:
        raise Invalid(faults=[Fault("/pledge/published", "is not for anybody under 16", "not_shown_openly")])
    person, at = new_id("person"), clock.now()
    earlier = _claim(session, movement, person, said.person.external_ids)
    if earlier is not None:
        return _again(session, movement, earlier, said)
    bringer = None if said.brought_by is None else _bringer(session, movement, said.brought_by)
    band = people.create(session, movement, person, said.person, at)
    if band is AgeBand.UNDER_13:
        fault = Fault("/person/date_of_birth", "is less than 13 years ago", TooYoung.code)
        raise TooYoung(TooYoung.what_to_do, faults=[fault])
    children.name_child(session, movement, person, Aged(band, said.person.date_of_birth), said.child)
    if said.provenance is not None:
        people.note_provenance(session, movement, person, said.provenance, at)
    made = _join(session, movement, person, said, bringer, band, at)
    if bringer is not None:
        memberships.credit(session, movement, bringer.person, person, [bringer])
    return made


def _claim(session: Session, movement: str, person: str, called: Sequence[ExternalId]) -> str | None:
    """Take every external id for the new person; whom the first one that is taken belongs to, None if all were free."""
    for external in called:
        if not people_store.claim(session, movement, person, external.system, external.id):
            return people_store.owner(session, movement, external.system, external.id)
    return None


def _again(session: Session, movement: str, person: str, said: NewSignUp) -> SignedUp:
    """What the person's sign-up made, if this one says the same."""
    membership = store.membership_of(session, movement, person)
    if membership is None or membership.joined_at is None or membership.said != _digest(said):
        if not people_store.known(session, movement, [person]):
            raise AlreadySignedUp("an import is bringing somebody who has it; nothing was changed")
        raise AlreadySignedUp("it said something else; nothing was changed", person=person)
    return SignedUp(
        person=person,
        membership=membership.id,
        rung=membership.rung,
        permissions=permissions_store.decided_at(session, movement, person, membership.joined_at),
        pledge=None if said.pledge is None else pledges_store.first_of(session, movement, person),
        new=False,
    )


def _bringer(session: Session, movement: str, brought_by: BroughtBy) -> Member:
    """The member who is to be credited, locked. Raises Invalid where nobody is known by that id."""
    place, person = "person", brought_by.person
    if brought_by.external_id is not None:
        called = brought_by.external_id
        place, person = "external_id", people_store.owner(session, movement, called.system, called.id)
    found = []
    if person is not None:
        found = ladder_store.for_change(session, movement, [people_store.present_id(session, movement, person)])
    if not found:
        raise Invalid(faults=[Fault(f"/brought_by/{place}", "is no person of this movement", "unknown_person")])
    return found[0]


def _join(
    session: Session,
    movement: str,
    person: str,
    said: NewSignUp,
    bringer: Member | None,
    band: AgeBand,
    at: datetime,
) -> SignedUp:
    """Make the membership and all that goes with it, and put the new member on the ladder, unless they are a child."""
    membership, brought_by = new_id("membership"), None if bringer is None else bringer.person
    outbox.record(session, MembershipJoined(person=person, membership=membership, brought_by=brought_by))
    for place, decision in enumerate(said.permissions):
        permissions.hold_to_authority(session, movement, person, band, decision, f"/permissions/{place}")
    allowed = [permissions.record(session, movement, person, decision, at).id for decision in said.permissions]
    pledge = None if said.pledge is None else pledges.make(session, movement, person, said.pledge, at)
    member = Member(person, membership, None, None)
    today = days.today(session, movement)
    done = [] if pledge is None else [NewActivity(person=person, kind=pledges.PLEDGED, on=today)]
    noted = activities.note(session, movement, done)
    is_child = band in WITHOUT_LADDER
    if not is_child:
        counted = [engine.Activity(activity.id, activity.kind, activity.on) for activity in noted]
        member = ladder.join(session, movement, person, membership, counted)
    row = Membership(
        id=membership,
        person=person,
        organisation=None,
        state=State.ACTIVE,
        rung=member.rung,
        computed_rung=member.computed_rung,
        confirmed_rung=None,
        declined_rung=None,
        lowered_on=None,
        held=False,
        off_ladder=is_child,
        brought_by=brought_by,
        said=_digest(said),
        joined_at=at,
        version=1,
        updated_at=at,
    )
    store.add_membership(session, movement, row)
    return SignedUp(person, membership, member.rung, allowed, pledge, new=True)


def _digest(said: NewSignUp) -> bytes:
    """What tells a sign-up from one that says something else; external ids are the same in any order.

    What was left out is left out: a field that is added to sign-ups one day does not make the old ones differ.
    """
    document = said.model_dump(mode="json", exclude_defaults=True)
    document["person"].get("external_ids", []).sort(key=lambda external: (external["system"], external["id"]))
    return hashlib.sha256(msgspec.json.encode(document, order="sorted")).digest()
