"""What is done with payees: named for an award, their bank details entered and sealed, a change made sure of."""

import msgspec
from sqlalchemy.orm import Session

from services.grants.awards import store as awards
from services.grants.payees import store
from services.grants.payees.models import Account, AccountCheck, Payee, PayeeExists, account_place
from services.grants.payees.schemas import BankDetails, NewPayee, PayeeChanges
from services.grants.payments.voiding import void_approvals
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.grants.payees import PayeeAccountEntered, PayeeAccountVerified, PayeeNamed
from shared.ids import new_id
from shared.secrets import Secrets


def name_payee(session: Session, movement: str, said: NewPayee, by: str, secrets: Secrets) -> store.Known:
    """Say who is paid for an award, perhaps with the account. Raises PayeeExists, Invalid."""
    if awards.find(session, movement, said.award) is None:
        raise Invalid(faults=[Fault("/award", "there is no such award", "unknown_award")])
    if (named := store.of_award(session, movement, said.award)) is not None:
        raise PayeeExists("change the one that it has", payee=named.id)
    at = clock.now()
    payee = Payee(
        movement=movement, id=new_id("payee"), award_id=said.award, kind=said.kind, name=said.name, account_id=None,
        version=1, created_at=at, updated_at=at,
    )  # fmt: skip
    store.add(session, payee)
    outbox.record(session, PayeeNamed(payee=payee.id, award=said.award))
    entered = None if said.account is None else _enter(session, payee, said.account, by, secrets)
    return payee, entered


def get_payee(session: Session, movement: str, payee_id: str) -> store.Known:
    """The payee with its account, or NotFound."""
    found = store.find(session, movement, payee_id)
    if found is None:
        raise NotFound("there is no such payee")
    return found


def change_payee(
    session: Session, movement: str, payee_id: str, changes: PayeeChanges, expected: int | None, by: str
) -> store.Known:
    """Say something else of a payee than its account. Raises NotFound, PreconditionFailed."""
    payee, at = _held(session, movement, payee_id, expected), clock.now()
    if changes.apply(payee):
        payee.edited_by = by
        payee.changed(at)
        void_approvals(session, movement, payee_id, at)
    return payee, store.account(session, movement, payee.account_id)


def enter_account(
    session: Session, movement: str, payee_id: str, said: BankDetails, expected: int | None, by: str, secrets: Secrets
) -> store.Known:
    """Enter bank details in place of the ones before, which then wait for a call. Raises NotFound."""
    payee, at = _held(session, movement, payee_id, expected), clock.now()
    entered = _enter(session, payee, said, by, secrets)
    payee.changed(at)
    void_approvals(session, movement, payee_id, at)
    return payee, entered


def verify_account(
    session: Session, movement: str, payee_id: str, known_from: str, expected: int | None, by: str
) -> store.Known:
    """Note that somebody else called on a known number, and the changed details are so.

    Raises NotFound, NotWaiting, OwnEdit.
    """
    payee = _held(session, movement, payee_id, expected)
    account = store.account(session, movement, payee.account_id)
    if account is None:
        raise Conflict("the payee has no account yet")
    at = clock.now()
    account.verify(by, known_from, at)
    payee.changed(at)
    outbox.record(session, PayeeAccountVerified(payee=payee.id, award=payee.award_id))
    return payee, account


def _enter(session: Session, payee: Payee, said: BankDetails, by: str, secrets: Secrets) -> Account:
    id_ = new_id("account")
    account = Account(
        movement=payee.movement,
        id=id_,
        payee_id=payee.id,
        sealed=secrets.seal(msgspec.json.encode(said.model_dump()), bound_to=account_place(payee.movement, id_)),
        last_four=said.account_number[-4:],
        checked=AccountCheck.NOT_RUN,
        replaces=payee.account_id,
        entered_by=by,
        entered_at=clock.now(),
    )
    store.add(session, account)
    payee.account_id = id_
    outbox.record(session, PayeeAccountEntered(payee=payee.id, award=payee.award_id, waits=account.waits))
    return account


def _held(session: Session, movement: str, payee_id: str, expected: int | None) -> Payee:
    payee = store.for_change(session, movement, payee_id)
    if payee is None:
        raise NotFound("there is no such payee")
    hold_to(payee.version, expected)
    return payee
