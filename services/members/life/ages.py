"""Who is too young to be named in what people do for one another: it is their school or group that is named."""

from sqlalchemy.orm import Session

from services.members.directory.people import store as people
from services.members.directory.people.models import WITHOUT_LADDER
from shared.errors import Conflict


class NotForChildren(Conflict):
    """Nobody under 16 asks, offers or is recognised by name: whoever looks after them does, or their group is."""

    code = "not_for_children"
    title = "This is for those who are 16 or older"


def refuse_children(session: Session, movement: str, person: str | None) -> None:
    """Raise NotForChildren for somebody of the movement who is younger than 16; nobody, and an organisation, is not."""
    if person is not None and people.several(session, movement, [person])[person].age_band in WITHOUT_LADDER:
        raise NotForChildren
