"""Every SQL statement about controllers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.community.programmes.models import Programme
from services.members.trust.controllers.models import ControlledKind, Controller
from shared.coverage import Control


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which controllers are wanted; None where it does not matter. ``on``: that are it on a day."""

    organisation: str | None = None
    of_kind: ControlledKind | None = None
    of: str | None = None
    on: date | None = None
    updated_since: datetime | None = None


def add(session: Session, controller: Controller) -> None:
    """Insert a controller."""
    session.add(controller)
    session.flush()


def find(session: Session, movement: str, controller: str, *, locked: bool = False) -> Controller | None:
    """One controller, perhaps locked until the transaction ends."""
    return session.get(Controller, (movement, controller), with_for_update=locked or None)


def from_day(session: Session, movement: str, of_kind: str, of: str, day: date) -> Sequence[Controller]:
    """The controllers of something on a day or later, locked until the transaction ends."""
    query = sa.select(Controller).where(
        Controller.movement == movement, Controller.of_kind == of_kind, Controller.of == of, _after(day)
    )
    return session.scalars(query.order_by(Controller.id).with_for_update()).all()


def controls(session: Session, movement: str, organisation: str) -> list[Control]:
    """The kinds of record that an organisation controls, or did, or will."""
    query = sa.select(Controller.of, Controller.starts_on, Controller.ended_on).where(
        Controller.movement == movement,
        Controller.organisation == organisation,
        Controller.of_kind == ControlledKind.RECORD_KIND,
    )
    return [Control(*row) for row in session.execute(query)]


def controlled_on(session: Session, movement: str, day: date) -> set[str]:
    """The kinds of record that have a controller on a day."""
    query = sa.select(Controller.of).where(
        Controller.movement == movement,
        Controller.of_kind == ControlledKind.RECORD_KIND,
        Controller.starts_on <= day,
        _after(day),
    )
    return set(session.scalars(query))


def programmes_without(session: Session, movement: str, day: date) -> Sequence[str]:
    """The programmes that have no controller on a day, and have not ended."""
    controlled = sa.select(Controller.of).where(
        Controller.movement == movement,
        Controller.of_kind == ControlledKind.PROGRAMME,
        Controller.starts_on <= day,
        _after(day),
    )
    query = sa.select(Programme.id).where(
        Programme.movement == movement,
        Programme.ended_on.is_(None) | (Programme.ended_on > day),
        Programme.id.not_in(controlled),
    )
    return session.scalars(query.order_by(Programme.id)).all()


def list_controllers(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Controller]:
    """Controllers in the order in which they were named, those after ``after`` first."""
    query = sa.select(Controller).where(Controller.movement == movement)
    for column, wanted in (
        (Controller.organisation, chosen.organisation),
        (Controller.of_kind, chosen.of_kind),
        (Controller.of, chosen.of),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.on is not None:
        query = query.where(Controller.starts_on <= chosen.on, _after(chosen.on))
    if chosen.updated_since is not None:
        query = query.where(Controller.updated_at >= chosen.updated_since)
    return session.scalars(page(query, Controller.id, after, limit)).all()


def _after(day: date) -> sa.ColumnElement[bool]:
    return Controller.ended_on.is_(None) | (Controller.ended_on > day)
