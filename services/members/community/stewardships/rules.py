"""The rules that a stewardship keeps wherever it is made: one holder, nobody twice; and the event that tells of it."""

from sqlalchemy.orm import Session

from services.members.community.stewardships import store
from services.members.community.stewardships.models import Role, Stewardship, kind_of
from shared import outbox
from shared.errors import Conflict
from shared.events.members.community import StewardshipChanged


class HasHolder(Conflict):
    """Somebody keeps this relationship; ``stewardship`` is theirs. Ask for a second, or name it in `in_place_of`."""

    code = "has_holder"
    title = "Somebody keeps this relationship already"


class AlreadyHolds(Conflict):
    """They keep this relationship already, as its holder or as a second."""

    code = "already_holds"
    title = "They keep this relationship already"


def refuse_taken(
    session: Session,
    movement: str,
    about: str,
    person: str,
    role: str,
    in_place_of: str | None,
    *,
    but: str | None = None,
) -> None:
    """Raise where somebody cannot take a relationship on beside those who keep it. Its subject has to be locked.

    The stewardship ``in_place_of`` is about to end, and ``but`` is the one that is being accepted: neither counts.
    """
    keep = [held for held in store.held(session, movement, about) if held.id not in (in_place_of, but)]
    for held in keep:
        if held.holder == person:
            raise AlreadyHolds(stewardship=held.id)
    for held in keep:
        if role == Role.HOLDER and held.role == Role.HOLDER:
            raise HasHolder(stewardship=held.id)


def tell(session: Session, row: Stewardship) -> None:
    """Say in an event where a stewardship stands now."""
    changed = StewardshipChanged(
        stewardship=row.id, holder=row.holder, about=row.about, about_kind=kind_of(row.about), role=row.role,
        state=row.state,
    )  # fmt: skip
    outbox.record(session, changed)
