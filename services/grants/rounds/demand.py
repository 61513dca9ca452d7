"""What a round was asked for: by theme, by place and by what became of it."""

from collections import defaultdict
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.applications.models import Application
from services.grants.awards.models import Award
from services.grants.rounds.domain import get_round
from services.grants.rounds.models import Round
from shared.fields import View
from shared.money import Money


class Asked(NamedTuple):
    """So many applications ask for so many pence, and are awarded so many."""

    applications: int = 0
    asked: int = 0
    awarded: int = 0

    def plus(self, other: "Asked") -> "Asked":
        """Both together."""
        return Asked(*(one + another for one, another in zip(self, other, strict=True)))


class Found(NamedTuple):
    """What a round was asked for in all, and by each of its sides; None is what groups did not say."""

    of: Round
    total: Asked
    by_theme: dict[str | None, Asked]
    by_place: dict[str | None, Asked]
    by_outcome: dict[str | None, Asked]


class Share(View):
    """A part of what a round was asked for; `name` is null for those who did not say."""

    name: str | None
    applications: int
    asked: Money
    awarded: Money


class Demand(View):
    """What a round was asked for, and how much of that was awarded."""

    round: str
    applications: int
    asked: Money
    awarded: Money
    by_theme: list[Share]
    by_place: list[Share]
    by_outcome: list[Share]

    @classmethod
    def of(cls, found: Found) -> "Demand":
        """The answer for a round."""
        currency, total = found.of.currency, found.total
        return cls(
            round=found.of.id,
            applications=total.applications,
            asked=Money.of(total.asked, currency),
            awarded=Money.of(total.awarded, currency),
            by_theme=_shares(found.by_theme, currency),
            by_place=_shares(found.by_place, currency),
            by_outcome=_shares(found.by_outcome, currency),
        )


def demand(session: Session, movement: str, round_id: str) -> Found:
    """What a round was asked for. Raises NotFound."""
    asked_of = get_round(session, movement, round_id)
    sides: tuple[defaultdict[str | None, Asked], ...] = tuple(defaultdict(Asked) for _ in range(3))
    total = Asked()
    for theme, place, state, applications, asked, awarded in session.execute(_counted(movement, round_id)):
        counted = Asked(applications, int(asked), int(awarded))
        total = total.plus(counted)
        for side, named in zip(sides, (theme, place, state), strict=True):
            side[named] = side[named].plus(counted)
    by_theme, by_place, by_outcome = map(dict, sides)
    return Found(asked_of, total, by_theme, by_place, by_outcome)


def _counted(movement: str, round_id: str) -> sa.Select[str | None, str | None, str, int, int, int]:
    sides = (Application.theme, Application.place, Application.state)
    # One award of an application at most holds money: what is awarded anew had given all of it back.
    live = sa.and_(
        Award.movement == Application.movement,
        Award.application_id == Application.id,
        Award.committed > 0,
    )
    awarded = sa.func.coalesce(sa.func.sum(Award.committed), 0)
    return (
        sa.select(*sides, sa.func.count(), sa.func.sum(Application.amount), awarded)
        .outerjoin(Award, live)
        .where(Application.movement == movement, Application.round_id == round_id)
        .group_by(*sides)
    )


def _shares(side: dict[str | None, Asked], currency: str) -> list[Share]:
    """The most asked for first; of two alike the one whose name comes first."""
    ordered = sorted(side.items(), key=lambda each: (-each[1].asked, each[0] or ""))
    return [
        Share(
            name=name,
            applications=asked.applications,
            asked=Money.of(asked.asked, currency),
            awarded=Money.of(asked.awarded, currency),
        )
        for name, asked in ordered
    ]
