"""Every SQL statement about confirmations."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.engagement.ladder.models import Confirmed, RungConfirmation
from services.members.engagement.memberships.models import Membership


def find(session: Session, movement: str, person: str, confirmation: str) -> RungConfirmation | None:
    """A confirmation of this person, locked until the transaction ends."""
    found = session.get(RungConfirmation, (movement, confirmation), with_for_update=True)
    return found if found is not None and found.person == person else None


def of_person(session: Session, movement: str, person: str, *states: Confirmed) -> Sequence[RungConfirmation]:
    """The person's confirmations in these states (none named: in any), the first one first."""
    query = sa.select(RungConfirmation).where(RungConfirmation.movement == movement, RungConfirmation.person == person)
    if states:
        query = query.where(RungConfirmation.state.in_(states))
    return session.scalars(query.order_by(RungConfirmation.id)).all()


def declined(session: Session, movement: str, person: str, rung: str | None) -> None:
    """Note the rung that the person last said no to; None once they said yes."""
    member = sa.update(Membership).where(Membership.movement == movement, Membership.person == person)
    noted = member.values(declined_rung=rung, version=Membership.version + 1)
    session.execute(noted.execution_options(synchronize_session=False))
