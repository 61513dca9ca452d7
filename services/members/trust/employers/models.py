"""The refusal of what an employer asks about its own staff."""

from shared.errors import Forbidden

NOT_FOR_EMPLOYERS = frozenset(
    {
        *("activities:read", "attendances:read", "bookings:read", "ladder:read", "pictures:read"),
        *("exchange:read", "learning:read", "wins:read"),
    }
)
"""The scopes of what says by name whether somebody came, what they did and what they answered."""


class OwnStaff(Forbidden):
    """The caller acts for an organisation that this person belongs to."""

    code = "own_staff"
    title = "No employer sees its own staff's attendance or answers by name"
