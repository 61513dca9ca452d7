"""How long is kept who came to a gathering, and what happened there."""

from services.members.trust.retention.kinds import Action, After, Standard, ending, ruled
from services.members.trust.retention.schedule.sources import CHOICE, DELETED, EMPTIED, FIGURES, INJURY

KINDS = (
    ruled(
        "bookings",
        "Who booked a place, and who came along",
        "bookings booking_companions",
        Standard(24, "booked", Action.DELETE, CHOICE),
        DELETED,
        booked=After("booked_at"),
        cancelled=After("cancelled_at"),
    ),
    ruled(
        "attendances",
        "Who came; without a name it goes on counting",
        "attendances",
        Standard(36, "came", Action.EMPTY, f"{FIGURES}, and covers {INJURY}"),
        EMPTIED,
        came=After("created_at"),
    ),
    ruled(
        "picture_permissions",
        "Whether pictures of somebody may be shown",
        "picture_permissions",
        Standard(36, "decided", Action.REVIEW, f"{CHOICE}: first see which pictures are still shown"),
        DELETED,
        decided=After("decided_at"),
    ),
    ruled(
        "safety_plans",
        "Who led a gathering, and who stood in",
        "safety_plans",
        Standard(36, "last_changed", Action.EMPTY, INJURY),
        (Action.EMPTY, Action.REVIEW),
        last_changed=After("updated_at"),
    ),
    ruled(
        "incidents",
        "What went wrong or nearly did, in somebody's words",
        "incidents incident_follow_ups",
        Standard(36, "closed", Action.REVIEW, f"{INJURY}; RIDDOR 2013, regulation 12: three years"),
        DELETED,
        closed=After("closed_at"),
    ),
    ending(
        "emergency_contacts",
        "Who is called if something happens to somebody",
        "emergency_contacts",
        "BACKBONE_EMERGENCY_CONTACT_HOURS after the gathering",
    ),
    ruled(
        "calendar_feeds",
        "The secret address of somebody's calendar",
        "calendar_feeds",
        Standard(1, "revoked", Action.DELETE, CHOICE),
        DELETED,
        revoked=After("revoked_at"),
    ),
)
