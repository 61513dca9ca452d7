"""What this room adds to the timeline of a person."""

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from services.members.engagement.activities.models import Activity
from services.members.engagement.commitments.models import Commitment
from services.members.engagement.gatherings.attendances.models import Attendance
from services.members.engagement.gatherings.bookings.models import Booking
from services.members.engagement.gatherings.slots.models import Slot
from services.members.engagement.ladder.models import Decided, LadderDecision, RungChange, RungConfirmation
from services.members.engagement.memberships.models import Membership, MembershipChange
from services.members.engagement.next_asks.models import NextAsk
from services.members.engagement.nominations.models import Nomination
from services.members.engagement.pledges.models import Pledge
from services.members.happenings import Happening


def _on_the_ladder(movement: InstrumentedAttribute[str], person: InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    """Whoever has no place on the ladder has no past on it either."""
    excluded = sa.select(LadderDecision.id).where(
        LadderDecision.movement == movement,
        LadderDecision.person == person,
        LadderDecision.decided == Decided.EXCLUDED,
        LadderDecision.ended_at.is_(None),
    )
    return ~excluded.exists()


HAPPENINGS = (
    Happening(
        "activity.done",
        "activities:read",
        Activity.person,
        Activity.on,
        Activity.id,
        "Took part: {}.",
        (Activity.kind,),
        (Activity.voided_at.is_(None),),
    ),
    Happening(
        "rung.changed",
        "ladder:read",
        RungChange.person,
        RungChange.changed_at,
        RungChange.id,
        "On the ladder: from {} to {}.",
        (RungChange.from_rung, RungChange.to_rung),
        (_on_the_ladder(RungChange.movement, RungChange.person),),
    ),
    Happening(
        "rung.confirmed",
        "ladder:read",
        RungConfirmation.person,
        RungConfirmation.confirmed_at,
        RungConfirmation.id,
        "Was asked to be {}.",
        (RungConfirmation.rung,),
        (_on_the_ladder(RungConfirmation.movement, RungConfirmation.person),),
    ),
    Happening(
        "membership.changed",
        "memberships:read",
        Membership.person,
        MembershipChange.at,
        MembershipChange.id,
        "Membership: {}.",
        (MembershipChange.to_state,),
        (MembershipChange.movement == Membership.movement, MembershipChange.membership == Membership.id),
    ),
    Happening(
        "gathering.booked",
        "bookings:read",
        Booking.person,
        Booking.booked_at,
        Booking.id,
        "Booked a place at a gathering.",
    ),
    Happening(
        "attendance.noted",
        "attendances:read",
        Attendance.person,
        Slot.starts_at,
        Attendance.id,
        "Whether they came to a gathering: {}.",
        (Attendance.status,),
        (Slot.movement == Attendance.movement, Slot.id == Attendance.slot),
    ),
    Happening("pledge.made", "pledges:read", Pledge.person, Pledge.made_at, Pledge.id, "Made a pledge."),
    Happening(
        "pledge.settled",
        "pledges:read",
        Pledge.person,
        Pledge.settled_at,
        Pledge.id,
        "A pledge was {}.",
        (Pledge.state,),
    ),
    Happening(
        "commitment.made",
        "commitments:read",
        Commitment.person,
        Commitment.made_at,
        Commitment.id,
        "Committed to something over a time.",
    ),
    Happening(
        "commitment.settled",
        "commitments:read",
        Commitment.person,
        Commitment.settled_at,
        Commitment.id,
        "A commitment was {}.",
        (Commitment.state,),
    ),
    Happening(
        "nomination.given",
        "nominations:read",
        Nomination.nominee,
        Nomination.given_at,
        Nomination.id,
        "Was nominated as a champion.",
    ),
    Happening(
        "next_ask.answered",
        "ladder:read",
        NextAsk.person,
        NextAsk.answered_on,
        NextAsk.id,
        "Answered what they were asked: {}.",
        (NextAsk.answer,),
        (_on_the_ladder(NextAsk.movement, NextAsk.person),),
    ),
)
