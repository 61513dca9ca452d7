"""Amending a round that has opened: more time or more money for those who ask, or fewer reviews; nothing else."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.grants.amounts import amount_faults
from services.grants.delegations import domain as delegations
from services.grants.delegations.models import Power
from services.grants.funds import store as funds
from services.grants.funds.models import OverFund
from services.grants.rounds import store as rounds
from services.grants.rounds.amendments import store
from services.grants.rounds.amendments.models import Amendment, NotAmendable
from services.grants.rounds.amendments.schemas import NewAmendment
from services.grants.rounds.domain import for_change, get_round
from services.grants.rounds.models import HOLDING, Round, RoundState
from shared import clock, outbox
from shared.auth import Principal
from shared.errors import Fault, Invalid
from shared.events.grants.rounds import RoundAmended
from shared.ids import new_id
from shared.money import Money


def amend(
    session: Session, movement: str, round_id: str, said: NewAmendment, principal: Principal
) -> tuple[Amendment, Round]:
    """Change rules that may be amended, and keep what they were. Raises NotAmendable, Invalid and OverFund."""
    amended = for_change(session, movement, round_id)
    delegations.authorise(session, movement, principal, amended.fund_id, Power.ADMINISTER)
    now = clock.now()
    _check_state(amended, said)
    if faults := _faults(amended, said, now):
        raise Invalid(faults=faults)
    if said.budget is not None:
        more = said.budget.pence - amended.budget
        if not funds.reserve(session, movement, amended.fund_id, more):
            raise OverFund("the fund's cleared money, less what rounds hold, does not reach for the raise")
    before, after = _shown(amended, said), _said(said)
    values = {"closes_at": said.closes_at, "quorum": said.quorum, "budget": said.budget and said.budget.pence}
    rounds.amend(session, amended, {name: value for name, value in values.items() if value is not None}, now)
    made = Amendment(
        movement=movement,
        id=new_id("amendment"),
        round_id=round_id,
        before=before,
        after=after,
        reason=said.reason,
        made_by=principal.user or principal.id,
        made_at=now,
    )
    session.add(made)
    outbox.record(session, RoundAmended(round=round_id, amendment=made.id, changed=sorted(after)))
    return made, amended


def list_amendments(session: Session, movement: str, round_id: str, *, after: str, limit: int) -> Sequence[Amendment]:
    """How a round's rules were amended. Raises NotFound."""
    get_round(session, movement, round_id)
    return store.list_amendments(session, movement, round_id, after=after, limit=limit)


def _check_state(amended: Round, said: NewAmendment) -> None:
    """The last day moves while applications come; the budget and the quorum until all is decided."""
    if said.closes_at is not None and amended.state != RoundState.OPEN:
        raise NotAmendable(f"a round that is {amended.state} has no last day to move")
    if amended.state not in HOLDING or amended.state == RoundState.DECIDED:
        raise NotAmendable(f"a round that is {amended.state} is not amended")


def _faults(amended: Round, said: NewAmendment, now: datetime) -> list[Fault]:
    faults = []
    if said.closes_at is not None and (amended.closes_at is None or said.closes_at <= max(now, amended.closes_at)):
        faults.append(Fault("/closes_at", "must be later than it is: time is never taken away", "not_later"))
    if said.budget is not None:
        faults += amount_faults(amended.currency, budget=said.budget)
        if not faults and said.budget.pence <= amended.budget:
            faults.append(Fault("/budget/amount", "must be more than it is: money is never taken away", "not_more"))
    if said.quorum is not None and said.quorum >= amended.quorum:
        faults.append(Fault("/quorum", "must be less than it is", "not_less"))
    if not _said(said):
        faults.append(Fault("", "says nothing that is to change", "nothing_changes"))
    return faults


def _said(said: NewAmendment) -> dict[str, object]:
    return said.model_dump(mode="json", exclude={"reason"}, exclude_none=True)


def _shown(amended: Round, said: NewAmendment) -> dict[str, object]:
    budget = Money.of(amended.budget, amended.currency).model_dump(mode="json")
    closes_at = None if amended.closes_at is None else amended.closes_at.isoformat()
    before = {"closes_at": closes_at, "budget": budget, "quorum": amended.quorum}
    return {name: before[name] for name in _said(said)}
