"""Every SQL statement about the time bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.directory.organisations.models import Organisation
from services.members.directory.people.models import Person
from services.members.life.time_credits.models import TimeBank, TimeTransfer


@dataclass(frozen=True, slots=True)
class Account:
    """Whose time it is: a person's or an organisation's, by the id that they have now."""

    person: str | None
    organisation: str | None

    @property
    def helps(self) -> sa.ColumnElement[bool]:
        """The transfers by which time came in."""
        if self.person is not None:
            return TimeTransfer.helper_person == self.person
        return TimeTransfer.helper_organisation == self.organisation

    @property
    def is_helped(self) -> sa.ColumnElement[bool]:
        """The transfers by which time went out."""
        if self.person is not None:
            return TimeTransfer.helped_person == self.person
        return TimeTransfer.helped_organisation == self.organisation


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which transfers are wanted; None where it does not matter. Either side may be the one that is named."""

    person: str | None = None
    organisation: str | None = None


def terms(session: Session, movement: str, *, locked: bool = False) -> TimeBank | None:
    """What the movement agreed on, where it has, perhaps locked until the transaction ends."""
    return session.get(TimeBank, movement, with_for_update=locked or None)


def lock(session: Session, movement: str, *accounts: Account) -> None:
    """Let whoever else is about to move time of these accounts wait for the end of the transaction.

    They are taken in the order of their ids: of two who give each other time at once neither waits in a circle.
    """
    for account in sorted(accounts, key=lambda each: each.person or each.organisation or ""):
        if account.person is not None:
            session.get(Person, (movement, account.person), with_for_update=True)
        else:
            session.get(Organisation, (movement, account.organisation), with_for_update=True)


def balance(session: Session, movement: str, account: Account, *, before: date | None = None) -> int:
    """Minutes given less minutes had, of all days or of those before one."""
    gained = sa.case((account.helps, TimeTransfer.minutes), else_=0)
    spent = sa.case((account.is_helped, TimeTransfer.minutes), else_=0)
    query = sa.select(sa.func.coalesce(sa.func.sum(gained - spent), 0)).where(TimeTransfer.movement == movement)
    query = query.where(account.helps | account.is_helped)
    if before is not None:
        query = query.where(TimeTransfer.on < before)
    return int(session.scalars(query).one())


def find(session: Session, movement: str, transfer: str, *, locked: bool = False) -> TimeTransfer | None:
    """One transfer, perhaps locked until the transaction ends."""
    return session.get(TimeTransfer, (movement, transfer), with_for_update=locked or None)


def reversal_of(session: Session, movement: str, transfer: str) -> str | None:
    """The transfer that undid another."""
    of_movement = sa.select(TimeTransfer.id).where(TimeTransfer.movement == movement)
    return session.scalar(of_movement.where(TimeTransfer.reverses == transfer))


def list_transfers(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[TimeTransfer]:
    """Transfers in the order in which they were recorded, those after ``after`` first."""
    query = sa.select(TimeTransfer).where(TimeTransfer.movement == movement)
    for account in (Account(chosen.person, None), Account(None, chosen.organisation)):
        if account.person is not None or account.organisation is not None:
            query = query.where(account.helps | account.is_helped)
    return session.scalars(page(query, TimeTransfer.id, after, limit)).all()


def of_days(
    session: Session, movement: str, account: Account, starts_on: date, ends_on: date, most: int
) -> Sequence[TimeTransfer]:
    """The first transfers of an account from one day to another, by the day and then as they were recorded."""
    query = sa.select(TimeTransfer).where(
        TimeTransfer.movement == movement,
        account.helps | account.is_helped,
        TimeTransfer.on.between(starts_on, ends_on),
    )
    return session.scalars(query.order_by(TimeTransfer.on, TimeTransfer.id).limit(most)).all()


def totals(session: Session, movement: str) -> tuple[int, int]:
    """How many transfers there are, and of how many minutes; what was reversed counts both ways."""
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(TimeTransfer.minutes), 0))
    count, minutes = session.execute(query.where(TimeTransfer.movement == movement)).one()
    return count, int(minutes)


def sum_of_balances(session: Session, movement: str) -> int:
    """The balances of all accounts together, added up account by account."""
    sides: list[sa.Select[int]] = []
    for column, sign in (
        (TimeTransfer.helper_person, 1),
        (TimeTransfer.helper_organisation, 1),
        (TimeTransfer.helped_person, -1),
        (TimeTransfer.helped_organisation, -1),
    ):
        side = sa.select((TimeTransfer.minutes * sign).label("minutes")).where(TimeTransfer.movement == movement)
        sides.append(side.where(column.is_not(None)))
    every = sa.union_all(*sides).subquery()
    return int(session.scalars(sa.select(sa.func.coalesce(sa.func.sum(every.c.minutes), 0))).one())
