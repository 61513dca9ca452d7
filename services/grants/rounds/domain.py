"""What is done with rounds: drafted, published, opened on cleared money, and brought to their end step by step."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from services.grants.amounts import amount_faults
from services.grants.applications import domain as applications
from services.grants.applications import store as application_store
from services.grants.applications.models import UNANSWERED, UNDECIDED, ApplicationState
from services.grants.forms import store as forms
from services.grants.funds import store as funds
from services.grants.funds.models import OverFund
from services.grants.funds.purposes import hold_to_purpose
from services.grants.places import store as places
from services.grants.rounds import store
from services.grants.rounds.checking import check_words, rule_faults
from services.grants.rounds.models import ApplicationsUnanswered, OverBudget, Round, RoundState
from services.grants.rounds.rules import StoredCriterion
from services.grants.rounds.schemas import Criterion, Farewell, NewRound, RoundChanges
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.rounds import (
    RoundAssessed,
    RoundCancelled,
    RoundClosed,
    RoundCompleted,
    RoundDecided,
    RoundDrafted,
    RoundDropped,
    RoundHeldUp,
    RoundOpened,
    RoundPublished,
)
from shared.ids import new_id
from shared.money import Money

_AS_THEY_ARE = (
    "title", "opens_at", "closes_at", "form_version", "decision_mode", "tie_rule", "priority_places", "quorum"
)  # fmt: skip


def draft_round(session: Session, movement: str, said: NewRound, suggestion: str | None = None) -> Round:
    """Write down a round, perhaps for a suggestion. It holds no money until it opens."""
    fund = funds.find_fund(session, movement, said.fund_id)
    if fund is None:
        raise NotFound("there is no such fund", faults=[Fault("/fund", "there is no such fund", "not_found")])
    faults = amount_faults(fund.currency, minimum=said.minimum, maximum=said.maximum, budget=said.budget)
    if faults := faults or rule_faults(said.minimum, said.maximum, said.budget, said.opens_at, said.closes_at):
        raise Invalid(faults=faults)
    check_words(session, movement, said)
    at = clock.now()
    drafted = Round(
        movement=movement,
        id=new_id("round"),
        fund_id=said.fund_id,
        title=said.title,
        state=RoundState.DRAFT,
        currency=fund.currency,
        minimum=said.minimum.pence,
        maximum=said.maximum.pence,
        budget=said.budget.pence,
        committed=0,
        form_version=said.form_version,
        decision_mode=said.decision_mode,
        tie_rule=said.tie_rule,
        priority_places=said.priority_places,
        rubric=stored_rubric(said.rubric),
        quorum=said.quorum,
        eligibility=said.eligibility.stored(),
        opens_at=said.opens_at,
        closes_at=said.closes_at,
        suggestion=suggestion,
        created_at=at,
        updated_at=at,
        version=1,
    )
    session.add(drafted)
    places.note(session, movement, drafted.eligibility["places"])
    if suggestion is not None:
        outbox.record(session, RoundDrafted(round=drafted.id, suggestion=suggestion))
    return drafted


def change_round(session: Session, movement: str, round_id: str, changes: RoundChanges, expected: int | None) -> Round:
    """Change what has not opened, its fund too; afterwards only the title. Raises RoundFrozen and Invalid."""
    changed = for_change(session, movement, round_id)
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
    check_words(session, movement, changes)
    changes.apply(changed, *_AS_THEY_ARE)
    if changes.rubric is not None:
        changed.rubric = stored_rubric(changes.rubric)
    if changes.eligibility is not None:
        changed.eligibility = changes.eligibility.stored()
        places.note(session, movement, changed.eligibility["places"])
    minimum, maximum, budget = (
        Money.of(pence, fund.currency) for pence in (changed.minimum, changed.maximum, changed.budget)
    )
    if faults := rule_faults(minimum, maximum, budget, changed.opens_at, changed.closes_at):
        raise Invalid(faults=faults)
    if changed.state == RoundState.PUBLISHED:
        _freeze_form(session, changed)
    changed.changed(clock.now())
    return changed


def get_round(session: Session, movement: str, round_id: str) -> Round:
    """The round, or NotFound."""
    return _present(store.find(session, movement, round_id))


def fund_of(session: Session, movement: str, round_id: str) -> str:
    """The fund that a round is of, or NotFound; it stays the same from the round's opening on."""
    found = store.fund_of(session, movement, round_id)
    if found is None:
        raise NotFound("there is no such round")
    return found


def publish_round(session: Session, movement: str, round_id: str) -> Round:
    """Let a draft be known. What it asks of groups is frozen from now on, its other rules when it opens."""
    published = for_change(session, movement, round_id)
    published.publish(clock.now())
    _freeze_form(session, published)
    outbox.record(session, RoundPublished(round=published.id))
    return published


def open_round(session: Session, movement: str, round_id: str) -> Round:
    """Freeze the rules and reserve the budget; :class:`OverFund` where the fund's cleared money does not reach,
    OutsidePurpose where it is open to more than the fund may be spent on."""
    opened = for_change(session, movement, round_id)
    budget = opened.open(clock.now())
    _freeze_form(session, opened)
    fund = funds.find_fund(session, movement, opened.fund_id)
    if fund is not None:
        hold_to_purpose(session, fund, opened.eligibility)
    if not funds.reserve(session, movement, opened.fund_id, budget):
        raise OverFund("the fund's cleared money, less what other rounds hold, is less than this budget")
    event = RoundOpened(round=opened.id, fund=opened.fund_id, budget_pence=budget, currency=opened.currency)
    outbox.record(session, event)
    return opened


def hold_up(session: Session, movement: str, round_id: str, code: str) -> None:
    """Note what keeps a round from opening at its instant: it is opened by hand then, or after an edit."""
    held = for_change(session, movement, round_id)
    if held.state == RoundState.PUBLISHED and held.held_up is None:
        held.hold_up(code, clock.now())
        outbox.record(session, RoundHeldUp(round=held.id, code=code))


def close_round(session: Session, movement: str, round_id: str) -> Round:
    """Take no more applications. The budget stays the round's: it is still to be awarded."""
    closed = for_change(session, movement, round_id)
    closed.close(clock.now())
    outbox.record(session, RoundClosed(round=closed.id))
    return closed


def assess_round(session: Session, movement: str, round_id: str) -> Round:
    """Begin to weigh what came in."""
    assessed = for_change(session, movement, round_id)
    assessed.assess(clock.now())
    outbox.record(session, RoundAssessed(round=assessed.id))
    return assessed


def decide_round(session: Session, movement: str, round_id: str) -> Round:
    """Note that every application has its answer. Raises ApplicationsUnanswered where one has not."""
    decided = for_change(session, movement, round_id)
    decided.decide(clock.now())
    _check_answered(session, decided, UNDECIDED)
    outbox.record(session, RoundDecided(round=decided.id))
    return decided


def complete_round(session: Session, movement: str, round_id: str, said: Farewell | None = None) -> Round:
    """End the round and give what was not awarded back to its fund.

    Whoever is still on the reserve list is declined with what is ``said``; :class:`ApplicationsUnanswered` without it.
    """
    if said is not None:  # before the round is taken: applications come first in the order of locks
        for waiting in application_store.in_states(session, movement, round_id, UNANSWERED):
            applications.decline_application(session, movement, waiting, said.reason, said.help)
    complete = for_change(session, movement, round_id)
    unawarded = complete.complete(clock.now())
    session.flush()
    _check_answered(session, complete, UNANSWERED)
    funds.release(session, movement, complete.fund_id, unawarded)
    event = RoundCompleted(round=complete.id, unawarded_pence=unawarded, currency=complete.currency)
    outbox.record(session, event)
    return complete


def cancel_round(session: Session, movement: str, round_id: str, because: str | None = None) -> Round:
    """Call off a round that has no live award; what it held goes back to its fund.

    Groups that know of it are told why: Invalid where nobody says so.
    """
    cancelled = for_change(session, movement, round_id)
    before = cancelled.state
    held = cancelled.cancel(clock.now(), because)
    if because is None and before != RoundState.DRAFT:
        raise Invalid(faults=[Fault("/reason", "say why: groups know of the round", "missing")])
    funds.release(session, movement, cancelled.fund_id, held)
    if before == RoundState.OPEN:
        outbox.record(session, RoundClosed(round=cancelled.id))
    if before != RoundState.DRAFT:
        outbox.record(session, RoundCancelled(round=cancelled.id))
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


def commit_more(session: Session, movement: str, round_id: str, pence: int) -> None:
    """Commit so much more to an award that was amended. Raises :class:`OverBudget`, :class:`RoundClosed`."""
    _present(store.for_change(session, movement, round_id)).commit_more(pence)


def release_money(session: Session, movement: str, round_id: str, pence: int) -> None:
    """Take back what an ended award held; a round that has ended itself passes it on to its fund."""
    releasing = for_change(session, movement, round_id)
    if passed_on := releasing.release(pence):
        funds.release(session, movement, releasing.fund_id, passed_on)


def for_change(session: Session, movement: str, round_id: str) -> Round:
    """The round as it is now, locked until the transaction ends. Raises NotFound."""
    return _present(store.for_change(session, movement, round_id))


def _freeze_form(session: Session, published: Round) -> None:
    """What groups are asked by stays as it is from when they know of it."""
    if published.form_version is not None:
        forms.use(session, published.movement, published.form_version, clock.now())


def _check_answered(session: Session, ending: Round, states: Collection[ApplicationState]) -> None:
    waiting = len(application_store.in_states(session, ending.movement, ending.id, states))
    if waiting:
        raise ApplicationsUnanswered("each group is told what became of its application", applications=waiting)


def _present(found: Round | None) -> Round:
    if found is None:
        raise NotFound("there is no such round")
    return found


def stored_rubric(rubric: Sequence[Criterion]) -> list[StoredCriterion]:
    """What reviewers score, as it is kept with the round."""
    return [{"key": each.key, "question": each.question, "most": each.most, "weight": each.weight} for each in rubric]
