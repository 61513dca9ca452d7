"""What is done in a vote: people are put on the roll, vote online once, or on paper, which two tellers count."""

import secrets as random
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from services.grants.decisions import domain
from services.grants.decisions import store as decisions
from services.grants.decisions.models import Decision, DecisionState, NotAVote, Shown
from services.grants.decisions.voting import store
from services.grants.decisions.voting.models import (
    Ballot,
    BoxOf,
    NotOnTheRoll,
    NotVoting,
    Tally,
    TwoTellers,
    Voted,
    VotedAlready,
    Voter,
)
from services.grants.decisions.voting.schemas import Counted, NewBallot, NewVoter
from services.grants.people import store as people
from services.grants.rounds.rules import DecisionMode
from shared import clock, outbox
from shared.auth import Principal
from shared.editing import hold_to
from shared.errors import Fault, Invalid
from shared.events.grants.decisions import VotingOpened

_RECEIPT_BYTES = 16
_BEFORE_CLOSING = (DecisionState.BEGUN, DecisionState.VOTING)


def enrol(session: Session, movement: str, decision_id: str, caller: Principal, said: Sequence[NewVoter]) -> int:
    """Put people on the roll, until voting closes; answers how many were not on it yet, under any id."""
    decision = _vote(domain.for_decider(session, movement, decision_id, caller), *_BEFORE_CLOSING)
    every = {each.person: people.every_id(session, movement, each.person) for each in said}
    known = {voter.person for voter in store.voters_among(session, movement, decision.id, set().union(*every.values()))}
    added = 0
    for each in said:
        if not every[each.person] & known:
            store.add(
                session,
                Voter(movement=movement, decision_id=decision.id, person=each.person, because=each.because, voted=None),
            )
            known.add(each.person)
            added += 1
    return added


def list_voters(session: Session, movement: str, decision_id: str, *, after: str, limit: int) -> Sequence[Voter]:
    """The roll, or NotFound where there is no such decision."""
    domain.present(decisions.find(session, movement, decision_id))
    return store.list_voters(session, movement, decision_id, after=after, limit=limit)


def give_paper(session: Session, movement: str, decision_id: str, caller: Principal, person: str) -> Voter:
    """Note that somebody on the roll is handed a paper ballot: they vote no other way. Raises VotedAlready."""
    decision = _vote(domain.for_decider(session, movement, decision_id, caller), DecisionState.VOTING)
    return _votes(session, movement, decision, person, Voted.PAPER)


def open_voting(session: Session, movement: str, decision_id: str, caller: Principal) -> Shown:
    """Let those on the roll vote."""
    decision = domain.for_decider(session, movement, decision_id, caller)
    decision.open_voting(clock.now())
    outbox.record(session, VotingOpened(decision=decision.id))
    return domain.shown(session, movement, decision)


def cast(session: Session, movement: str, caller: Principal, said: NewBallot) -> Ballot:
    """Take a ballot of whoever calls. Nothing that is stored of it leads to them.

    Raises NotOnTheRoll, VotedAlready, NotVoting and Invalid.
    """
    found = decisions.held_still(session, movement, said.decision)
    if found is None:
        raise Invalid(faults=[Fault("/decision", "there is no such decision", "unknown_decision")])
    decision = _vote(found, DecisionState.VOTING)
    if caller.person is None:
        raise NotOnTheRoll("it is not known who of the movement's people this user is")
    if faults := _ballot_faults(session, decision, said.dots):
        raise Invalid(faults=faults)
    _votes(session, movement, decision, caller.person, Voted.ONLINE)
    receipt = random.token_hex(_RECEIPT_BYTES)
    ballot = Ballot(movement=movement, decision_id=decision.id, receipt=receipt, dots=dict(said.dots))
    store.add(session, ballot)
    return ballot


def count_box(
    session: Session, movement: str, decision_id: str, box: int, teller: str, said: Counted, expected: int | None
) -> BoxOf:
    """Note what one teller counted in a box, or, of a count of theirs that was read at ``expected``, counted anew.

    Raises TwoTellers and Invalid.
    """
    decision = _vote(decisions.for_change(session, movement, decision_id), DecisionState.VOTING)
    if faults := _count_faults(session, decision, said):
        raise Invalid(faults=faults)
    of_box = [each for each in store.tallies(session, movement, decision.id) if each.box == box]
    own = next((each for each in of_box if each.teller == teller), None)
    if own is None and len(of_box) == 2:
        raise TwoTellers(box=box)
    at, dots = clock.now(), {key: dots for key, dots in said.dots.items() if dots}
    if own is None:
        hold_to(0, expected)
        own = Tally(movement=movement, decision_id=decision.id, box=box, teller=teller, version=0)
        store.add(session, own)
        of_box.append(own)
    hold_to(own.version, expected)
    own.ballots, own.dots, own.counted_at, own.version = said.ballots, dots, at, own.version + 1
    return BoxOf(box, of_box, own)


def boxes(session: Session, movement: str, decision_id: str, teller: str | None) -> Sequence[BoxOf]:
    """The boxes of a vote that somebody has counted, with the caller's own counts."""
    domain.present(decisions.find(session, movement, decision_id))
    of_box: dict[int, list[Tally]] = {}
    for tally in store.tallies(session, movement, decision_id):
        of_box.setdefault(tally.box, []).append(tally)
    return [
        BoxOf(box, tallies, next((each for each in tallies if each.teller == teller), None))
        for box, tallies in of_box.items()
    ]


def _votes(session: Session, movement: str, decision: Decision, person: str, how: Voted) -> Voter:
    """Mark somebody on the roll as having voted, under whichever of their ids they are on it."""
    ids = people.every_id(session, movement, person)
    theirs = store.voters_among(session, movement, decision.id, ids, locked=True)
    if not theirs:
        raise NotOnTheRoll
    if any(each.voted is not None for each in theirs):
        raise VotedAlready
    theirs[0].voted = how
    return theirs[0]


def _vote(found: Decision | None, *states: DecisionState) -> Decision:
    decision = domain.present(found)
    if decision.mode != DecisionMode.VOTE:
        raise NotAVote
    if decision.state not in states:
        raise NotVoting(f"the vote is {decision.state}", state=decision.state)
    return decision


def _ballot_faults(session: Session, decision: Decision, dots: Mapping[str, int]) -> list[Fault]:
    options = {each.application_id for each in decisions.candidates(session, decision.movement, decision.id)}
    most_on_one, most = decision.most_on_one or 0, decision.dots or 0
    faults = []
    for application, given in dots.items():
        if application not in options:
            faults.append(Fault(f"/dots/{application}", "cannot be voted for", "unknown_application"))
        elif given > most_on_one:
            faults.append(Fault(f"/dots/{application}", f"at most {most_on_one} go to one", "too_many_dots"))
    if sum(dots.values()) > most:
        faults.append(Fault("/dots", f"a ballot has {most}", "too_many_dots"))
    return faults


def _count_faults(session: Session, decision: Decision, said: Counted) -> list[Fault]:
    options = {each.application_id for each in decisions.candidates(session, decision.movement, decision.id)}
    faults = [
        Fault(f"/dots/{application}", "cannot be voted for", "unknown_application")
        for application in said.dots
        if application not in options
    ]
    if sum(said.dots.values()) > said.ballots * (decision.dots or 0):
        faults.append(Fault("/dots", "are more than these ballots can hold", "too_many_dots"))
    return faults
