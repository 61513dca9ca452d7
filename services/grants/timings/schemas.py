"""What answers about timings look like."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field

from services.grants.timings import domain
from shared.fields import View


class Timing(View):
    """How fast the money of one award was in the bank."""

    award: str
    paid_on: Annotated[date | None, Field(description="the bank's day of its first payment; null while it waits")]
    days: int | None


class Timings(View):
    """Days from the closing of a round to money in the bank."""

    closed_on: Annotated[date | None, Field(description="where the movement is; null as long as it takes applications")]
    median_days: Annotated[float | None, Field(description="of the awards that were paid; null where none was")]
    paid: int
    waiting: int
    awards: list[Timing]

    @classmethod
    def of(cls, timings: domain.Timings) -> Self:
        """The answer for a round."""
        paid = sum(each.paid_on is not None for each in timings.awards)
        return cls(
            closed_on=timings.closed_on,
            median_days=timings.median_days,
            paid=paid,
            waiting=len(timings.awards) - paid,
            awards=[Timing(award=each.award_id, paid_on=each.paid_on, days=each.days) for each in timings.awards],
        )
