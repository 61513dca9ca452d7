"""What requests and answers about income and investments look like."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.grants.fields import FundId, IncomeId, InvestmentId, OrganisationId, Paragraph, ProgrammeId
from services.grants.finances import models
from services.grants.finances.models import IncomeKind, IncomeState, InvestmentKind
from shared.editing import Changes
from shared.fields import Body, Name, View
from shared.money import Money


class NewIncome(Body):
    """Funding of the backbone itself."""

    funder: Name
    funder_organisation: OrganisationId | None = None
    kind: IncomeKind
    tied_to: Annotated[Name | None, Field(description="what tied money pays; nothing else is said of core money")] = (
        None
    )
    programme: ProgrammeId | None = None
    state: IncomeState = IncomeState.SECURED
    amount: Money
    starts_on: date
    ends_on: Annotated[date, Field(description="the last day that it pays")]


class IncomeChanges(Changes):
    """What of it is to be different."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"funder_organisation", "tied_to", "programme"})

    funder: Name | None = None
    funder_organisation: OrganisationId | None = None
    kind: IncomeKind | None = None
    tied_to: Name | None = None
    programme: ProgrammeId | None = None
    state: IncomeState | None = None
    amount: Money | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class Income(View):
    """Funding of the backbone itself."""

    id: IncomeId
    funder: str
    funder_organisation: str | None
    kind: IncomeKind
    tied_to: str | None
    programme: str | None
    state: IncomeState
    amount: Money
    starts_on: date
    ends_on: date
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, income: models.Income) -> Self:
        """The answer for one."""
        own = {name: getattr(income, name) for name in cls.model_fields if name != "amount"}
        return cls.model_validate(own | {"amount": Money.of(income.amount, income.currency)})


class NewRunningCost(Body):
    """What the backbone costs."""

    monthly: Annotated[Money, Field(description="in an ordinary month")]


class RunningCost(View):
    """What the backbone costs a month, as it was last said."""

    monthly: Money
    updated_at: datetime

    @classmethod
    def of(cls, cost: models.RunningCost) -> Self:
        """The answer for a movement."""
        return cls(monthly=Money.of(cost.monthly, cost.currency), updated_at=cost.updated_at)


Months = Annotated[str, Field(description="months, rounded down to a tenth", examples=["7.5"])]


class Runway(View):
    """How many months of ordinary cost the secured income is, of what is left of it from today on.

    Each income counts as spent evenly over its days. Tied money pays what it is tied to, so it stands apart.
    """

    on: date
    monthly: Money
    core_left: Money
    tied_left: Money
    core_months: Months
    all_months: Months

    @classmethod
    def of(cls, runway: models.Runway) -> Self:
        """The answer for a movement."""
        return cls(
            on=runway.on,
            monthly=Money.of(runway.monthly, runway.currency),
            core_left=Money.of(runway.core, runway.currency),
            tied_left=Money.of(runway.tied, runway.currency),
            core_months=_months(runway.core, runway.monthly),
            all_months=_months(runway.core + runway.tied, runway.monthly),
        )


class NewInvestment(Body):
    """What the backbone brought in for others."""

    investor: Name
    investor_organisation: OrganisationId | None = None
    recipient: Annotated[Name, Field(description="whom it is for: a group or an organisation")]
    recipient_organisation: OrganisationId | None = None
    kind: InvestmentKind = InvestmentKind.CASH
    our_part: Annotated[Paragraph, Field(description="what the backbone did for it")]
    programme: ProgrammeId | None = None
    fund: Annotated[FundId | None, Field(description="the fund that it passes through; null: not through us")] = None
    amount: Annotated[Money, Field(description="or, in kind, what it is worth")]
    agreed_on: date


class InvestmentChanges(Changes):
    """What of it is to be different."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"investor_organisation", "recipient_organisation", "programme"})

    investor: Name | None = None
    investor_organisation: OrganisationId | None = None
    recipient: Name | None = None
    recipient_organisation: OrganisationId | None = None
    kind: InvestmentKind | None = None
    our_part: Paragraph | None = None
    programme: ProgrammeId | None = None
    amount: Money | None = None
    agreed_on: date | None = None


class Investment(View):
    """What the backbone brought in for others."""

    id: InvestmentId
    investor: str
    investor_organisation: str | None
    recipient: str
    recipient_organisation: str | None
    kind: InvestmentKind
    our_part: str
    programme: str | None
    fund: str | None
    amount: Money
    agreed_on: date
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, investment: models.Investment) -> Self:
        """The answer for one."""
        own = {name: getattr(investment, name) for name in cls.model_fields if name not in ("amount", "fund")}
        said = {"amount": Money.of(investment.amount, investment.currency), "fund": investment.fund_id}
        return cls.model_validate(own | said)


class Sum(View):
    """What was brought in of a kind, in one currency."""

    kind: InvestmentKind
    through_us: Annotated[bool, Field(description="whether it passes through a fund here")]
    amount: Money
    number: int


class Brought(View):
    """What the backbone brought in for others, summed up."""

    sums: list[Sum]

    @classmethod
    def of(cls, sums: Sequence[models.Brought]) -> Self:
        """The answer for a movement."""
        return cls(
            sums=[
                Sum(
                    kind=InvestmentKind(each.kind),
                    through_us=each.through_us,
                    amount=Money.of(each.amount, each.currency),
                    number=each.number,
                )
                for each in sums
            ]
        )


def _months(left: int, monthly: int) -> str:
    return str((Decimal(left) / monthly).quantize(Decimal("0.1"), ROUND_DOWN))
