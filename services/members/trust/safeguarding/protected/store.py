"""Who is protected: what every path asks that shows people, brings them together or says where they are."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.people.store import all_ids_of
from services.members.trust.safeguarding import store
from services.members.trust.safeguarding.protected.models import ProtectedPerson, Protection

TABLE, KIND = ProtectedPerson, Protection


def protected(session: Session, movement: str) -> frozenset[str]:
    """The protected people of a movement, by every id that answers for them: their present one, and those of whom they
    were merged with."""
    recorded = {each.person for each in store.every(session, movement, TABLE, KIND) if each.in_force}
    return frozenset(all_ids_of(session, movement, recorded)) if recorded else frozenset()


def is_protected(session: Session, movement: str, person: str) -> bool:
    """Whether one person is protected, by whichever id they are asked for."""
    return any(each.in_force for each in store.about(session, movement, TABLE, KIND, person))


def list_protections(
    session: Session, movement: str, *, in_force: bool | None, after: After, limit: int
) -> Sequence[Protection]:
    """Who is, and was, protected, in the order in which it was recorded."""

    def wanted(each: Protection) -> bool:
        return in_force is None or each.in_force is in_force

    return store.page(session, movement, TABLE, KIND, wanted=wanted, after=after, limit=limit)
