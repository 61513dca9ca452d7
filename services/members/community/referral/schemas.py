"""The objects of Open Referral UK 3.0, as far as the map fills them. What is not known is left out, never null.

Names and meanings are the profile's: https://docs.openreferral.org and the UK profile's schemas.
"""

from datetime import date, datetime
from typing import Generic, Literal, TypeVar
from uuid import UUID

from shared.fields import View

T = TypeVar("T")


class ApiRoot(View):
    """Which version and profile the feed keeps to, and the OpenAPI document of that profile."""

    version: str
    profile: str
    openapi_url: str


class ReferralPage(View, Generic[T]):
    """One page of a list, as the profile pages: by number, the first one being 1."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[T]


class Taxonomy(View):
    """A list of terms: the movement's own words for interests, or the kinds of assets."""

    id: UUID
    name: str
    description: str


class TaxonomyTerm(View):
    """One term of a taxonomy."""

    id: UUID
    name: str
    description: str
    taxonomy: str
    taxonomy_id: UUID


class Attribute(View):
    """That a term holds of a service."""

    id: UUID
    link_id: UUID
    link_type: Literal["service"]
    taxonomy_term_id: UUID
    taxonomy_term: TaxonomyTerm


class ReferralOrganization(View):
    """Whose service it is; a group that belongs to no organisation is one itself."""

    id: UUID
    name: str
    description: str
    email: str | None = None
    website: str | None = None


class Schedule(View):
    """When it happens, as a recurrence by RFC 5545, in local time."""

    id: UUID
    service_id: UUID
    freq: Literal["WEEKLY", "MONTHLY"]
    interval: int
    byday: str
    opens_at: str | None = None
    closes_at: str | None = None
    description: str | None = None


class ServiceArea(View):
    """The area in which it is offered."""

    id: UUID
    service_id: UUID
    name: str


class Address(View):
    """A postal address, given only where all that the profile asks of one is known."""

    id: UUID
    location_id: UUID
    address_1: str
    city: str
    state_province: str
    postal_code: str
    country: str
    address_type: Literal["physical"]


class Accessibility(View):
    """How people with access needs can take part there."""

    id: UUID
    location_id: UUID
    description: str


class LocationSummary(View):
    """Where it is; of a group at risk, the name of the area alone."""

    id: UUID
    location_type: Literal["physical"]
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class Location(LocationSummary):
    """Where it is, with its address and access."""

    addresses: list[Address]
    accessibility: list[Accessibility]


class ServiceLanguage(View):
    """A language that is spoken there, by its BCP 47 tag."""

    id: UUID
    service_id: UUID
    code: str


class CostOption(View):
    """What it costs, in pounds where an amount is given."""

    id: UUID
    service_id: UUID
    option: str | None = None
    amount: float | None = None
    amount_description: str | None = None


class Phone(View):
    """A telephone number of a contact."""

    id: UUID
    number: str


class ReferralContact(View):
    """How to get in touch."""

    id: UUID
    service_id: UUID
    name: str | None = None
    phones: list[Phone]


class ServiceSummary(View):
    """A service with what it has one of, as lists show it."""

    id: UUID
    organization_id: UUID
    name: str
    description: str | None = None
    url: str | None = None
    email: str | None = None
    status: Literal["active"]
    fees: str | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    assured_date: date | None = None
    last_modified: datetime
    organization: ReferralOrganization


class ServiceLocation(View):
    """That a service is offered at a location."""

    id: UUID
    service_id: UUID
    location_id: UUID
    location: Location


class Service(ServiceSummary):
    """A service with all that hangs on it."""

    schedules: list[Schedule]
    service_areas: list[ServiceArea]
    service_at_locations: list[ServiceLocation]
    languages: list[ServiceLanguage]
    cost_options: list[CostOption]
    contacts: list[ReferralContact]
    attributes: list[Attribute]


class ServiceAtLocationSummary(View):
    """A service at a location, as lists show it."""

    id: UUID
    service_id: UUID
    location_id: UUID
    location: LocationSummary
    service: ServiceSummary


class ServiceAtLocation(ServiceLocation):
    """A service at a location, with all that hangs on either."""

    service: Service
