"""What each movement of money posts, one named function each; verbs call them in the transaction of the change.

All take the day in the movement's zone and answer the id of the entry. Within an entry the lines of each contribution
sum to zero by themselves, so the books of one funder's money balance as those of all do.
"""

from collections import Counter
from datetime import date

from sqlalchemy.orm import Session

from services.grants.funds.models import Contribution
from services.grants.ledger import store
from services.grants.ledger.chart import RELEASES, Account, Kind
from services.grants.ledger.domain import Entry, Line, post, reverse
from services.grants.ledger.models import OverDrawn
from services.grants.ledger.tracing import allocate, shared_out
from shared.errors import NotFound


def contribution_promised(session: Session, movement: str, of: Contribution, pence: int, on: date) -> str:
    """A funder promises so much: it is income from now on, and due."""
    return _given(session, movement, Kind.CONTRIBUTION_PROMISED, of, on, Account.PROMISED, Account.CONTRIBUTIONS, pence)


def promise_reduced(session: Session, movement: str, of: Contribution, pence: int, on: date) -> str:
    """So much of a promise will not come. Raises OverDrawn where more than that has cleared already."""
    return _given(session, movement, Kind.PROMISE_REDUCED, of, on, Account.CONTRIBUTIONS, Account.PROMISED, pence)


def contribution_cleared(session: Session, movement: str, of: Contribution, pence: int, on: date) -> str:
    """So much of a promise has arrived. Raises OverDrawn where it is more than is still due."""
    return _given(session, movement, Kind.CONTRIBUTION_CLEARED, of, on, Account.BANK, Account.PROMISED, pence)


def contribution_returned(session: Session, movement: str, of: Contribution, pence: int, on: date) -> str:
    """So much goes back to its funder. Raises OverDrawn where less of this contribution is left."""
    return _given(session, movement, Kind.CONTRIBUTION_RETURNED, of, on, Account.CONTRIBUTIONS, Account.BANK, pence)


def management_fee_taken(session: Session, movement: str, of: Contribution, pence: int, on: date) -> str:
    """So much of a contribution is taken for running the fund: a line of its own. Raises OverDrawn."""
    return _given(session, movement, Kind.MANAGEMENT_FEE_TAKEN, of, on, Account.MANAGEMENT_FEE, Account.BANK, pence)


def moved_between_funds(
    session: Session, movement: str, given: Contribution, there: Contribution, pence: int, on: date
) -> str:
    """So much of a contribution is another fund's from now on, where it is one of its own. Raises OverDrawn."""
    lines = [
        Line(Account.BANK, -pence, given.fund_id, given.id),
        Line(Account.TRANSFERS, pence, given.fund_id, given.id),
        Line(Account.BANK, pence, there.fund_id, there.id),
        Line(Account.TRANSFERS, -pence, there.fund_id, there.id),
    ]
    return post(session, movement, Entry(Kind.MOVED_BETWEEN_FUNDS, on, given.id, lines))


def award_accepted(session: Session, movement: str, fund: str, award: str, pence: int, on: date) -> str:
    """A group accepts an award: it is owed from now on, though not yet known from whose money."""
    return _owed(session, movement, Kind.AWARD_ACCEPTED, fund, award, pence, on)


def award_increased(session: Session, movement: str, fund: str, award: str, pence: int, on: date) -> str:
    """An accepted award is amended to so much more."""
    return _owed(session, movement, Kind.AWARD_INCREASED, fund, award, pence, on)


def commitment_released(
    session: Session, movement: str, fund: str, award: str, pence: int, on: date, kind: Kind
) -> str:
    """So much of an accepted award will not be paid: ``kind`` says why (:data:`chart.RELEASES`).

    Only what is not paid yet can be released; what was paid is asked back by `repayment_requested`.
    """
    if kind not in RELEASES:
        raise ValueError(f"{kind} releases nothing")
    return _owed(session, movement, kind, fund, award, -pence, on)


def payment_paid(session: Session, movement: str, fund: str, award: str, payment: str, pence: int, on: date) -> str:
    """A payment of an award has left the bank: from here on it is known from whose money, for good.

    Restricted contributions that fit the award give first, then the one whose money is oldest. Raises
    :class:`OverDrawn` where the fund has less in the bank for it than that, or the award is owed less.
    """
    if store.hold_fund(session, movement, fund) is None:
        raise NotFound("there is no such fund")
    parts = allocate(pence, store.money_at_hand(session, movement, fund, award))
    if sum(parts.values()) < pence:
        raise OverDrawn("the fund has less in the bank that may pay for this award", account=Account.BANK.value)
    lines = [
        Line(Account.GRANTS_PAYABLE, pence, fund, award=award),
        Line(Account.GRANTS, -pence, fund, award=award),
    ]
    for contribution, part in parts.items():
        lines.append(Line(Account.GRANTS, part, fund, contribution, award=award))
        lines.append(Line(Account.BANK, -part, fund, contribution, award=award))
    return post(session, movement, Entry(Kind.PAYMENT_PAID, on, payment, lines))


def payment_returned(session: Session, movement: str, payment: str, on: date, reason: str) -> str:
    """The bank sent a payment back: its money is again whose it was, and the award is owed as before.

    `reason` is a word of ours, never what somebody wrote. Raises NotFound where it was never posted as paid, and
    AlreadyReversed.
    """
    paid = store.find_about(session, movement, payment, Kind.PAYMENT_PAID.value)
    if paid is None:
        raise NotFound("this payment is not in the ledger")
    return reverse(session, movement, paid.id, reason, on, kind=Kind.PAYMENT_RETURNED)


def repayment_requested(
    session: Session, movement: str, fund: str, award: str, repayment: str, pence: int, on: date
) -> str:
    """A group is asked to pay back so much of what it was paid: each funder's share of it, to the penny.

    Raises :class:`OverDrawn` where less was paid, net of what was asked back before.
    """
    given = (Account.REPAYMENTS_DUE, Account.GRANTS)
    return _shared(session, movement, Kind.REPAYMENT_REQUESTED, fund, award, repayment, pence, on, given)


def repayment_received(
    session: Session, movement: str, fund: str, award: str, repayment: str, pence: int, on: date
) -> str:
    """So much of what was asked back has come, and is again the money of whose it was. Raises OverDrawn."""
    given = (Account.BANK, Account.REPAYMENTS_DUE)
    return _shared(session, movement, Kind.REPAYMENT_RECEIVED, fund, award, repayment, pence, on, given)


def repayment_withdrawn(
    session: Session, movement: str, fund: str, award: str, repayment: str, payment: str, pence: int, on: date
) -> str:
    """So much is not asked back any more, for the bank itself sent the payment back.

    First the share of those whose money that payment was, so that each funder has back what it gave.
    """
    if store.hold_fund(session, movement, fund) is None:
        raise NotFound("there is no such fund")
    asked = store.of_award(session, movement, award, Account.REPAYMENTS_DUE)
    returned = store.find_about(session, movement, payment, Kind.PAYMENT_RETURNED.value)
    theirs = [] if returned is None else store.lines_of(session, movement, [returned.id])
    own = {line.contribution_id: line.pence for line in theirs if line.account == Account.BANK}
    first = {each: min(pence_of, own[each]) for each, pence_of in asked.items() if own.get(each)}
    parts = Counter(shared_out(min(pence, sum(first.values())), first))
    rest = {each: held - parts[each] for each, held in asked.items()}
    parts.update(shared_out(pence - parts.total(), rest))
    lines = []
    for contribution, part in parts.items():
        lines.append(Line(Account.GRANTS, part, fund, contribution, award=award))
        lines.append(Line(Account.REPAYMENTS_DUE, -part, fund, contribution, award=award))
    return post(session, movement, Entry(Kind.REPAYMENT_REQUESTED, on, repayment, lines), reason="payment_returned")


def repayment_written_off(
    session: Session, movement: str, fund: str, award: str, repayment: str, pence: int, on: date
) -> str:
    """So much of what was asked back will not come. Raises OverDrawn."""
    given = (Account.WRITTEN_OFF, Account.REPAYMENTS_DUE)
    return _shared(session, movement, Kind.REPAYMENT_WRITTEN_OFF, fund, award, repayment, pence, on, given)


def _given(
    session: Session, movement: str, kind: Kind, of: Contribution, on: date, to: Account, out_of: Account, pence: int
) -> str:
    lines = [Line(to, pence, of.fund_id, of.id), Line(out_of, -pence, of.fund_id, of.id)]
    return post(session, movement, Entry(kind, on, of.id, lines))


def _owed(session: Session, movement: str, kind: Kind, fund: str, award: str, pence: int, on: date) -> str:
    lines = [
        Line(Account.GRANTS, pence, fund, award=award),
        Line(Account.GRANTS_PAYABLE, -pence, fund, award=award),
    ]
    return post(session, movement, Entry(kind, on, award, lines))


def _shared(
    session: Session,
    movement: str,
    kind: Kind,
    fund: str,
    award: str,
    about: str,
    pence: int,
    on: date,
    given: tuple[Account, Account],
) -> str:
    """Move ``pence`` of an award from the second account to the first, in proportion to what the second holds."""
    to, out_of = given
    if store.hold_fund(session, movement, fund) is None:
        raise NotFound("there is no such fund")
    held = store.of_award(session, movement, award, out_of)
    if pence > sum(held.values()):
        raise OverDrawn("that is more than there is of this award", account=out_of.value)
    lines = []
    for contribution, part in shared_out(pence, held).items():
        lines.append(Line(to, part, fund, contribution, award=award))
        lines.append(Line(out_of, -part, fund, contribution, award=award))
    return post(session, movement, Entry(kind, on, about, lines))
