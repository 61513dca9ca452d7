"""What this service keeps of somebody: what they reviewed, decided and support, and what groups wrote of them."""

from sqlalchemy.orm import Session

from services.grants.base import Base
from services.grants.people import telling
from shared.access.answering import router_of
from shared.access.sections import Contribution
from shared.access.speaking import passages
from shared.erasure.marks import Finder, Marks


def told(session: Session, movement: str, asked: Marks) -> Contribution:
    """What is theirs, and the passages of funds, rounds, applications and awards that speak of whoever is asked for."""
    title = "Where groups wrote of you"
    spoken = passages(session, movement, Base.metadata, Finder(asked), title=title)
    return Contribution([*telling.told(session, movement, asked.people), *spoken])


router = router_of(told)
