"""Who takes a voice up: each of the five kinds, looked up where it is kept."""

from sqlalchemy.orm import Session

from services.members.life.voices import store
from services.members.life.voices.models import TakenBy
from services.members.life.voices.schemas import Taker
from services.members.named import named
from shared.errors import Fault, Invalid


def known_taker(session: Session, movement: str, taker: Taker) -> str:
    """The id that a taker has now. Raises Invalid where there is no such one in the movement."""
    if taker.by is TakenBy.PARTNER:
        found = named(session, movement, organisations={"/id": taker.id})
        if found.faults:
            raise Invalid(faults=found.faults)
        return found.ids["/id"]
    if not store.has_taker(session, movement, taker.by, taker.id):
        raise Invalid(faults=[Fault("/id", f"is no {taker.by} of this movement", f"unknown_{taker.by}")])
    return taker.id
