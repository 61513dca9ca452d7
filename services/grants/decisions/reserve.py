"""The reserve list: money that comes free goes to the next on it that it reaches for, by a worker.

An offer that lapses or is refused gives its money back to its round; each look finds those in reserve whom what is
left of their round reaches for. An offer stands on the decision: it counts under the delegation that this was made
under, and needs nobody to decide again. What forbids it is noted on the candidate, which then waits for somebody to
see to it. Killed at any moment, the worker goes on with what is left.
"""

import asyncio

import structlog
from sqlalchemy.orm import Session

from services.grants.awards.domain import Decided
from services.grants.decisions import domain, making, store
from services.grants.decisions.models import Outcome, Shown
from services.grants.rounds import domain as rounds
from shared import outbox
from shared.auth import Principal
from shared.errors import AppError
from shared.events.grants.decisions import ReserveOffered
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 0.5
_A_LOOK = 50
_log = structlog.get_logger(__name__)


async def offer_from_reserve(parts: Parts) -> None:
    """Offer what came free to whoever is next, until cancelled."""
    while True:
        for movement, decision, application in await parts.db.read(store.next_in_reserve, _A_LOOK):
            db = parts.acting_in(movement, decision)
            try:
                await db.write(offer_to, movement, decision, application)
            except AppError as refused:
                _log.warning("reserve_held_up", application=application, code=refused.code)
                await db.write(hold_up, movement, decision, application, refused.code)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def offer_to(session: Session, movement: str, decision_id: str, application_id: str) -> None:
    """Offer a candidate in reserve what was decided for it, if the money still reaches."""
    store.applications_for_change(session, movement, [application_id])
    candidate = store.candidate_for_change(session, movement, decision_id, application_id)
    if candidate is None or candidate.outcome != Outcome.RESERVE:
        return
    decision = domain.present(store.find(session, movement, decision_id))
    of = rounds.get_round(session, movement, decision.round_id)
    if of.remaining < candidate.wants:
        return
    award = making.offer(session, movement, Decided(decision.delegation), decision, candidate, of.currency)
    candidate.outcome, candidate.award_id = Outcome.AWARD, award.id
    offered = ReserveOffered(decision=decision_id, application=application_id, award=award.id)
    outbox.record(session, offered)


def hold_up(session: Session, movement: str, decision_id: str, application_id: str, code: str) -> None:
    """Note what kept the money from a candidate in reserve: the next one has its turn."""
    candidate = store.candidate_for_change(session, movement, decision_id, application_id)
    if candidate is not None:
        candidate.held_up = code


def try_again(session: Session, movement: str, decision_id: str, caller: Principal) -> Shown:
    """Let those in reserve have their turn again who were held up."""
    decision = domain.for_decider(session, movement, decision_id, caller)
    for candidate in store.candidates(session, movement, decision_id):
        candidate.held_up = None
    return domain.shown(session, movement, decision)
