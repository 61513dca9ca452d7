"""Every SQL statement about payees and their accounts."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import locked
from services.grants.payees.models import Account, Payee
from services.grants.payments.models import Payment

Known = tuple[Payee, Account | None]
"""A payee, and the account that counts now."""


def add(session: Session, row: Payee | Account) -> None:
    """Keep a payee, or details of one, so that what follows may refer to it."""
    session.add(row)
    session.flush()


def of_award(session: Session, movement: str, award_id: str) -> Payee | None:
    """The payee of an award."""
    return session.scalar(sa.select(Payee).where(Payee.movement == movement, Payee.award_id == award_id))


def find(session: Session, movement: str, payee_id: str) -> Known | None:
    """The payee and its account."""
    row = session.execute(_known(movement).where(Payee.id == payee_id)).one_or_none()
    return None if row is None else (row[0], row[1])


def for_change(session: Session, movement: str, payee_id: str) -> Payee | None:
    """The payee as it is now, locked until the transaction ends."""
    return locked(session, sa.select(Payee).where(Payee.movement == movement, Payee.id == payee_id))


def account(session: Session, movement: str, account_id: str | None) -> Account | None:
    """Details as they were entered."""
    return None if account_id is None else session.get(Account, (movement, account_id), populate_existing=True)


def was_sent_to(session: Session, account: Account) -> bool:
    """Whether a payment went to the bank for these details: they are then kept, for the file may be needed again."""
    query = sa.select(Payment.id).where(
        Payment.movement == account.movement, Payment.account_id == account.id, Payment.exported_at.is_not(None)
    )
    return session.scalar(query.limit(1)) is not None


def sealed_accounts(session: Session, movement: str, after: str, limit: int) -> Sequence[Account]:
    """Accounts whose details are kept, in the order of their entering, those after ``after`` first."""
    query = sa.select(Account).where(Account.movement == movement, Account.id > after, Account.sealed.is_not(None))
    return session.scalars(query.order_by(Account.id).limit(limit)).all()


def delete_details(session: Session, movement: str, accounts: Collection[str]) -> int:
    """Delete the details of accounts for good. Answers of how many."""
    here = (Account.movement == movement, Account.id.in_(accounts), Account.sealed.is_not(None))
    gone = sa.update(Account).where(*here).values(sealed=None, known_from=None).returning(Account.id)
    return len(session.execute(gone).all())


def list_payees(
    session: Session, movement: str, *, award_id: str | None, since: datetime | None, after: str, limit: int
) -> Sequence[Known]:
    """Payees in the order of their making, those after ``after`` first."""
    query = _known(movement).where(Payee.id > after)
    if award_id is not None:
        query = query.where(Payee.award_id == award_id)
    if since is not None:
        query = query.where(Payee.updated_at >= since)
    return [(row[0], row[1]) for row in session.execute(query.order_by(Payee.id).limit(limit))]


def _known(movement: str) -> sa.Select[Payee, Account]:
    of_payee = sa.and_(Account.movement == Payee.movement, Account.id == Payee.account_id)
    return sa.select(Payee, Account).outerjoin(Account, of_payee).where(Payee.movement == movement)
