"""What is done with payees: named for an award, their bank details entered and sealed, a change made sure of."""

from sqlalchemy.orm import Session

from services.grants.acting import Acting
from services.grants.awards import store as awards
from services.grants.awards.models import Award
from services.grants.delegations import domain as delegations
from services.grants.delegations.models import Power
from services.grants.payees import store
from services.grants.payees.entering import Entering, account_of
from services.grants.payees.models import Account, Payee, PayeeExists
from services.grants.payees.schemas import BankDetails, NewPayee, PayeeChanges
from services.grants.payments.voiding import void_approvals
from services.grants.rounds import domain as rounds
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.grants.payees import PayeeAccountEntered, PayeeAccountVerified, PayeeNamed
from shared.ids import new_id


def name_payee(session: Session, movement: str, said: NewPayee, entering: Entering) -> store.Known:
    """Say who is paid for an award, perhaps with the account. Raises PayeeExists, Invalid, NotDelegated."""
    award = awards.find(session, movement, said.award)
    if award is None:
        raise Invalid(faults=[Fault("/award", "there is no such award", "unknown_award")])
    _authorise(session, award, entering.by)
    if (named := store.of_award(session, movement, said.award)) is not None:
        raise PayeeExists("change the one that it has", payee=named.id)
    at = clock.now()
    payee = Payee(
        movement=movement, id=new_id("payee"), award_id=said.award, kind=said.kind, name=said.name, account_id=None,
        version=1, created_at=at, updated_at=at,
    )  # fmt: skip
    store.add(session, payee)
    outbox.record(session, PayeeNamed(payee=payee.id, award=said.award))
    try:
        return payee, None if said.account is None else _enter(session, payee, said.account, entering)
    except Invalid as invalid:
        raise invalid.within("/account") from None


def get_payee(session: Session, movement: str, payee_id: str) -> store.Known:
    """The payee with its account, or NotFound."""
    found = store.find(session, movement, payee_id)
    if found is None:
        raise NotFound("there is no such payee")
    return found


def change_payee(
    session: Session, movement: str, payee_id: str, changes: PayeeChanges, expected: int | None, by: Acting
) -> store.Known:
    """Say something else of a payee than its account. Raises NotFound, NotDelegated."""
    payee, at = _held(session, movement, payee_id, expected, by), clock.now()
    if changes.apply(payee):
        payee.edited_by = by.user
        payee.changed(at)
        void_approvals(session, movement, payee_id, at)
    return payee, store.account(session, movement, payee.account_id)


def enter_account(
    session: Session, movement: str, payee_id: str, said: BankDetails, expected: int | None, entering: Entering
) -> store.Known:
    """Enter bank details in place of the ones before: they then wait for a call. Raises NotFound, NotDelegated."""
    payee, at = _held(session, movement, payee_id, expected, entering.by), clock.now()
    entered = _enter(session, payee, said, entering)
    payee.changed(at)
    void_approvals(session, movement, payee_id, at)
    return payee, entered


def verify_account(
    session: Session, movement: str, payee_id: str, known_from: str, expected: int | None, by: Acting
) -> store.Known:
    """Note that somebody else called on a known number, and the changed details are so.

    Raises NotFound, NotDelegated, NotWaiting, OwnEdit.
    """
    payee = _held(session, movement, payee_id, expected, by)
    account = store.account(session, movement, payee.account_id)
    if account is None:
        raise Conflict("the payee has no account yet")
    at = clock.now()
    account.verify(by.user, known_from, at)
    payee.changed(at)
    outbox.record(session, PayeeAccountVerified(payee=payee.id, award=payee.award_id))
    return payee, account


def _enter(session: Session, payee: Payee, said: BankDetails, entering: Entering) -> Account:
    before = store.account(session, payee.movement, payee.account_id)
    account = account_of(payee, said, entering)
    store.add(session, account)
    payee.account_id = account.id
    if before is not None and not store.was_sent_to(session, before):
        before.sealed = None
    outbox.record(session, PayeeAccountEntered(payee=payee.id, award=payee.award_id, waits=account.waits))
    return account


def _held(session: Session, movement: str, payee_id: str, expected: int | None, by: Acting) -> Payee:
    payee = store.for_change(session, movement, payee_id)
    if payee is None:
        raise NotFound("there is no such payee")
    if (award := awards.find(session, movement, payee.award_id)) is not None:
        _authorise(session, award, by)
    hold_to(payee.version, expected)
    return payee


def _authorise(session: Session, award: Award, by: Acting) -> None:
    fund = rounds.fund_of(session, award.movement, award.round_id)
    delegations.authorise(session, award.movement, by.principal, fund, Power.ADMINISTER)
