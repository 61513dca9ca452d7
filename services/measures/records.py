"""What this service keeps of somebody: it knows nobody by name, so it is what was written beside figures."""

from sqlalchemy.orm import Session

from services.measures.base import Base
from shared.access.answering import router_of
from shared.access.sections import Contribution
from shared.access.speaking import passages
from shared.erasure.marks import Finder, Marks

_UNREAD = ("observations", "places")
"""Numbers and codes, in millions of rows."""


def told(session: Session, movement: str, asked: Marks) -> Contribution:
    """The passages of measures and imports that speak of whoever is asked for."""
    title = "Where you stand beside figures"
    return Contribution(passages(session, movement, Base.metadata, Finder(asked), title=title, unread=_UNREAD))


router = router_of(told)
