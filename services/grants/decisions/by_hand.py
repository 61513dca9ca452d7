"""What may be done to one application of a round that is decided between all of them: nothing before its decision.

A round that an officer decides is decided one by one. In the others everybody gets their outcome in one act, by the
mode that was frozen as the round opened; what is left to do by hand after that is to offer money again to whom the
decision gave it, and to tell somebody who stands in it that it is a no after all.
"""

from sqlalchemy.orm import Session

from services.grants.applications import domain as applications
from services.grants.applications.models import Application
from services.grants.awards import domain as awards
from services.grants.awards.models import Award
from services.grants.decisions import store
from services.grants.decisions.models import DecidedTogether, Outcome
from services.grants.rounds.rules import DecisionMode
from shared.auth import Principal
from shared.money import Money


def offer_award(
    session: Session, movement: str, caller: Principal, application_id: str, amount: Money, terms: awards.Terms
) -> Award:
    """Offer an award as :func:`awards.offer_award` does. Raises DecidedTogether where no decision gave it one."""
    award = awards.offer_award(session, movement, caller, application_id, amount, terms)
    _check(session, movement, application_id, (Outcome.AWARD,))
    return award


def decline_application(
    session: Session, movement: str, application_id: str, reason: str, help_offered: str
) -> Application:
    """Say no as :func:`applications.decline_application` does. Raises DecidedTogether before the decision."""
    declined = applications.decline_application(session, movement, application_id, reason, help_offered)
    _check(session, movement, application_id, tuple(Outcome))
    return declined


def _check(session: Session, movement: str, application_id: str, after: tuple[Outcome, ...]) -> None:
    """Asked last, for whatever the verb itself forbids is said first; nothing of it is kept then."""
    mode, outcomes = store.decided(session, movement, application_id)
    if mode != DecisionMode.OFFICER and outcomes.isdisjoint(after):
        raise DecidedTogether(f"by its rules it is decided by {mode}", mode=mode)
