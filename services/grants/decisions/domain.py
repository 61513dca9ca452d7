"""What is done with decisions until they are made: begun under the round's frozen rules, ranked, or abandoned."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from sqlalchemy.orm import Session

from services.grants.applications.models import Application
from services.grants.decisions import store
from services.grants.decisions.drawing import domain as drawing
from services.grants.decisions.models import (
    BY_JUDGEMENT,
    Candidate,
    Decision,
    DecisionState,
    NotRanked,
    NotTheRoundsMode,
    Shown,
    UnderDecision,
)
from services.grants.decisions.ranking import Candidate as Ranking
from services.grants.decisions.ranking import ranked
from services.grants.decisions.schemas import NewDecision
from services.grants.delegations import domain as delegations
from services.grants.delegations.models import Power
from services.grants.reviews import domain as reviews
from services.grants.reviews import standing
from services.grants.reviews.models import Standing
from services.grants.rounds import domain as rounds
from services.grants.rounds import store as round_rows
from services.grants.rounds.models import Round
from services.grants.rounds.rules import DecisionMode, TieRule
from shared import clock, outbox
from shared.auth import Principal
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.decisions import DecisionAbandoned, DecisionBegun, DecisionRanked
from shared.ids import new_id
from shared.secrets import Secrets


def begin(session: Session, movement: str, said: NewDecision, caller: Principal, secrets: Secrets) -> Shown:
    """Begin to decide a round, or some applications to it, by its frozen rules.

    Raises UnderDecision, NotTheRoundsMode, and what the round raises while it awards nothing.
    """
    of = _round(session, movement, said.round_id)
    delegations.authorise(session, movement, caller, of.fund_id, Power.AWARD)
    of.check_awards()
    if (other := store.live(session, movement, of.id)) is not None:
        raise UnderDecision(decision=other.id)
    if (said.voting is not None) != (of.decision_mode == DecisionMode.VOTE):
        raise NotTheRoundsMode(f"it is decided by {of.decision_mode}", mode=of.decision_mode)
    found = _to_be_decided(session, movement, of, said)
    drawing.commit(session, movement, of.id, secrets)
    at = clock.now()
    decision = Decision(
        movement=movement,
        id=new_id("decision"),
        round_id=of.id,
        mode=of.decision_mode,
        state=DecisionState.BEGUN,
        dots=None if said.voting is None else said.voting.dots,
        most_on_one=None if said.voting is None else said.voting.most_on_one,
        begun_by=caller.id,
        begun_at=at,
        updated_at=at,
        version=1,
    )
    store.add(session, decision)
    session.flush()
    candidates = [
        Candidate(
            movement=movement,
            decision_id=decision.id,
            application_id=each.id,
            place=each.place,
            asked=each.amount,
        )
        for each in found
    ]
    store.add(session, *candidates)
    begun = DecisionBegun(decision=decision.id, round=of.id, mode=decision.mode, applications=len(candidates))
    outbox.record(session, begun)
    return _shown(session, movement, decision, of, candidates)


def read(session: Session, movement: str, decision_id: str, caller: Principal) -> Shown:
    """The decision with all who stand in it, or NotFound; what others gave is hidden from who has still to score."""
    found = shown(session, movement, present(store.find(session, movement, decision_id)))
    blind = reviews.blind_to(session, movement, [each.application_id for each, _ in found.candidates], caller)
    hidden = [(each, Standing(0, None) if each.application_id in blind else given) for each, given in found.candidates]
    return found._replace(candidates=hidden)


def shown(session: Session, movement: str, decision: Decision) -> Shown:
    """The decision with all who stand in it: best first once that is known."""
    of = rounds.get_round(session, movement, decision.round_id)
    return _shown(session, movement, decision, of, store.candidates(session, movement, decision.id))


def rank(session: Session, movement: str, decision_id: str, caller: Principal, secrets: Secrets) -> Shown:
    """Put the candidates in order: in a draw by lot, otherwise by the mean of what reviewers gave them.

    Ties fall by the round's frozen rule. The seed of its lots is shown from now on. Raises NotRanked for a vote: what
    voters said is counted as voting closes, and nobody puts an order in its place.
    """
    decision = for_decider(session, movement, decision_id, caller)
    if decision.mode == DecisionMode.VOTE:
        raise NotRanked("the order of a vote is known when voting closes")
    found = store.candidates(session, movement, decision.id)
    scores = (
        {each.application_id: Fraction(0) for each in found}
        if decision.mode == DecisionMode.DRAW
        else {key: each.score or Fraction(0) for key, each in _standings(session, movement, decision, found).items()}
    )
    put_in_order(session, movement, decision, found, scores, secrets)
    return shown(session, movement, decision)


def put_in_order(
    session: Session,
    movement: str,
    decision: Decision,
    found: Sequence[Candidate],
    scores: Mapping[str, Fraction],
    secrets: Secrets,
) -> None:
    """Fix the order of a decision by these scores, and show the seed by which ties were broken."""
    decision.ranked(clock.now())
    of = rounds.get_round(session, movement, decision.round_id)
    seed = drawing.reveal(session, movement, of.id, secrets)
    standings = [Ranking(each.application_id, scores[each.application_id], each.place) for each in found]
    by_id = {each.application_id: each for each in found}
    for each in ranked(standings, first_places(of), seed):
        by_id[each.application].rank, by_id[each.application].ranked_by = each.rank, each.by
    outbox.record(session, DecisionRanked(decision=decision.id))


def first_places(of: Round) -> Sequence[str]:
    """The places that go first where two stand alike. In a draw all stand alike, and none goes first."""
    by_place = of.tie_rule == TieRule.PLACE_THEN_DRAW and of.decision_mode != DecisionMode.DRAW
    return of.priority_places if by_place else ()


def abandon(session: Session, movement: str, decision_id: str, caller: Principal, because: str) -> Shown:
    """Give a decision up before it is made; another may be begun."""
    decision = for_decider(session, movement, decision_id, caller)
    decision.abandon(because, clock.now())
    outbox.record(session, DecisionAbandoned(decision=decision.id))
    return shown(session, movement, decision)


def for_decider(session: Session, movement: str, decision_id: str, caller: Principal) -> Decision:
    """The decision as it is now, locked until the transaction ends, for whoever may award its fund's money.

    Raises NotFound and NotDelegated.
    """
    decision = present(store.for_change(session, movement, decision_id))
    fund = rounds.fund_of(session, movement, decision.round_id)
    delegations.authorise(session, movement, caller, fund, Power.AWARD)
    return decision


def present(found: Decision | None) -> Decision:
    """What was looked for, or NotFound."""
    if found is None:
        raise NotFound("there is no such decision")
    return found


def _to_be_decided(session: Session, movement: str, of: Round, said: NewDecision) -> Sequence[Application]:
    """The applications that a decision is about. Raises Invalid for those that are not to be decided."""
    every = reviews.to_be_decided(session, movement, of.id)
    if said.applications is None:
        if not every:
            raise Invalid(faults=[Fault("/round", "has no application to be decided", "nothing_to_decide")])
        return every
    if of.decision_mode not in BY_JUDGEMENT:
        reason = f"a {of.decision_mode} is between all of them: leave this out"
        raise Invalid(faults=[Fault("/applications", reason, "between_all")])
    known = {each.id: each for each in every}
    reason = "is no application to this round that is to be decided"
    faults = [
        Fault(f"/applications/{number}", reason, "unknown_application")
        for number, each in enumerate(said.applications)
        if each not in known
    ]
    if faults:
        raise Invalid(faults=faults)
    return [known[each] for each in dict.fromkeys(said.applications)]


def _round(session: Session, movement: str, round_id: str) -> Round:
    """The round, held: of two who would begin to decide it, the second finds the first one's decision."""
    found = round_rows.for_change(session, movement, round_id)
    if found is None:
        raise Invalid(faults=[Fault("/round", "there is no such round", "unknown_round")])
    return found


def _shown(session: Session, movement: str, decision: Decision, of: Round, found: Sequence[Candidate]) -> Shown:
    standings = _standings(session, movement, decision, found)
    return Shown(decision, of.currency, [(each, standings[each.application_id]) for each in found])


def _standings(
    session: Session, movement: str, decision: Decision, found: Collection[Candidate]
) -> Mapping[str, Standing]:
    """What reviewers gave each; nothing where the community or lots decide."""
    applications = [each.application_id for each in found]
    if decision.mode not in BY_JUDGEMENT:
        return dict.fromkeys(applications, Standing(0, None))
    rubric = rounds.get_round(session, movement, decision.round_id).rubric
    return standing.standings(session, movement, rubric, applications)
