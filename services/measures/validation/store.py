"""Every SQL statement about validation rules."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.validation.models import ValidationRule


def get(session: Session, movement: str, rule: str) -> ValidationRule | None:
    """The rule, or None."""
    return session.get(ValidationRule, (movement, rule))


def lock(session: Session, movement: str, rule: str) -> ValidationRule | None:
    """The rule, held until the end of the transaction."""
    return session.get(ValidationRule, (movement, rule), with_for_update=True)


def page(
    session: Session, movement: str, measure_version: str | None, *, retired: bool, after: str, limit: int
) -> Sequence[ValidationRule]:
    """Rules by id, behind the one named `after`; those that are retired only where they are asked for."""
    query = sa.select(ValidationRule).where(ValidationRule.movement == movement, ValidationRule.id > after)
    if measure_version is not None:
        query = query.where(ValidationRule.measure_version == measure_version)
    if not retired:
        query = query.where(ValidationRule.retired_at.is_(None))
    return session.scalars(query.order_by(ValidationRule.id).limit(limit)).all()


def live(session: Session, movement: str, measure_version: str) -> Sequence[ValidationRule]:
    """Every rule of a version that is not retired, by id."""
    query = sa.select(ValidationRule).where(
        ValidationRule.movement == movement,
        ValidationRule.measure_version == measure_version,
        ValidationRule.retired_at.is_(None),
    )
    return session.scalars(query.order_by(ValidationRule.id)).all()
