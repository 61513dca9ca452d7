"""Every SQL statement about applications."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.applications.documents.models import Document
from services.grants.applications.models import (
    LIFECYCLE,
    OVER,
    Application,
    ApplicationContact,
    ApplicationState,
    HostState,
)
from services.grants.applications.questions.models import Question
from services.grants.base import listed, locked
from services.grants.rounds.models import Round
from shared import clock
from shared.db.hot import hot
from shared.db.types import microseconds

_MOST_ALIKE = 50
_mark_awarded = hot(
    sa.update(Application)
    .where(
        Application.movement == sa.bindparam("in_movement"),
        Application.id == sa.bindparam("application"),
        Application.state.in_([state.value for state in LIFECYCLE.before(ApplicationState.AWARDED)]),
        sa.or_(Application.state != ApplicationState.SUBMITTED.value, sa.not_(Application.to_screen)),
        sa.or_(Application.host_state.is_(None), Application.host_state == HostState.AGREED.value),
    )
    .values(stood_as=Application.state, state=ApplicationState.AWARDED.value, updated_at=sa.bindparam("now"))
    .returning(Application.round_id, Application.organisation)
)


_AT_ONCE = 200
_FORGOTTEN: Mapping[str, object] = {
    "group_name": "A group that applied",
    "name_key": "",
    "summary": "",
    "answers": {},
    "digest": None,
    **dict.fromkeys(("organisation", "host_organisation", "host_name", "host_state", "host_answered_by")),
    **dict.fromkeys(("taken_by", "taken_at", "screened_despite", "help_offered")),
}
"""What of an application tells who asked, and what stands there once that is forgotten."""


class Taken(NamedTuple):
    """What an award takes over from its application."""

    round_id: str
    organisation: str | None


def mark_awarded(session: Session, movement: str, application_id: str, at: datetime) -> Taken | None:
    """Take the application for an award in one conditional update; None where it cannot be had."""
    row = _mark_awarded.one(session, {"in_movement": movement, "application": application_id, "now": microseconds(at)})
    return None if row is None else Taken(*row)


def find_contact(session: Session, movement: str, application_id: str) -> ApplicationContact | None:
    """Whom to reach about an application or its draft."""
    return session.get(ApplicationContact, (movement, application_id))


def find(session: Session, movement: str, application_id: str) -> Application | None:
    """The application."""
    return session.get(Application, (movement, application_id))


def for_change(session: Session, movement: str, application_id: str) -> Application | None:
    """The application as it is now, locked until the transaction ends."""
    query = sa.select(Application).where(Application.movement == movement, Application.id == application_id)
    return locked(session, query)


def to_be_screened(session: Session, movement: str, place: str) -> Sequence[Application]:
    """The applications from a place of which it is not plain whether they meet their round's rules, held."""
    query = sa.select(Application).where(
        Application.movement == movement,
        Application.place == place,
        Application.state == ApplicationState.SUBMITTED.value,
        Application.to_screen,
    )
    held = query.order_by(Application.id).with_for_update(key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).all()


def drop_contact(session: Session, movement: str, application_id: str) -> None:
    """Forget whom to reach about an application or its draft."""
    here = ApplicationContact.movement == movement, ApplicationContact.application == application_id
    session.execute(sa.delete(ApplicationContact).where(*here))


def alike(session: Session, application: Application) -> Sequence[str]:
    """The other applications to its round, not over, that are of the same organisation or have the same name."""
    same = Application.name_key == application.name_key
    if application.organisation is not None:
        same = sa.or_(same, Application.organisation == application.organisation)
    query = sa.select(Application.id).where(
        Application.movement == application.movement,
        Application.round_id == application.round_id,
        Application.id != application.id,
        Application.state.not_in([state.value for state in OVER]),
        same,
    )
    return session.scalars(query.order_by(Application.id).limit(_MOST_ALIKE)).all()


def in_states(session: Session, movement: str, round_id: str, states: Collection[ApplicationState]) -> Sequence[str]:
    """The applications to a round that are in any of these states, in the order of their ids."""
    query = sa.select(Application.id).where(
        Application.movement == movement,
        Application.round_id == round_id,
        Application.state.in_([state.value for state in states]),
    )
    return session.scalars(query.order_by(Application.id)).all()


def list_applications(
    session: Session,
    movement: str,
    *,
    round_id: str | None,
    state: ApplicationState | None,
    number: str | None,
    since: datetime | None,
    after: str,
    limit: int,
) -> Sequence[Application]:
    """Applications in the order of their submission, those after ``after`` first."""
    only = {"round_id": round_id, "state": state, "number": number}
    return session.scalars(listed(Application, movement, after=after, limit=limit, since=since, **only)).all()


def forget_unsuccessful(session: Session, before: datetime) -> int:
    """Forget who some applications are of, of any movement, that came to nothing in rounds that ended before then.

    Answers how many: fewer than are taken at once means no more.
    """
    query = (
        sa.select(Application.movement, Application.id)
        .join(Round, (Round.movement == Application.movement) & (Round.id == Application.round_id))
        .where(
            Round.ended_at < before,
            Application.state != ApplicationState.AWARDED.value,
            Application.forgotten_at.is_(None),
        )
        .limit(_AT_ONCE)
    )
    found = [tuple(row) for row in session.execute(query)]
    if not found:
        return 0
    for table, application in (
        (ApplicationContact, ApplicationContact.application),
        (Question, Question.application_id),
        (Document, Document.application),
    ):
        session.execute(sa.delete(table).where(sa.tuple_(table.movement, application).in_(found)))
    theirs = sa.tuple_(Application.movement, Application.id).in_(found)
    session.execute(sa.update(Application).where(theirs).values(**_FORGOTTEN, forgotten_at=clock.now()))
    return len(found)
