"""Which applications somebody may read: none that they are to review before they declare, or have an interest in."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.grants.applications import domain as applications
from services.grants.applications.models import Application
from services.grants.people import store as people
from services.grants.reviews import store
from services.grants.reviews.models import ReviewState
from shared.auth import Principal


def application_for(session: Session, movement: str, application_id: str, caller: Principal) -> Application:
    """The application, for whoever calls. Raises NotFound, DeclareFirst and Conflicted."""
    application = applications.get_application(session, movement, application_id)
    if caller.person is not None:
        ids = people.every_id(session, movement, caller.person)
        for review in store.of_people(session, movement, ids, [application_id]):
            review.check_sight()
    return application


def unseen(session: Session, movement: str, found: Sequence[str], caller: Principal) -> set[str]:
    """Those of these applications whose answers the caller may not see."""
    if caller.person is None or not found:
        return set()
    ids = people.every_id(session, movement, caller.person)
    reviews = store.of_people(session, movement, ids, found)
    return {each.application_id for each in reviews if each.state in (ReviewState.ASSIGNED, ReviewState.CONFLICTED)}
