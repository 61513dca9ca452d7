"""Gathering what somebody held who left: each relationship is passed into care, and stands on a list from then on."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from services.members.community.handovers import items, store
from services.members.community.handovers.models import Handover, HandoverItem, ItemState
from services.members.community.stewardships import store as stewardships
from services.members.community.stewardships.models import State, Stewardship
from services.members.community.stewardships.rules import tell
from shared import clock
from shared.ids import new_id

Named = Mapping[str | None, str]
"""Who was named beforehand, by circle; None: for the whole movement."""


def named_caretakers(session: Session, handover: Handover) -> Named:
    """The caretakers of now. Whoever leaves is none any more, and what others left with them is the next one's."""
    left = clock.now()
    named = {}
    for one in stewardships.caretakers(session, handover.movement, past=False):
        if one.person == handover.person:
            one.ended_at = left
        else:
            named[one.circle] = one.person
    return named


def gather(session: Session, handover: Handover, named: Named) -> int:
    """Pass on everything that the leaver held, and answer how many lines that is on their own list.

    What they only looked after, or had accepted and were not introduced to yet, stands on somebody else's list: it
    goes on there. What they were asked is not asked any more. ``named`` goes before the handover's own caretaker.
    """
    count = 0
    for held in stewardships.of_holder(session, handover.movement, handover.person or ""):
        stewardships.lock(session, handover.movement, held.about)
        line = items.open_item(session, held)
        caretaker = named.get(held.about) or handover.caretaker
        if held.state == State.OFFERED:
            held.withdraw(clock.now())
            items.returned(session, handover.movement, held)
        else:
            held.pass_on(max(handover.leaving_on, held.since or handover.leaving_on), clock.now())
            if line is None:
                count += 1
                line = _new_line(session, handover, held)
            _look_after(session, handover, line, held, caretaker)
        tell(session, held)
    store.pass_care(session, handover)
    return count


def _look_after(
    session: Session, handover: Handover, line: HandoverItem, held: Stewardship, caretaker: str | None
) -> None:
    """Give what a line is about to the caretaker; a successor who leaves before the introduction gives it back."""
    care = items.take_into_care(session, handover, line, held, caretaker)
    if line.state == ItemState.ACCEPTED:
        line.give_back(care, clock.now())
        items.tell_item(session, line)
    else:
        items.place(session, line, care)


def _new_line(session: Session, handover: Handover, held: Stewardship) -> HandoverItem:
    line = HandoverItem(
        movement=handover.movement, id=new_id("item"), handover=handover.id, was=held.id, care=None, offer=None,
        state=ItemState.IN_CARE, due_on=handover.due_on,
        updated_at=clock.now(), version=0,
    )  # fmt: skip
    store.add(session, line)
    return line
