"""What becomes of an organisation's commitments under way when it ends: another takes them on, or nobody keeps them.

And how they come back where that is undone.
"""

from sqlalchemy.orm import Session

from services.members.engagement.commitments import store
from services.members.engagement.commitments.models import CommitmentState
from shared import clock, outbox
from shared.db.session import of
from shared.events.members.commitments import CommitmentPassedOn, CommitmentSettled, CommitmentStandsAgain

_ENDED = "The organisation has ended."


def pass_on(session: Session, movement: str, organisation: str, to: str | None) -> list[str]:
    """Let another organisation take on every commitment under way, or (None) let none be kept; their ids."""
    at, under_way = clock.now(), store.under_way_of(session, movement, organisation)
    for commitment in under_way:
        if to is None:
            commitment.settle(CommitmentState.NOT_KEPT, of(session).context.actor, at, _ENDED)
            became = CommitmentState.NOT_KEPT
            outbox.record(session, CommitmentSettled(giver=organisation, commitment=commitment.id, became=became))
        else:
            commitment.take_on(to, at)
            outbox.record(session, CommitmentPassedOn(giver=to, commitment=commitment.id, before=organisation))
    return [commitment.id for commitment in under_way]


def come_back(session: Session, movement: str, commitment: str, organisation: str, taker: str | None) -> None:
    """Undo `pass_on` for one commitment, where nothing has become of it since."""
    row, at = store.for_change(session, movement, commitment), clock.now()
    if row is None:
        return
    if taker is not None and row.organisation == taker and row.state == CommitmentState.UNDER_WAY:
        row.take_on(organisation, at)
        outbox.record(session, CommitmentPassedOn(giver=organisation, commitment=commitment, before=taker))
    elif taker is None and row.state == CommitmentState.NOT_KEPT and row.reason == _ENDED:
        row.stand_again(at)
        outbox.record(session, CommitmentStandsAgain(giver=organisation, commitment=commitment))
