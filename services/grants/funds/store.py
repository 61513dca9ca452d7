"""Every SQL statement about funds and contributions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.awards.models import Award
from services.grants.base import locked
from services.grants.funds.models import Contribution, Fund, FundPosition, FundRead, StoredFund
from services.grants.rounds.models import Round
from services.grants.rounds.rules import StoredEligibility
from shared.db.hot import hot
from shared.db.types import from_microseconds, microseconds

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

_committed = sa.cast(
    sa.select(sa.func.coalesce(sa.func.sum(Round.committed), 0))
    .where(Round.movement == Fund.movement, Round.fund_id == Fund.id)
    .scalar_subquery(),
    sa.BigInteger,
)
# In the order of `_as_read`, which makes of texts and numbers what hot statements leave as they are.
_as_stored = sa.select(
    _committed, sa.cast(Fund.restrictions, sa.Text), sa.cast(Fund.spend_by, sa.Text), Fund.takes_suggestions,
    Fund.created_at, Fund.updated_at, Fund.id, Fund.name, Fund.currency, Fund.grant_maker, Fund.purpose,
    Fund.grant_maker_organisation, Fund.holder, Fund.programme, Fund.stage, Fund.underspend_rule,
    Fund.promised, Fund.cleared, Fund.reserved, Fund.version,
)  # fmt: skip
_read_one = hot(_as_stored.where(*_of_fund))
_read_page = hot(
    _as_stored.where(
        Fund.movement == sa.bindparam("in_movement"),
        Fund.id > sa.bindparam("after"),
        Fund.updated_at >= sa.bindparam("since"),
    )
    .order_by(Fund.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
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


def read(session: Session, movement: str, fund_id: str) -> FundRead | None:
    """The same for whoever only reads it, at a tenth of the cost."""
    row = _read_one.one(session, {"in_movement": movement, "fund": fund_id})
    return None if row is None else _as_read(*row)


def list_funds(
    session: Session, movement: str, *, updated_since: datetime | None, after: str, limit: int
) -> Sequence[FundRead]:
    """Funds in the order of their making, those after ``after`` first."""
    since = 0 if updated_since is None else microseconds(updated_since)
    rows = _read_page.rows(session, {"in_movement": movement, "since": since, "after": after, "most": limit})
    return [_as_read(*row) for row in rows]


def _as_read(
    committed: int,
    restrictions: str,
    spend_by: str | None,
    takes_suggestions: int,
    created_at: int,
    updated_at: int,
    *told: Any,
) -> FundRead:
    fund = StoredFund(
        msgspec.json.decode(restrictions, type=StoredEligibility),
        None if spend_by is None else date.fromisoformat(spend_by),
        bool(takes_suggestions),
        from_microseconds(created_at),
        from_microseconds(updated_at),
        *told,
    )
    return FundRead(fund, committed)


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
    return sa.select(Fund, _committed).where(Fund.movement == movement)
