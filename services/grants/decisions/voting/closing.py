"""Closing a vote: every box is agreed on, the ballots are linked into a chain, the dots are counted, ties are broken.

And its record, which is all that anybody needs to count again.
"""

from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy.orm import Session

from services.grants.decisions import domain
from services.grants.decisions import store as decisions
from services.grants.decisions.drawing import domain as drawing
from services.grants.decisions.models import BY_JUDGEMENT, Candidate, Decision, DecisionState, NoQuorum, NotAVote, Shown
from services.grants.decisions.voting import store
from services.grants.decisions.voting.chain import Box, Rules, beginning, linked
from services.grants.decisions.voting.domain import boxes
from services.grants.decisions.voting.models import (
    Ballot,
    NotVoting,
    StillVoting,
    TellersDiffer,
    TooManyBallots,
    Voted,
    total,
)
from services.grants.decisions.voting.schemas import PaperBox, PublishedBallot, Record, Result, VotingRules
from services.grants.rounds import domain as rounds
from services.grants.rounds.rules import DecisionMode
from shared import outbox
from shared.auth import Principal
from shared.errors import NotFound
from shared.events.grants.decisions import VotingClosed
from shared.secrets import Secrets


def close_voting(session: Session, movement: str, decision_id: str, caller: Principal, secrets: Secrets) -> Shown:
    """End a vote, count it, rank its applications. Raises TellersDiffer, TooManyBallots and NoQuorum: it stays open."""
    decision = domain.for_decider(session, movement, decision_id, caller)
    if decision.mode != DecisionMode.VOTE:
        raise NotAVote
    if decision.state != DecisionState.VOTING:
        raise NotVoting(f"the vote is {decision.state}", state=decision.state)
    paper, ballots = _paper(session, decision), store.ballots(session, movement, decision.id)
    online, on_paper = store.voted(session, movement, decision.id, Voted.ONLINE), sum(box.ballots for box in paper)
    of = rounds.get_round(session, movement, decision.round_id)
    if online + on_paper < of.quorum:
        raise NoQuorum(f"{online + on_paper} of at least {of.quorum} have voted")
    candidates = decisions.candidates(session, movement, decision.id)
    link = beginning(rules_of(session, decision, candidates), paper, online)
    for ballot in ballots:
        link = ballot.digest = linked(link, ballot.receipt, ballot.dots)
    decision.voted_online, decision.digest = online, link
    votes = total([*(ballot.dots for ballot in ballots), *(box.dots for box in paper)])
    for each in candidates:
        each.votes = votes.get(each.application_id, 0)
    closed = VotingClosed(decision=decision.id, online=online, paper=on_paper, digest=link)
    outbox.record(session, closed)
    scores = {each.application_id: Fraction(each.votes or 0) for each in candidates}
    domain.put_in_order(session, movement, decision, candidates, scores, secrets)
    return domain.shown(session, movement, decision)


def record(session: Session, movement: str, decision_id: str) -> Record:
    """All that a vote or a draw came to, as it is published: it stays, also where the decision is given up later.

    Raises StillVoting before that, and NotFound for what people judged.
    """
    decision = domain.present(decisions.find(session, movement, decision_id))
    if decision.mode in BY_JUDGEMENT or (decision.state == DecisionState.ABANDONED and decision.ranked_at is None):
        raise NotFound("such a decision has no record of votes or lots")
    if decision.ranked_at is None:
        raise StillVoting
    candidates = decisions.candidates(session, movement, decision.id)
    rules = rules_of(session, decision, candidates)
    paper = _paper(session, decision) if decision.mode == DecisionMode.VOTE else ()
    online = decision.voted_online or 0
    return Record(
        decision=decision.id,
        round=decision.round_id,
        mode=DecisionMode(decision.mode),
        rules=VotingRules.model_validate(rules.told()),
        paper=[PaperBox.model_validate(box.told()) for box in paper],
        voted_online=online,
        ballots=[_published(ballot) for ballot in store.ballots(session, movement, decision.id)],
        digest=decision.digest or beginning(rules, paper, online),
        seed=drawing.read(session, movement, decision.round_id).seed or "",
        result=[Result(application=each.application_id, votes=each.votes or 0) for each in candidates],
    )


def rules_of(session: Session, decision: Decision, candidates: Sequence[Candidate]) -> Rules:
    """What a vote or a draw is held under; a draw gives nobody a dot."""
    of = rounds.get_round(session, decision.movement, decision.round_id)
    return Rules(
        options=sorted((each.application_id, each.place) for each in candidates),
        dots=decision.dots or 0,
        most_on_one=decision.most_on_one or 0,
        first_places=domain.first_places(of),
        seed_digest=drawing.read(session, decision.movement, decision.round_id).digest,
    )


def _paper(session: Session, decision: Decision) -> Sequence[Box]:
    """The boxes as their tellers agree on them. Raises TellersDiffer, and TooManyBallots where there is a roll."""
    movement, paper = decision.movement, []
    for box in boxes(session, movement, decision.id, None):
        if not box.agreed:
            raise TellersDiffer(box=box.number)
        paper.append(Box(box.tallies[0].ballots, box.tallies[0].dots))
    handed_out = store.voted(session, movement, decision.id, Voted.PAPER)
    if store.has_roll(session, movement, decision.id) and sum(box.ballots for box in paper) > handed_out:
        raise TooManyBallots(f"{handed_out} people on the roll were given one")
    return paper


def _published(ballot: Ballot) -> PublishedBallot:
    return PublishedBallot(receipt=ballot.receipt, dots=ballot.dots, digest=ballot.digest or "")
