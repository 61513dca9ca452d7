"""How moves on the ladder are shown: of a draft, of a period, month by month, and the funnel of a day."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import Field

from services.members.engagement.ladder import moves, preview
from services.members.engagement.ladder.engine import RUNGS, Rung
from services.members.engagement.ladder.schemas import PolicyInForce, Reason
from services.members.fields import PersonId
from shared.fields import View


class Transition(View):
    """How many went from one rung to another; from null those who came onto the ladder, to null those who left it."""

    from_rung: Rung | None
    to_rung: Rung | None
    people: int


class Matrix(View):
    """From where to where people went in a period. `at_start` + `joined` + `came_back` = `at_end` + `left`."""

    first: date
    last: date
    transitions: list[Transition]
    at_start: int
    joined: int
    came_back: int
    left: int
    at_end: int

    @classmethod
    def of(cls, first: date, last: date, matrix: moves.Matrix) -> Self:
        """The moves of a period as the API shows them."""
        each = matrix.transitions
        return cls(
            first=first,
            last=last,
            transitions=[Transition(from_rung=t.from_rung, to_rung=t.to_rung, people=t.people) for t in each],
            at_start=sum(t.people for t in each if t.from_rung is not None),
            joined=matrix.joined,
            came_back=matrix.came_back,
            left=sum(t.people for t in each if t.to_rung is None),
            at_end=sum(t.people for t in each if t.to_rung is not None),
        )


class Month(View):
    """What happened in a month. `up` and `down` count steps, the others people."""

    month: str = Field(examples=["2026-05"])
    joined: int
    came_back: int
    up: int
    down: int
    left: int
    became_quiet: int
    active_again: int

    @classmethod
    def of(cls, month: moves.Month) -> Self:
        """A month as the API shows it."""
        return cls(month=f"{month.first_day:%Y-%m}", **dict(zip(month._fields[1:], month[1:], strict=True)))


class Momentum(View):
    """What happened month by month, the first one first."""

    months: list[Month]


class RungThen(View):
    """How many people stood on a rung."""

    rung: Rung
    people: int


class LadderThen(View):
    """The movement's people by rung at the end of a day."""

    day: date
    rungs: list[RungThen]

    @classmethod
    def of(cls, day: date, stood: Mapping[Rung, int]) -> Self:
        """The funnel of a day as the API shows it."""
        return cls(day=day, rungs=[RungThen(rung=rung, people=stood[rung]) for rung in RUNGS])


class Mover(View):
    """Somebody who would stand on another rung, and why."""

    person: PersonId
    from_rung: Rung
    to_rung: Rung
    direction: Literal["up", "down"]
    why: list[Reason]

    @classmethod
    def of(cls, move: preview.Move) -> Self:
        """A mover as the API shows them."""
        return cls(
            person=move.person,
            from_rung=move.from_rung,
            to_rung=move.to_rung,
            direction="up" if move.is_up else "down",
            why=[Reason.of(finding) for finding in move.why],
        )


class Preview(View):
    """What a version of the rules would do, if it were in force from now on. Nothing was changed.

    Whoever is listed with `down` would move only at a review, and after the days of grace.
    """

    policy: PolicyInForce
    people: int = Field(description="looked at: everybody on the ladder")
    up: int
    down: int
    newly_eligible: int = Field(description="would wait for a confirmation and do not now")
    transitions: list[Transition]
    data: list[Mover]
    next_cursor: str | None

    @classmethod
    def of(cls, found: preview.Preview, shown: list[Mover], next_cursor: str | None) -> Self:
        """A preview as the API shows it."""
        ways = sorted(found.moves.items(), key=lambda item: (item[0][0].height, item[0][1].height))
        return cls(
            policy=PolicyInForce(id=found.policy.id, version=found.policy.version),
            people=found.people,
            up=sum(count for (a, b), count in ways if b.height > a.height),
            down=sum(count for (a, b), count in ways if b.height < a.height),
            newly_eligible=found.eligible,
            transitions=[Transition(from_rung=a, to_rung=b, people=count) for (a, b), count in ways],
            data=shown,
            next_cursor=next_cursor,
        )
