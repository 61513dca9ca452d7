"""Making a decision: every application gets its outcome in one act, or none does.

Money is offered by the verbs of awards, one after the other within the round's budget; whatever forbids one of them
undoes all. Applications are taken first, in the order of their ids, and the round after them, as everywhere.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.grants.applications import domain as applications
from services.grants.awards import domain as awards
from services.grants.awards.models import Award
from services.grants.decisions import domain, meetings, store
from services.grants.decisions.models import (
    BY_JUDGEMENT,
    Candidate,
    Decision,
    DecisionState,
    NoQuorum,
    NotRanked,
    Outcome,
    Shown,
)
from services.grants.decisions.ranking import within
from services.grants.decisions.schemas import GivenOutcome, Making, Proposal, Proposed
from services.grants.delegations import domain as delegations
from services.grants.delegations.models import Power
from services.grants.reviews.domain import ASSESSABLE
from services.grants.reviews.standing import standings
from services.grants.rounds import domain as rounds
from services.grants.rounds.models import Round
from services.grants.rounds.rules import DecisionMode
from shared import clock, outbox
from shared.auth import Principal
from shared.errors import AppError, Fault, Invalid
from shared.events.grants.decisions import DecisionMade
from shared.money import Money


class Given(NamedTuple):
    """What becomes of one candidate: ``pence`` for money now or in reserve, ``reason`` for a no."""

    candidate: Candidate
    outcome: Outcome
    pence: int | None
    reason: str | None


def make(session: Session, movement: str, decision_id: str, said: Making, caller: Principal) -> Shown:
    """Give every application of the decision its outcome, all of them or none."""
    decision = domain.for_decider(session, movement, decision_id, caller)
    decision.make(caller.id, clock.now())
    found = store.candidates(session, movement, decision.id)
    held = store.applications_for_change(session, movement, [each.application_id for each in found])
    standing = [each for each in found if held[each.application_id].state in ASSESSABLE]
    of = rounds.get_round(session, movement, decision.round_id)
    given = _given(decision, of, standing, said)
    if said.help_offered is None and any(each.outcome == Outcome.DECLINE for each in given):
        raise Invalid(faults=[Fault("/help_offered", "goes with every no", "missing")])
    _check_quorum(session, movement, decision, of, given)
    decision.answer_days = said.answer_days
    decision.delegation = delegations.authorise(session, movement, caller, of.fund_id, Power.AWARD)
    for each in given:
        _give(session, movement, decision, each, caller, said, of.currency)
    count = {outcome: [each for each in given if each.outcome == outcome] for outcome in Outcome}
    made = DecisionMade(
        decision=decision.id,
        round=of.id,
        awards=len(count[Outcome.AWARD]),
        reserves=len(count[Outcome.RESERVE]),
        declined=len(count[Outcome.DECLINE]),
        amount_pence=sum(each.pence or 0 for each in count[Outcome.AWARD]),
        currency=of.currency,
    )
    outbox.record(session, made)
    return domain.shown(session, movement, decision)


def proposed(session: Session, movement: str, decision_id: str, reserve: int | None) -> Proposal:
    """What would become of each candidate, best first, if the decision were made now by its order. Raises NotRanked."""
    decision = domain.present(store.find(session, movement, decision_id))
    if decision.state != DecisionState.RANKED:
        raise NotRanked
    of = rounds.get_round(session, movement, decision.round_id)
    given = _by_order(of, store.candidates(session, movement, decision.id), reserve, None)
    return Proposal(
        data=[
            Proposed(
                application=candidate.application_id,
                rank=candidate.rank,
                outcome=outcome,
                amount=None if pence is None else Money.of(pence, of.currency),
            )
            for candidate, outcome, pence, _ in given
        ]
    )


def _given(decision: Decision, of: Round, standing: Sequence[Candidate], said: Making) -> Sequence[Given]:
    if said.outcomes is not None:
        if decision.mode not in BY_JUDGEMENT:
            reason = f"follow from the {decision.mode}"
            raise Invalid(faults=[Fault("/outcomes", reason, "not_by_judgement")])
        return _by_judgement(of, {each.application_id: each for each in standing}, said.outcomes)
    if any(each.rank is None for each in standing):
        raise NotRanked
    given = _by_order(of, standing, said.reserve, said.reason)
    if said.reason is None and any(each.outcome == Outcome.DECLINE for each in given):
        raise Invalid(faults=[Fault("/reason", "somebody is told no: say why", "missing")])
    return given


def _by_judgement(of: Round, standing: Mapping[str, Candidate], said: Sequence[GivenOutcome]) -> Sequence[Given]:
    """What people said to each: every candidate once, with an amount for money and a reason for a no."""
    faults, seen, given = [], set(), []
    for number, each in enumerate(said):
        place = f"/outcomes/{number}"
        if each.application not in standing:
            faults.append(Fault(f"{place}/application", "is not to be decided here", "unknown_application"))
            continue
        if each.application in seen:
            faults.append(Fault(f"{place}/application", "has an outcome already", "duplicate"))
        if each.outcome == Outcome.DECLINE and each.reason is None:
            faults.append(Fault(f"{place}/reason", "is needed for a no", "missing"))
        if each.amount is not None:
            faults += [fault.at(place) for fault in of.amount_faults(each.amount)]
        seen.add(each.application)
        stands = standing[each.application]
        pence = None if each.outcome == Outcome.DECLINE else stands.asked if each.amount is None else each.amount.pence
        given.append(Given(stands, each.outcome, pence, each.reason))
    if left := len(standing.keys() - seen):
        faults.append(Fault("/outcomes", f"{left} applications have none", "undecided"))
    if faults:
        raise Invalid(faults=faults)
    for rank, one in enumerate(given, 1):
        one.candidate.rank = rank
    return given


def _by_order(of: Round, standing: Sequence[Candidate], reserve: int | None, reason: str | None) -> Sequence[Given]:
    """Money to the best as far as it reaches, in reserve the next, a no to the rest and to whom nobody voted for."""
    wanted = [each for each in standing if each.votes != 0]
    fits = within([each.asked for each in wanted], of.remaining)
    waiting = [each.application_id for each, fit in zip(wanted, fits, strict=True) if not fit]
    reserved = set(waiting if reserve is None else waiting[:reserve])
    funded = {each.application_id for each, fit in zip(wanted, fits, strict=True) if fit}
    given = []
    for each in standing:
        if each.application_id in funded | reserved:
            outcome = Outcome.AWARD if each.application_id in funded else Outcome.RESERVE
            given.append(Given(each, outcome, each.asked, None))
        else:
            given.append(Given(each, Outcome.DECLINE, None, reason))
    return given


def _check_quorum(session: Session, movement: str, decision: Decision, of: Round, given: Sequence[Given]) -> None:
    """Whether enough people judged each application; of a vote that was asked when it closed."""
    decided = [each.candidate.application_id for each in given]
    if decision.mode in BY_JUDGEMENT:
        for application, given_to in standings(session, movement, of.rubric, decided).items():
            if given_to.reviews < of.quorum:
                missing = f"{given_to.reviews} of {of.quorum} reviewers have scored an application"
                raise NoQuorum(missing, application=application)
    if decision.mode == DecisionMode.PANEL:
        meetings.check_room(session, movement, decision, of.quorum, decided)


def _give(
    session: Session,
    movement: str,
    decision: Decision,
    given: Given,
    caller: Principal,
    said: Making,
    currency: str,
) -> None:
    candidate = given.candidate
    candidate.outcome, candidate.amount = given.outcome, given.pence
    match given.outcome:
        case Outcome.AWARD:
            candidate.award_id = offer(session, movement, caller, decision, candidate, currency).id
        case Outcome.RESERVE:
            applications.reserve_application(session, movement, candidate.application_id)
        case Outcome.DECLINE:
            applications.decline_application(
                session, movement, candidate.application_id, given.reason or "", said.help_offered or ""
            )


def offer(
    session: Session,
    movement: str,
    by: Principal | awards.Decided,
    decision: Decision,
    candidate: Candidate,
    currency: str,
) -> Award:
    """Offer a candidate what was decided. What forbids it says which application it is about."""
    days = decision.answer_days
    answer_by = None if days is None else clock.now() + timedelta(days=days)
    amount = Money.of(candidate.wants, currency)
    try:
        return awards.offer_award(session, movement, by, candidate.application_id, amount, awards.Terms(answer_by))
    except AppError as refused:
        refused.extra["application"] = candidate.application_id
        raise
