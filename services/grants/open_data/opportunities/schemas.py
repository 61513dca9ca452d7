"""The models of CommonGrants that a round is told in. Field names are the protocol's; what is not known is left out."""

from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.fields import View
from shared.money import Money

Status = Literal["forecasted", "open", "closed"]


class _Shown(View):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class OpportunityStatus(_Shown):
    """Whether applications are taken: not yet, now, or no more."""

    value: Status
    description: str


class OpportunityFunding(_Shown):
    """How much there is, and how much one award is."""

    total_amount_available: Money
    min_award_amount: Money
    max_award_amount: Money


class SingleDateEvent(_Shown):
    """Something that happens on a day, at a time where the movement is."""

    name: str
    event_type: Literal["singleDate"] = "singleDate"
    date: date
    time: time
    description: str


class OpportunityTimeline(_Shown):
    """When it was published, until when applications are taken, and from when."""

    post_date: SingleDateEvent | None = None
    close_date: SingleDateEvent | None = None
    other_dates: dict[str, SingleDateEvent] | None = None


class ApplicantType(_Shown):
    """Who may apply."""

    value: Literal["organization", "custom"]
    custom_value: str | None = None
    description: str


class CustomField(_Shown):
    """What the protocol has no field for."""

    name: str
    field_type: Literal["string", "array"]
    value: Any
    description: str


class Opportunity(_Shown):
    """A round as a funding opportunity."""

    id: UUID
    title: str
    status: OpportunityStatus
    description: str
    funding: OpportunityFunding
    key_dates: OpportunityTimeline
    accepted_applicant_types: list[ApplicantType]
    source: str = Field(description="Where it stands in this feed.")
    custom_fields: dict[str, CustomField]
    created_at: datetime
    last_modified_at: datetime


class PaginationInfo(_Shown):
    """Which page of how many."""

    page: int
    page_size: int
    total_items: int
    total_pages: int


class Opportunities(_Shown):
    """A page of opportunities, those changed last first."""

    status: Literal[200] = 200
    message: str = "Success"
    items: list[Opportunity]
    pagination_info: PaginationInfo


class OneOpportunity(_Shown):
    """One opportunity."""

    status: Literal[200] = 200
    message: str = "Success"
    data: Opportunity
