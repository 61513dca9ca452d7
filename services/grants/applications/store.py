"""Every SQL statement about applications."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.applications.models import LIFECYCLE, Application, ApplicationState
from services.grants.base import locked
from shared.db.hot import hot

_mark_awarded = hot(
    sa.update(Application)
    .where(
        Application.movement == sa.bindparam("in_movement"),
        Application.id == sa.bindparam("application"),
        Application.state.in_([state.value for state in LIFECYCLE.before(ApplicationState.AWARDED)]),
    )
    .values(state=ApplicationState.AWARDED.value)
    .returning(Application.round_id)
)


def mark_awarded(session: Session, movement: str, application_id: str) -> str | None:
    """Take the application for an award in one conditional update; its round's id, or None where it cannot be had."""
    row = _mark_awarded.one(session, {"in_movement": movement, "application": application_id})
    return None if row is None else row[0]


def find(session: Session, movement: str, application_id: str) -> Application | None:
    """The application."""
    return session.get(Application, (movement, application_id))


def for_change(session: Session, movement: str, application_id: str) -> Application | None:
    """The application as it is now, locked until the transaction ends."""
    query = sa.select(Application).where(Application.movement == movement, Application.id == application_id)
    return locked(session, query)


def list_applications(
    session: Session,
    movement: str,
    *,
    round_id: str | None,
    state: ApplicationState | None,
    after: str,
    limit: int,
) -> Sequence[Application]:
    """Applications in the order of their submission, those after ``after`` first."""
    query = sa.select(Application).where(Application.movement == movement, Application.id > after)
    if round_id is not None:
        query = query.where(Application.round_id == round_id)
    if state is not None:
        query = query.where(Application.state == state)
    return session.scalars(query.order_by(Application.id).limit(limit)).all()
