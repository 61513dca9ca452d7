"""What this service keeps of somebody: it knows nobody by name, so it is what groups wrote of them."""

from sqlalchemy.orm import Session

from services.grants.base import Base
from shared.access.answering import router_of
from shared.access.sections import Contribution
from shared.access.speaking import passages
from shared.erasure.marks import Finder, Marks


def told(session: Session, movement: str, asked: Marks) -> Contribution:
    """The passages of funds, rounds, applications and awards that speak of whoever is asked for."""
    title = "Where groups wrote of you"
    return Contribution(passages(session, movement, Base.metadata, Finder(asked), title=title))


router = router_of(told)
