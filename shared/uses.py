"""What a route uses people's data for: declared with the route, and known to every query that it runs.

    @router.get("/v1/bookings", response_model=Page[Booking], **needs("bookings:read", shows="administration"))

Whoever owns people leaves those out of the answer whose data may not be used for that (in members,
:mod:`services.members.trust.permissions.leaving_out`), so that no query can forget it.
"""

from typing import Final, NamedTuple

from sqlalchemy.orm import Session

RECORD: Final = "record"
"""The channel of what those see who do the movement's own work."""

OWN_RECORD: Final = "own_record"
"""A person's own record, and what hangs on it: it is there whatever they decided, and says itself what holds of it."""

DUTY: Final = "duty"
"""What has to be kept and shown whatever somebody decided: what they ask for by right, and what keeps people safe."""

WITHOUT_ASKING: Final = frozenset({OWN_RECORD, DUTY})
"""The declarations of routes that leave nobody out."""

_HERE = "use"


class Use(NamedTuple):
    """A use of people's data: whose movement, for what purpose, over which channel."""

    movement: str
    purpose: str
    channel: str


def declare(session: Session, use: Use | None) -> None:
    """Let everything that this transaction reads be for that use; None: for nothing that anybody is left out of."""
    session.info[_HERE] = use


def declared(session: Session) -> Use | None:
    """What the transaction reads for, if that was declared."""
    use: Use | None = session.info.get(_HERE)
    return use
