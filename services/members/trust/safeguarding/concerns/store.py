"""The concerns of a movement, found by what is sealed in them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.people.store import all_ids_of
from services.members.trust.safeguarding import store
from services.members.trust.safeguarding.concerns.models import Concern, ConcernRow, ConcernState

TABLE, KIND = ConcernRow, Concern


def list_concerns(
    session: Session,
    movement: str,
    *,
    about: str | None,
    state: ConcernState | None,
    due_by: date | None,
    after: After,
    limit: int,
) -> Sequence[Concern]:
    """Concerns in the order in which they were raised: of a state, with something to do by a day, about somebody."""

    def wanted(each: Concern) -> bool:
        late = due_by is None or (each.due_on is not None and each.due_on <= due_by)
        return late and (state is None or each.state is state)

    if about is None:
        return store.page(session, movement, TABLE, KIND, wanted=wanted, after=after, limit=limit)
    return store.next_of(store.about(session, movement, TABLE, KIND, about), wanted, after, limit)


def raised_by(session: Session, movement: str, user: str, *, after: After, limit: int) -> Sequence[Concern]:
    """What one user raised, in that order."""
    return store.next_of(store.under(session, movement, TABLE, KIND, [user]), lambda each: True, after, limit)


def people_of_open_ones(session: Session, movement: str) -> frozenset[str]:
    """Whom a concern is about that is not closed, by every id that answers for them."""
    concerns = store.every(session, movement, TABLE, KIND)
    about = {each.about for each in concerns if each.about is not None and each.state is not ConcernState.CLOSED}
    return frozenset(all_ids_of(session, movement, about)) if about else frozenset()
