"""The lines of a leaver's list as answers and departures move them: what stewardships and handovers share."""

from sqlalchemy.orm import Session

from services.members.community.handovers import store
from services.members.community.handovers.models import SETTLED, Handover, HandoverItem
from services.members.community.stewardships import store as stewardships
from services.members.community.stewardships.models import AboutKind, State, Stewardship, kind_of
from services.members.community.stewardships.rules import tell
from shared import clock, outbox
from shared.db.session import of
from shared.events.members.community import HandoverItemMoved
from shared.ids import new_id

_COLUMNS = {
    AboutKind.PERSON: "about_person",
    AboutKind.ORGANISATION: "about_organisation",
    AboutKind.CIRCLE: "about_circle",
    AboutKind.ASSET: "about_asset",
}
_IN_CARE = "In care until somebody takes it on."


def new_stewardship(movement: str, about: str, holder: str, role: str, why: str, by: str) -> Stewardship:
    """The row of somebody who is asked to keep a relationship, not stored yet."""
    at = clock.now()
    return Stewardship(
        movement=movement, id=new_id("stewardship"), holder=holder, role=role, why=why, state=State.OFFERED,
        offered_by=by, offered_at=at, updated_at=at, version=1, **{_COLUMNS[kind_of(about)]: about},
    )  # fmt: skip


def open_item(session: Session, row: Stewardship) -> HandoverItem | None:
    """The line that a stewardship stands on, while that is not settled."""
    if row.handover_item is None:
        return None
    item = store.find_item(session, row.movement, row.handover_item, lock=True)
    return None if item is None or item.state in SETTLED else item


def accepted(session: Session, movement: str, row: Stewardship) -> None:
    """The successor of a line said yes."""
    item = open_item(session, row)
    if item is not None and item.offer == row.id:
        item.accept(clock.now())
        tell_item(session, item)


def returned(session: Session, movement: str, row: Stewardship) -> None:
    """The successor of a line said no, or is not asked any more: it stays where it is looked after."""
    item = open_item(session, row)
    if item is not None and item.offer == row.id:
        item.give_back(item.care, clock.now())
        tell_item(session, item)


def take_into_care(
    session: Session, handover: Handover, item: HandoverItem, was: Stewardship, by: str | None
) -> str | None:
    """Let somebody look after a relationship for a time, and answer their stewardship; None where nobody can.

    Nobody looks after the relationship with themself, and whoever left after none.
    """
    if by is None or by in (was.about, handover.person):
        return None
    row = new_stewardship(handover.movement, was.about, by, was.role, _IN_CARE, of(session).context.actor)
    row.accept(handover.leaving_on, of(session).context.actor, None, clock.now())
    row.in_place_of, row.handover_item = item.was, item.id
    store.add(session, row)
    tell(session, row)
    return row.id


def place(session: Session, item: HandoverItem, care: str | None) -> None:
    """Somebody else looks after a line's relationship from now on; a successor who is asked takes over from them."""
    item.place(care, clock.now())
    offer = stewardships.find(session, item.movement, item.offer, lock=True) if item.offer else None
    if offer is not None and offer.state == State.OFFERED:
        offer.in_place_of = care


def tell_item(session: Session, item: HandoverItem) -> None:
    """Say in an event how far a line has come."""
    outbox.record(session, HandoverItemMoved(handover=item.handover, item=item.id, state=item.state))
