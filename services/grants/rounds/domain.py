"""What is done with rounds: drafted, opened on cleared money, closed or cancelled with what is left given back."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.grants.amounts import amount_faults
from services.grants.funds import store as funds
from services.grants.funds.models import OverFund
from services.grants.rounds import store
from services.grants.rounds.models import OverBudget, Round, RoundState
from services.grants.rounds.schemas import RoundChanges
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.rounds import RoundClosed, RoundDrafted, RoundDropped, RoundOpened
from shared.ids import new_id
from shared.money import Money


def draft_round(
    session: Session,
    movement: str,
    *,
    fund_id: str,
    title: str,
    minimum: Money,
    maximum: Money,
    budget: Money,
    opens_at: datetime | None,
    closes_at: datetime | None,
    suggestion: str | None = None,
) -> Round:
    """Write down a round, perhaps for a suggestion. It holds no money until it opens."""
    fund = funds.find_fund(session, movement, fund_id)
    if fund is None:
        raise NotFound("there is no such fund", faults=[Fault("/fund", "there is no such fund", "not_found")])
    faults = amount_faults(fund.currency, minimum=minimum, maximum=maximum, budget=budget)
    if faults := faults or _rule_faults(minimum, maximum, budget, opens_at, closes_at):
        raise Invalid(faults=faults)
    at = clock.now()
    drafted = Round(
        movement=movement,
        id=new_id("round"),
        fund_id=fund_id,
        title=title,
        state=RoundState.DRAFT,
        currency=fund.currency,
        minimum=minimum.pence,
        maximum=maximum.pence,
        budget=budget.pence,
        committed=0,
        opens_at=opens_at,
        closes_at=closes_at,
        suggestion=suggestion,
        created_at=at,
        updated_at=at,
        version=1,
    )
    session.add(drafted)
    if suggestion is not None:
        outbox.record(session, RoundDrafted(round=drafted.id, suggestion=suggestion))
    return drafted


def change_round(session: Session, movement: str, round_id: str, changes: RoundChanges, expected: int | None) -> Round:
    """Change a draft, its fund too; of a round that has opened only the title. Raises RoundFrozen and Invalid."""
    changed = _present(store.for_change(session, movement, round_id))
    hold_to(changed.version, expected)
    fund = funds.find_fund(session, movement, changes.fund_id or changed.fund_id)
    if fund is None:
        raise Invalid(faults=[Fault("/fund", "there is no such fund", "not_found")])
    sums = {name: said for name in ("minimum", "maximum", "budget") if (said := getattr(changes, name)) is not None}
    faults = amount_faults(fund.currency, **sums)
    if fund.currency != changed.currency and len(sums) < 3:
        faults.append(Fault("/fund", "is in another currency: say each amount in it", "wrong_currency"))
    if faults:
        raise Invalid(faults=faults)
    if fund.id != changed.fund_id:
        changed.fund_id, changed.currency = fund.id, fund.currency
    for name, amount in sums.items():
        setattr(changed, name, amount.pence)
    changes.apply(changed, "title", "opens_at", "closes_at")
    minimum, maximum, budget = (
        Money.of(pence, fund.currency) for pence in (changed.minimum, changed.maximum, changed.budget)
    )
    if faults := _rule_faults(minimum, maximum, budget, changed.opens_at, changed.closes_at):
        raise Invalid(faults=faults)
    changed.changed(clock.now())
    return changed


def get_round(session: Session, movement: str, round_id: str) -> Round:
    """The round, or NotFound."""
    return _present(store.find(session, movement, round_id))


def open_round(session: Session, movement: str, round_id: str) -> Round:
    """Freeze the rules and reserve the budget; :class:`OverFund` where the fund's cleared money does not reach."""
    opened = _present(store.for_change(session, movement, round_id))
    budget = opened.open(clock.now())
    if not funds.reserve(session, movement, opened.fund_id, budget):
        raise OverFund("the fund's cleared money, less what other rounds hold, is less than this budget")
    event = RoundOpened(round=opened.id, fund=opened.fund_id, budget_pence=budget, currency=opened.currency)
    outbox.record(session, event)
    return opened


def close_round(session: Session, movement: str, round_id: str) -> Round:
    """End the round and give what was not awarded back to its fund."""
    closed = _present(store.for_change(session, movement, round_id))
    unawarded = closed.close(clock.now())
    funds.release(session, movement, closed.fund_id, unawarded)
    outbox.record(session, RoundClosed(round=closed.id))
    return closed


def cancel_round(session: Session, movement: str, round_id: str) -> Round:
    """Call off a draft, or an open round with no live award; what it held goes back to its fund."""
    cancelled = _present(store.for_change(session, movement, round_id))
    was_open = cancelled.state == RoundState.OPEN
    held = cancelled.cancel(clock.now())
    if was_open:
        funds.release(session, movement, cancelled.fund_id, held)
        outbox.record(session, RoundClosed(round=cancelled.id))
    elif cancelled.suggestion is not None:
        outbox.record(session, RoundDropped(round=cancelled.id))
    return cancelled


def commit_money(session: Session, movement: str, round_id: str, amount: Money) -> None:
    """Commit an award's amount within the round's budget and rules.

    Raises :class:`OverBudget` where the round has less left, Invalid in another currency or outside its limits,
    :class:`RoundClosed` once it has ended.
    """
    if store.commit_money(session, movement, round_id, amount.pence, amount.currency):
        return
    refusing = get_round(session, movement, round_id)
    refusing.check_awards()
    if faults := refusing.amount_faults(amount):
        raise Invalid(faults=faults)
    raise OverBudget("the round has less left than this award")


def release_money(session: Session, movement: str, round_id: str, pence: int) -> None:
    """Take back what an ended award held; a round that has ended itself passes it on to its fund."""
    releasing = _present(store.for_change(session, movement, round_id))
    if passed_on := releasing.release(pence):
        funds.release(session, movement, releasing.fund_id, passed_on)


def _present(found: Round | None) -> Round:
    if found is None:
        raise NotFound("there is no such round")
    return found


def _rule_faults(
    minimum: Money, maximum: Money, budget: Money, opens_at: datetime | None, closes_at: datetime | None
) -> list[Fault]:
    """What is wrong between rules that are each well-formed."""
    faults = []
    if minimum.pence > maximum.pence:
        faults.append(Fault("/maximum/amount", "must not be less than the minimum", "less_than_minimum"))
    if budget.pence < minimum.pence:
        faults.append(Fault("/budget/amount", "must reach for one award of the minimum", "less_than_minimum"))
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        faults.append(Fault("/closes_at", "must be after the round opens", "before_opening"))
    return faults
