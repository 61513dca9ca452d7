"""Every SQL statement about funds and contributions."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.awards.models import Award
from services.grants.base import locked
from services.grants.funds.models import Contribution, Fund, FundPosition
from services.grants.rounds.models import Round
from shared.db.hot import hot

_of_fund = (Fund.movement == sa.bindparam("in_movement"), Fund.id == sa.bindparam("fund"))

_reserve = hot(
    sa.update(Fund)
    .where(*_of_fund, Fund.reserved + sa.bindparam("pence") <= Fund.cleared)
    .values(reserved=Fund.reserved + sa.bindparam("pence"))
)
_release = hot(sa.update(Fund).where(*_of_fund).values(reserved=Fund.reserved - sa.bindparam("pence")))
_receive = hot(
    sa.update(Fund)
    .where(*_of_fund)
    .values(promised=Fund.promised + sa.bindparam("more_promised"), cleared=Fund.cleared + sa.bindparam("more_cleared"))
)


_take_out = hot(
    sa.update(Fund)
    .where(*_of_fund, Fund.cleared - sa.bindparam("pence") >= Fund.reserved)
    .values(cleared=Fund.cleared - sa.bindparam("pence"), promised=Fund.promised - sa.bindparam("pence"))
)


def take_out(session: Session, movement: str, fund_id: str, pence: int) -> bool:
    """Count ``pence`` of the cleared money as gone for good, in one conditional update; False where rounds hold it."""
    return _take_out.run(session, {"in_movement": movement, "fund": fund_id, "pence": pence}) == 1


def hold_fund(session: Session, movement: str, fund_id: str) -> Fund | None:
    """The fund as it is now, locked until the transaction ends."""
    return locked(session, sa.select(Fund).where(Fund.movement == movement, Fund.id == fund_id))


def paid_of(session: Session, movement: str, fund_id: str) -> int:
    """What went out to the groups of all awards of the fund, and did not come back, in pence."""
    total = sa.cast(sa.func.coalesce(sa.func.sum(Award.paid), 0), sa.BigInteger)
    of_round = sa.and_(Round.movement == Award.movement, Round.id == Award.round_id)
    query = sa.select(total).select_from(Award).join(Round, of_round)
    return session.execute(query.where(Award.movement == movement, Round.fund_id == fund_id)).scalar_one()


def reserve(session: Session, movement: str, fund_id: str, pence: int) -> bool:
    """Hold ``pence`` of the fund's cleared money in one conditional update; False, and nothing held, where it lacks."""
    return _reserve.run(session, {"in_movement": movement, "fund": fund_id, "pence": pence}) == 1


def release(session: Session, movement: str, fund_id: str, pence: int) -> None:
    """Give back ``pence`` that a round held."""
    _release.run(session, {"in_movement": movement, "fund": fund_id, "pence": pence})


def receive(session: Session, movement: str, fund_id: str, *, promised: int, cleared: int) -> None:
    """Count so many more pence as promised to the fund, and so many as cleared."""
    more = {"more_promised": promised, "more_cleared": cleared}
    _receive.run(session, {"in_movement": movement, "fund": fund_id, **more})


def choose_for_suggestions(session: Session, movement: str, fund_id: str) -> None:
    """Let one fund take suggestions in place of another; of two who choose at once the second waits and decides."""
    of_movement = sa.update(Fund).where(Fund.movement == movement)
    session.execute(sa.select(Fund.id).where(Fund.movement == movement).order_by(Fund.id).with_for_update())
    session.execute(of_movement.where(Fund.takes_suggestions, Fund.id != fund_id).values(takes_suggestions=False))
    session.execute(of_movement.where(Fund.id == fund_id).values(takes_suggestions=True))


def find_fund(session: Session, movement: str, fund_id: str) -> Fund | None:
    """The fund alone: its name, its currency, its totals."""
    return session.get(Fund, (movement, fund_id))


def find_position(session: Session, movement: str, fund_id: str) -> FundPosition | None:
    """The fund with what its rounds have committed, read at one moment."""
    row = session.execute(_positions(movement).where(Fund.id == fund_id)).one_or_none()
    return None if row is None else FundPosition(*row)


def list_positions(
    session: Session, movement: str, *, updated_since: datetime | None, after: str, limit: int
) -> Sequence[FundPosition]:
    """Funds in the order of their making, those after ``after`` first."""
    query = _positions(movement).where(Fund.id > after).order_by(Fund.id).limit(limit)
    if updated_since is not None:
        query = query.where(Fund.updated_at >= updated_since)
    return [FundPosition(*row) for row in session.execute(query)]


def contribution_for_change(session: Session, movement: str, fund_id: str, contribution_id: str) -> Contribution | None:
    """The contribution as it is now, locked until the transaction ends."""
    query = sa.select(Contribution).where(
        Contribution.movement == movement, Contribution.fund_id == fund_id, Contribution.id == contribution_id
    )
    return locked(session, query)


def list_contributions(
    session: Session, movement: str, fund_id: str, *, after: str, limit: int
) -> Sequence[Contribution]:
    """The fund's contributions in the order of their making, those after ``after`` first."""
    query = sa.select(Contribution).where(Contribution.movement == movement, Contribution.fund_id == fund_id)
    return session.scalars(query.where(Contribution.id > after).order_by(Contribution.id).limit(limit)).all()


def _positions(movement: str) -> sa.Select[Fund, int]:
    committed = (
        sa.select(sa.func.coalesce(sa.func.sum(Round.committed), 0))
        .where(Round.movement == Fund.movement, Round.fund_id == Fund.id)
        .scalar_subquery()
    )
    return sa.select(Fund, sa.cast(committed, sa.BigInteger)).where(Fund.movement == movement)
