"""What payments ask of an award, and what they tell it: all live payments together are never more than was awarded.

Whoever pays takes its own rows first and the award after them; the award is then held until the transaction ends.
"""

from sqlalchemy.orm import Session

from services.grants.agreements import domain as agreements
from services.grants.awards import store
from services.grants.awards.models import Award, AwardState
from services.grants.checks import domain as checks
from services.grants.oversight import domain as oversight
from shared import clock, outbox
from shared.errors import NotFound
from shared.events.grants.awards import AwardStarted


def payable(session: Session, movement: str, award_id: str) -> Award:
    """The award, held until the transaction ends, if money of it may go out now.

    Raises NotFound; :class:`~services.grants.awards.models.NotPayable` where it is not accepted or has ended;
    :class:`~services.grants.awards.models.OnHold`; :class:`~services.grants.checks.models.ChecksMissing`;
    :class:`~services.grants.agreements.models.AgreementMissing`;
    :class:`~services.grants.oversight.models.CountersignatureMissing`.
    """
    award = _held(session, movement, award_id)
    award.check_payable()
    agreements.refuse_unagreed(session, award)
    checks.refuse_unchecked(session, award)
    oversight.refuse_unsigned(session, award)
    return award


def begin_payment(session: Session, movement: str, award_id: str, pence: int) -> Award:
    """Count a proposed payment among the live ones. Raises OverAward where they would be more than the award."""
    award = payable(session, movement, award_id)
    award.begin_payment(pence)
    return award


def note_paid(session: Session, movement: str, award_id: str, pence: int) -> Award:
    """A live payment went out: with the first of them the award becomes active."""
    award = _held(session, movement, award_id)
    award.paid += pence
    if award.state == AwardState.ACCEPTED:
        award.start(clock.now())
        outbox.record(session, AwardStarted(award=award.id))
    return award


def end_payment(session: Session, movement: str, award_id: str, pence: int, *, was_paid: bool) -> Award:
    """A payment is live no longer: it was void or failed before it was paid, or came back from the bank after that."""
    award = _held(session, movement, award_id)
    award.end_payment(pence, was_paid=was_paid)
    return award


def _held(session: Session, movement: str, award_id: str) -> Award:
    award = store.for_change(session, movement, award_id)
    if award is None:
        raise NotFound("there is no such award")
    return award
