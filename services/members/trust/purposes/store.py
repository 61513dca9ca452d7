"""Every SQL statement about purposes. The rule of one is hot: every question whether something is permitted asks it."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.trust.purposes.models import Purpose, Rule
from services.members.trust.purposes.standard import rule_of


def rule(session: Session, movement: str, key: str) -> Rule:
    """What holds for a purpose: asked once a transaction."""
    rules: dict[tuple[str, str], Rule] = session.info.setdefault("purposes", {})
    if (movement, key) not in rules:
        row = find(session, movement, key)
        rules[movement, key] = rule_of(key) if row is None else row.rule
    return rules[movement, key]


def add(session: Session, purpose: Purpose) -> None:
    """Insert a purpose."""
    session.add(purpose)


def find(session: Session, movement: str, key: str) -> Purpose | None:
    """A purpose that the movement has entered."""
    return session.get(Purpose, (movement, key))


def for_change(session: Session, movement: str, key: str) -> Purpose | None:
    """The same, locked until the transaction ends."""
    return session.get(Purpose, (movement, key), with_for_update=True)


def list_purposes(session: Session, movement: str) -> Sequence[Purpose]:
    """All that the movement has entered, in the order of their keys."""
    query = sa.select(Purpose).where(Purpose.movement == movement).order_by(Purpose.key)
    return session.scalars(query).all()
