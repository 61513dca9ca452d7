"""How it is shown whose the money is."""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.grants.fields import OrganisationId
from shared.fields import View
from shared.money import Money

Share = Annotated[float, Field(ge=0, le=1, description="of the whole, to four places")]


class PartOfAwards(View):
    """What one organisation has of the awards in one currency."""

    organisation: Annotated[OrganisationId | None, Field(description="null: none of the movement's, or none to name")]
    amount: Money
    number: int
    share: Share


class AwardsShared(View):
    """The awards in one currency: who decides them, and whom they go to; the largest part first."""

    amount: Money
    number: int
    by: Annotated[list[PartOfAwards], Field(description="null: not delegated, the movement's own hand")]
    to: Annotated[list[PartOfAwards], Field(description="null: groups that are no organisation of the movement")]


class AwardShares(View):
    """The awards that were offered in a time and are live, shared out, by currency."""

    since: Annotated[date, Field(description="the day before the first")]
    on: Annotated[date, Field(description="the last day")]
    awards: list[AwardsShared]


class Funding(View):
    """What came into the movement in one currency, and how much of it is the backbone's own."""

    backbone: Annotated[Money, Field(description="its own secured income that is for a day of the time")]
    awarded: Annotated[Money, Field(description="live awards that were offered in the time")]
    brought_in: Annotated[Money, Field(description="agreed in the time for others, through no fund here")]
    share: Annotated[float, Field(ge=0, le=1, description="the backbone's, of the three, to four places")]


class FundingShares(View):
    """How much of what came in the backbone itself has, by currency."""

    since: date
    on: date
    funding: list[Funding]
