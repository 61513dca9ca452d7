"""What requests and answers about funds and contributions look like."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.grants.fields import Currency, OrganisationId, Paragraph
from services.grants.funds import models
from shared.fields import Body, Name, View
from shared.money import Money


class NewFund(Body):
    """A fund to set up. It is empty until a contribution clears."""

    name: Name
    currency: Currency = "GBP"
    grant_maker: Annotated[Name, Field(description="the organisation whose money it is to give")]
    purpose: Annotated[Paragraph, Field(description="what the fund may be spent on")]
    grant_maker_organisation: Annotated[
        OrganisationId | None,
        Field(description="the grant-maker's record here; whoever acts for it has the fund's powers"),
    ] = None
    holder: Annotated[
        OrganisationId | None, Field(description="who holds the money, if not the grant-maker; has its powers too")
    ] = None


class Fund(View):
    """A fund and its money. `available` is what rounds can still reserve: `cleared` less `reserved`."""

    id: str
    name: str
    currency: str
    grant_maker: str
    purpose: str
    grant_maker_organisation: str | None
    holder: str | None
    promised: Money
    cleared: Money
    reserved: Annotated[Money, Field(description="held by open rounds, and by live awards of ended ones")]
    committed: Annotated[Money, Field(description="held by live awards of all rounds; part of `reserved`")]
    available: Money
    takes_suggestions: bool
    created_at: datetime

    @classmethod
    def of(cls, position: models.FundPosition) -> "Fund":
        """The answer for a fund."""
        fund, committed = position
        return cls(
            id=fund.id,
            name=fund.name,
            currency=fund.currency,
            grant_maker=fund.grant_maker,
            purpose=fund.purpose,
            grant_maker_organisation=fund.grant_maker_organisation,
            holder=fund.holder,
            promised=Money.of(fund.promised, fund.currency),
            cleared=Money.of(fund.cleared, fund.currency),
            reserved=Money.of(fund.reserved, fund.currency),
            committed=Money.of(committed, fund.currency),
            available=Money.of(fund.cleared - fund.reserved, fund.currency),
            takes_suggestions=fund.takes_suggestions,
            created_at=fund.created_at,
        )


class NewContribution(Body):
    """What a funder promises. `cleared` is what of it has arrived already; more can clear later."""

    funder: Name
    promised: Money
    cleared: Money | None = None
    restriction: Annotated[Paragraph | None, Field(description="what the funder restricts it to, in its words")] = None


class Clearing(Body):
    """So much more of a contribution has arrived."""

    amount: Money


class Contribution(View):
    """What a funder promised to a fund, and how much of it has cleared."""

    id: str
    fund: str
    funder: str
    promised: Money
    cleared: Money
    restriction: str | None
    created_at: datetime

    @classmethod
    def of(cls, contribution: models.Contribution) -> "Contribution":
        """The answer for a contribution."""
        return cls(
            id=contribution.id,
            fund=contribution.fund_id,
            funder=contribution.funder,
            promised=Money.of(contribution.promised, contribution.currency),
            cleared=Money.of(contribution.cleared, contribution.currency),
            restriction=contribution.restriction,
            created_at=contribution.created_at,
        )
