"""What was done with awards, kept with the day and the reason: it is how the present one came about."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.grants.awards import store
from services.grants.awards.models import Award, AwardChange, ChangeKind, StoredTerms
from services.grants.days import today
from shared import clock
from shared.db.session import of
from shared.errors import NotFound
from shared.ids import new_id


def note(
    session: Session,
    award: Award,
    kind: ChangeKind,
    reason: str | None,
    before: StoredTerms | None = None,
    after: StoredTerms | None = None,
) -> None:
    """Keep what is done with an award now, by whom and why, and what was agreed before and after."""
    change = AwardChange(
        movement=award.movement,
        id=new_id("awardchange"),
        award_id=award.id,
        kind=kind,
        made_on=today(session, award.movement),
        made_at=clock.now(),
        by=of(session).context.actor,
        reason=reason,
        before=before,
        after=after,
    )
    session.add(change)


def list_changes(session: Session, movement: str, award_id: str) -> tuple[Award, Sequence[AwardChange]]:
    """An award and what was changed of it, the oldest first; or NotFound."""
    award = store.find(session, movement, award_id)
    if award is None:
        raise NotFound("there is no such award")
    return award, store.changes_of(session, movement, award_id)
