"""What requests and answers about funds and contributions look like."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.grants.fields import Currency, FundId, OrganisationId, Paragraph, ProgrammeId
from services.grants.funds import models
from services.grants.funds.models import Stage, UnderspendRule
from services.grants.rounds.schemas import Eligibility
from shared.editing import Changes
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
    programme: Annotated[ProgrammeId | None, Field(description="the programme that it belongs to")] = None
    stage: Annotated[Stage, Field(description="how far the movement has come: oversight goes by it")] = Stage.EARLY
    restrictions: Annotated[
        Eligibility,
        Field(default_factory=lambda: Eligibility.model_validate({}), description="what it may be spent on"),
    ]
    spend_by: Annotated[date | None, Field(description="the last day on which it is to be paid out")] = None
    underspend_rule: Annotated[UnderspendRule | None, Field(description="what becomes of the rest")] = None


class FundChanges(Changes):
    """What of a fund is to be different. Its currency stays."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset(
        {"grant_maker_organisation", "holder", "programme", "spend_by", "underspend_rule"}
    )

    name: Name | None = None
    grant_maker: Name | None = None
    purpose: Paragraph | None = None
    grant_maker_organisation: OrganisationId | None = None
    holder: OrganisationId | None = None
    programme: ProgrammeId | None = None
    stage: Stage | None = None
    restrictions: Eligibility | None = None
    spend_by: date | None = None
    underspend_rule: UnderspendRule | None = None


class Fund(View):
    """A fund and its money. `available` is what rounds can still reserve: `cleared` less `reserved`."""

    id: str
    name: str
    currency: str
    grant_maker: str
    purpose: str
    grant_maker_organisation: str | None
    holder: str | None
    programme: str | None
    stage: Stage
    restrictions: Eligibility
    spend_by: date | None
    underspend_rule: UnderspendRule | None
    promised: Annotated[Money, Field(description="less what was returned or taken as a fee, as `cleared` is")]
    cleared: Money
    reserved: Annotated[Money, Field(description="held by open rounds, and by live awards of ended ones")]
    committed: Annotated[Money, Field(description="held by live awards of all rounds; part of `reserved`")]
    available: Money
    takes_suggestions: bool
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, position: models.FundPosition | models.FundRead) -> "Fund":
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
            programme=fund.programme,
            stage=Stage(fund.stage),
            restrictions=Eligibility.model_validate(fund.restrictions),
            spend_by=fund.spend_by,
            underspend_rule=None if fund.underspend_rule is None else UnderspendRule(fund.underspend_rule),
            promised=Money.of(fund.promised, fund.currency),
            cleared=Money.of(fund.cleared, fund.currency),
            reserved=Money.of(fund.reserved, fund.currency),
            committed=Money.of(committed, fund.currency),
            available=Money.of(fund.cleared - fund.reserved, fund.currency),
            takes_suggestions=fund.takes_suggestions,
            created_at=fund.created_at,
            updated_at=fund.updated_at,
            version=fund.version,
        )


class Spending(View):
    """How far a fund is spent, and what is at risk of not being spent in time."""

    spend_by: date | None
    days_left: Annotated[int | None, Field(description="to the last day; less than nothing once it has passed")]
    underspend_rule: UnderspendRule | None
    cleared: Money
    paid: Annotated[Money, Field(description="what went out to groups, and did not come back")]
    unpaid: Annotated[Money, Field(description="live awards, less what was paid of them")]
    uncommitted: Annotated[Money, Field(description="held by no live award")]
    at_risk: Annotated[
        Money | None,
        Field(description="cleared and not paid, from `BACKBONE_SPEND_BY_DAYS` before the last day on; else null"),
    ]

    @classmethod
    def of(cls, spending: models.Spending) -> Self:
        """The answer for a fund."""
        fund = spending.fund

        def money(pence: int) -> Money:
            return Money.of(pence, fund.currency)

        return cls(
            spend_by=fund.spend_by,
            days_left=spending.days_left,
            underspend_rule=None if fund.underspend_rule is None else UnderspendRule(fund.underspend_rule),
            cleared=money(fund.cleared),
            paid=money(spending.paid),
            unpaid=money(spending.committed - spending.paid),
            uncommitted=money(fund.cleared - spending.committed),
            at_risk=money(fund.cleared - spending.paid) if spending.near else None,
        )


class NewContribution(Body):
    """What a funder promises. `cleared` is what of it has arrived already; more can clear later."""

    funder: Name
    promised: Money
    cleared: Money | None = None
    restriction: Annotated[Paragraph | None, Field(description="what the funder restricts it to, in its words")] = None
    fits: Annotated[
        Eligibility,
        Field(default_factory=lambda: Eligibility.model_validate({}), description="the same, in machine form"),
    ]
    funder_organisation: Annotated[OrganisationId | None, Field(description="the funder's id here")] = None
    fee_allowed: Annotated[
        bool | None, Field(description="whether a fee may be taken of it; null: if it is not restricted")
    ] = None


class Clearing(Body):
    """So much more of a contribution has arrived."""

    amount: Money


class Leaving(Body):
    """So much of a contribution goes, or will not come."""

    amount: Money


class Settling(Body):
    """How a fund's underspend rule is carried out: `to` for `reallocate`, `spend_by` for `roll_over`, else neither."""

    to: Annotated[FundId | None, Field(description="the fund in the same currency that it goes to")] = None
    spend_by: Annotated[date | None, Field(description="the new last day")] = None


class SettledPart(View):
    """What of a contribution was returned to its funder, or moved to another fund."""

    contribution: str
    funder: str
    amount: Money
    moved_to: Annotated[str | None, Field(description="the contribution of the other fund that it is now")]


class Settlement(View):
    """What became of what a fund did not spend in time."""

    rule: UnderspendRule
    amount: Money
    contributions: list[SettledPart]
    fund: Fund

    @classmethod
    def of(cls, settled: models.Settled) -> Self:
        """The answer for what was settled."""
        currency = settled.fund.fund.currency
        return cls(
            rule=settled.rule,
            amount=Money.of(sum(part.pence for part in settled.parts), currency),
            contributions=[
                SettledPart(
                    contribution=part.contribution.id,
                    funder=part.contribution.funder,
                    amount=Money.of(part.pence, currency),
                    moved_to=part.moved_to,
                )
                for part in settled.parts
            ],
            fund=Fund.of(settled.fund),
        )


class Contribution(View):
    """What a funder promised to a fund, and how much of it has cleared."""

    id: str
    fund: str
    funder: str
    funder_organisation: str | None
    promised: Money
    cleared: Annotated[Money, Field(description="all that ever arrived of it")]
    fees: Annotated[Money, Field(description="taken of it for running the fund")]
    returned: Annotated[Money, Field(description="sent back to the funder")]
    moved: Annotated[Money, Field(description="moved to another fund, by the rule for what was not spent")]
    moved_from: Annotated[str | None, Field(description="the contribution of another fund that it was before")]
    restriction: str | None
    fits: Eligibility
    fee_allowed: bool
    created_at: datetime

    @classmethod
    def of(cls, contribution: models.Contribution) -> "Contribution":
        """The answer for a contribution."""
        return cls(
            id=contribution.id,
            fund=contribution.fund_id,
            funder=contribution.funder,
            funder_organisation=contribution.funder_organisation,
            promised=Money.of(contribution.promised, contribution.currency),
            cleared=Money.of(contribution.arrived, contribution.currency),
            fees=Money.of(contribution.fees, contribution.currency),
            returned=Money.of(contribution.returned, contribution.currency),
            moved=Money.of(contribution.moved, contribution.currency),
            moved_from=contribution.moved_from,
            restriction=contribution.restriction,
            fits=Eligibility.model_validate(contribution.fits),
            fee_allowed=contribution.fee_allowed,
            created_at=contribution.created_at,
        )
