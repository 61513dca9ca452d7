"""Children, where the purpose or the channel is not for them."""

from sqlalchemy.orm import Session

from services.members.trust.permissions.asked import Asked, Barred


def children(session: Session, movement: str, asked: Asked) -> Barred:
    """Whoever is too young for what is asked."""
    return frozenset()
