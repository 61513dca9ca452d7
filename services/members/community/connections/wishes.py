"""What people wished for and the map does not have: how many alike in a place, which is where something may begin."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After
from services.members.community.connections.models import UnmetWish


class Alike(NamedTuple):
    """Wishes of one theme in one place."""

    theme: str
    place: str | None
    wishes: int
    first_on: date
    latest_on: date


def alike(session: Session, movement: str, *, at_least: int, after: After, limit: int) -> Sequence[Alike]:
    """Themes and places with so many wishes or more, in the order of their themes."""
    place = sa.func.coalesce(UnmetWish.place, "")
    query = (
        sa.select(
            UnmetWish.theme,
            UnmetWish.place,
            sa.func.count(),
            sa.func.min(UnmetWish.noted_on),
            sa.func.max(UnmetWish.noted_on),
        )
        .where(UnmetWish.movement == movement)
        .group_by(UnmetWish.theme, UnmetWish.place)
        .having(sa.func.count() >= at_least)
    )
    if after is not None:
        beyond = sa.and_(UnmetWish.theme == after[0], place > after[1])
        query = query.where(sa.or_(UnmetWish.theme > after[0], beyond))
    return [Alike(*row) for row in session.execute(query.order_by(UnmetWish.theme, place).limit(limit))]
