"""Every SQL statement about delegations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.agreements.models import Agreement
from services.grants.applications.models import Application
from services.grants.awards.models import Award
from services.grants.base import locked
from services.grants.delegations.models import Delegation, Link
from services.grants.rounds.models import Round
from shared.db.hot import hot

_this = (Delegation.movement == sa.bindparam("in_movement"), Delegation.id == sa.bindparam("delegation"))

_links = hot(
    sa.select(
        Delegation.id, Delegation.under, Delegation.receiver, Delegation.powers, Delegation.starts_on,
        Delegation.expires_on,
    )
    .where(
        Delegation.movement == sa.bindparam("in_movement"),
        Delegation.fund_id == sa.bindparam("fund"),
        Delegation.revoked_at.is_(None),
    )
    .order_by(Delegation.id)
)  # fmt: skip
# One statement decides, as it does for a round's budget; whoever revokes it meanwhile has it refused.
_take = hot(
    sa.update(Delegation)
    .where(
        *_this,
        Delegation.revoked_at.is_(None),
        sa.or_(Delegation.ceiling.is_(None), Delegation.committed + sa.bindparam("pence") <= Delegation.ceiling),
    )
    .values(committed=Delegation.committed + sa.bindparam("pence"))
)
_give_back = hot(sa.update(Delegation).where(*_this).values(committed=Delegation.committed - sa.bindparam("pence")))
_under = hot(sa.select(Delegation.under).where(*_this))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which delegations are wanted; None where it does not matter."""

    fund_id: str | None = None
    organisations: frozenset[str] | None = None
    updated_since: datetime | None = None


def links(session: Session, movement: str, fund_id: str) -> Sequence[Link]:
    """The fund's delegations that were not revoked, the oldest first."""
    return [Link(*row) for row in _links.rows(session, {"in_movement": movement, "fund": fund_id})]


def take(session: Session, movement: str, delegation: str, pence: int) -> bool:
    """Count so much more as awarded under it; False, and nothing counted, over its ceiling or where it was revoked."""
    return _take.run(session, {"in_movement": movement, "delegation": delegation, "pence": pence}) == 1


def give_back(session: Session, movement: str, delegation: str, pence: int) -> None:
    """Count so much less as awarded under it."""
    _give_back.run(session, {"in_movement": movement, "delegation": delegation, "pence": pence})


def chain(session: Session, movement: str, delegation: str) -> list[str]:
    """The delegation and those that it was made out of, up to the first one."""
    found = [delegation]
    while (row := _under.one(session, {"in_movement": movement, "delegation": found[-1]})) and row[0] is not None:
        found.append(row[0])
    return found


def find(session: Session, movement: str, delegation: str) -> Delegation | None:
    """The delegation."""
    return session.get(Delegation, (movement, delegation))


def for_change(session: Session, movement: str, delegation: str) -> Delegation | None:
    """The delegation as it is now, locked until the transaction ends."""
    query = sa.select(Delegation).where(Delegation.movement == movement, Delegation.id == delegation)
    return locked(session, query)


def page(session: Session, movement: str, chosen: Chosen, *, after: str, limit: int) -> Sequence[Delegation]:
    """Delegations in the order of their making, those after ``after`` first."""
    query = sa.select(Delegation).where(Delegation.movement == movement, Delegation.id > after)
    if chosen.fund_id is not None:
        query = query.where(Delegation.fund_id == chosen.fund_id)
    if chosen.organisations is not None:
        theirs = (Delegation.giver.in_(chosen.organisations), Delegation.receiver.in_(chosen.organisations))
        query = query.where(sa.or_(*theirs))
    if chosen.updated_since is not None:
        query = query.where(Delegation.updated_at >= chosen.updated_since)
    return session.scalars(query.order_by(Delegation.id).limit(limit)).all()


def fund_of_round(session: Session, movement: str, round_id: str) -> str | None:
    """The fund of a round."""
    return session.scalar(sa.select(Round.fund_id).where(Round.movement == movement, Round.id == round_id))


def fund_of_award(session: Session, movement: str, award_id: str) -> str | None:
    """The fund of an award's round."""
    of_round = sa.and_(Round.movement == Award.movement, Round.id == Award.round_id)
    query = sa.select(Round.fund_id).join(Award, of_round).where(Award.movement == movement, Award.id == award_id)
    return session.scalar(query)


def fund_of_application(session: Session, movement: str, application_id: str) -> str | None:
    """The fund of an application's round."""
    of_round = sa.and_(Round.movement == Application.movement, Round.id == Application.round_id)
    query = sa.select(Round.fund_id).join(Application, of_round)
    return session.scalar(query.where(Application.movement == movement, Application.id == application_id))


def fund_of_agreement(session: Session, movement: str, agreement_id: str) -> str | None:
    """The fund of the award that an agreement is about."""
    of_agreement = sa.select(Agreement.award_id).where(Agreement.movement == movement, Agreement.id == agreement_id)
    award_id = session.scalar(of_agreement)
    return None if award_id is None else fund_of_award(session, movement, award_id)
