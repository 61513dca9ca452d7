"""Every SQL statement about whose the money is. Sums are in pence."""

from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Session

from services.grants.applications.models import Application
from services.grants.awards.models import Award, AwardState
from services.grants.delegations.models import Delegation
from services.grants.finances.models import Income, IncomeState, Investment

_LIVE = (AwardState.OFFERED, AwardState.ACCEPTED, AwardState.ACTIVE, AwardState.CLOSED)


class Time(NamedTuple):
    """The days after ``since`` until ``on``, and the instants at which the first begins and the last ends."""

    since: date
    on: date
    begins: datetime
    ends: datetime


class Awarded(NamedTuple):
    """What was awarded in a currency by one organisation (None: by nobody to whom it was delegated), or to one."""

    currency: str
    organisation: str | None
    pence: int
    number: int


def by_whom(session: Session, movement: str, time: Time) -> list[Awarded]:
    """What was awarded in that time and is live, by the receivers of the delegations under which it was."""
    delegated = sa.and_(Delegation.movement == Award.movement, Delegation.id == Award.delegation_id)
    query = _awarded(Delegation.receiver).where(*_live(movement, time)).outerjoin(Delegation, delegated)
    return [Awarded(*row) for row in session.execute(query)]


def to_whom(session: Session, movement: str, time: Time) -> list[Awarded]:
    """The same by the organisations that it goes to; None are groups that are none of the movement's."""
    asked = sa.and_(Application.movement == Award.movement, Application.id == Award.application_id)
    query = _awarded(Application.organisation).where(*_live(movement, time)).join(Application, asked)
    return [Awarded(*row) for row in session.execute(query)]


def awarded(session: Session, movement: str, time: Time) -> dict[str, int]:
    """What was awarded in that time and is live, by currency."""
    return _by_currency(session, Award, *_live(movement, time))


def secured(session: Session, movement: str, time: Time) -> dict[str, int]:
    """The backbone's own secured income that is for a day of that time, by currency."""
    return _by_currency(
        session,
        Income,
        Income.movement == movement,
        Income.state == IncomeState.SECURED,
        Income.ends_on > time.since,
        Income.starts_on <= time.on,
    )


def brought_in(session: Session, movement: str, time: Time) -> dict[str, int]:
    """What was brought in for others and passes through no fund here, by currency: what does is counted as awarded."""
    return _by_currency(
        session,
        Investment,
        Investment.movement == movement,
        Investment.fund_id.is_(None),
        Investment.agreed_on > time.since,
        Investment.agreed_on <= time.on,
    )


def _by_currency(
    session: Session,
    table: type[Award] | type[Income] | type[Investment],
    *where: "sa.ColumnElement[bool]",
) -> dict[str, int]:
    query = sa.select(table.currency, _sum(table.amount)).where(*where).group_by(table.currency)
    return {row[0]: row[1] for row in session.execute(query)}


def _awarded(whose: "orm.Mapped[str] | orm.Mapped[str | None]") -> "sa.Select[str, str | None, int, int]":
    return sa.select(Award.currency, whose, _sum(Award.amount), sa.func.count()).group_by(Award.currency, whose)


def _live(movement: str, time: Time) -> "tuple[sa.ColumnElement[bool], ...]":
    return (
        Award.movement == movement,
        Award.state.in_(_LIVE),
        Award.offered_at >= time.begins,
        Award.offered_at < time.ends,
    )


def _sum(amount: "orm.Mapped[int]") -> "sa.ColumnElement[int]":
    return sa.cast(sa.func.sum(amount), sa.BigInteger)
