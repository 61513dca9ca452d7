"""Every SQL statement about memberships, apart from what the ladder keeps of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.engagement.memberships.models import Membership, MembershipChange, State
from shared import clock
from shared.db.session import of
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which memberships are wanted; None where it does not matter."""

    state: State | None = None
    person: str | None = None
    organisation: str | None = None
    brought_by: str | None = None
    updated_since: datetime | None = None


def find(session: Session, movement: str, membership: str) -> Membership | None:
    """One membership."""
    return session.get(Membership, (movement, membership))


def find_for_change(session: Session, movement: str, membership: str) -> Membership | None:
    """One membership, locked until the transaction ends."""
    return session.get(Membership, (movement, membership), with_for_update=True)


def of_subject(
    session: Session, movement: str, *, person: str | None = None, organisation: str | None = None
) -> Membership | None:
    """The membership of a person or of an organisation."""
    query = sa.select(Membership).where(Membership.movement == movement)
    if person is not None:
        return session.scalar(query.where(Membership.person == person))
    return session.scalar(query.where(Membership.organisation == organisation))


def list_memberships(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Membership]:
    """Memberships in the order in which they began, those after ``after`` first."""
    query = sa.select(Membership).where(Membership.movement == movement)
    for column, wanted in (
        (Membership.state, chosen.state),
        (Membership.person, chosen.person),
        (Membership.organisation, chosen.organisation),
        (Membership.brought_by, chosen.brought_by),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.updated_since is not None:
        query = query.where(Membership.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Membership.id, after, limit)).all()


def add_change(
    session: Session, movement: str, membership: str, from_state: str | None, to_state: str, *, computed: bool
) -> None:
    """Insert a turn."""
    change = MembershipChange(
        movement=movement,
        id=new_id("change"),
        membership=membership,
        from_state=from_state,
        to_state=to_state,
        computed=computed,
        by=of(session).context.actor,
        at=clock.now(),
    )
    session.add(change)
    session.flush()


def changes(session: Session, movement: str, membership: str) -> Sequence[MembershipChange]:
    """Every turn of a membership, the first one first."""
    query = sa.select(MembershipChange).where(
        MembershipChange.movement == movement, MembershipChange.membership == membership
    )
    return session.scalars(query.order_by(MembershipChange.at, MembershipChange.id)).all()
