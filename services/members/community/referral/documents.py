"""What the feed says of an asset: the objects of the profile, made of what is public of it.

Where a group at risk is says nothing but its area. A group that belongs to no organisation is one itself.
"""

from collections.abc import Iterator
from decimal import Decimal

from services.members.community.assets.models import Asset, AssetTime, Scheme
from services.members.community.referral.identifiers import uuid_of
from services.members.community.referral.schemas import (
    Accessibility,
    Address,
    CostOption,
    Location,
    LocationSummary,
    Phone,
    ReferralContact,
    ReferralOrganization,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceAtLocationSummary,
    ServiceLanguage,
    ServiceLocation,
    ServiceSummary,
)
from services.members.community.referral.terms import attributes
from services.members.directory.organisations.models import Organisation

_DAYS = {
    "monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR", "saturday": "SA",
    "sunday": "SU",
}  # fmt: skip


def summary(asset: Asset, organisation: Organisation | None) -> ServiceSummary:
    """The service that an asset is, as lists show it."""
    owner = _organization(asset, organisation)
    return ServiceSummary(
        id=uuid_of("service", asset.id),
        organization_id=owner.id,
        name=asset.title,
        description=asset.description or None,
        url=asset.url,
        email=asset.contact_email,
        status="active",
        fees=_fees(asset),
        minimum_age=asset.minimum_age,
        maximum_age=asset.maximum_age,
        assured_date=None if asset.verified_at is None else asset.verified_at.date(),
        last_modified=asset.updated_at,
        organization=owner,
    )


def service(asset: Asset, organisation: Organisation | None) -> Service:
    """The service that an asset is, with all that hangs on it."""
    id_ = uuid_of("service", asset.id)
    return Service(
        **dict(summary(asset, organisation)),
        schedules=[_schedule(asset, time) for time in asset.times],
        service_areas=list(_areas(asset)),
        service_at_locations=[at_location(asset)] if has_location(asset) else [],
        languages=[
            ServiceLanguage(id=uuid_of("language", f"{asset.id}/{code}"), service_id=id_, code=code)
            for code in asset.languages
        ],
        cost_options=list(_costs(asset)),
        contacts=list(_contacts(asset)),
        attributes=attributes(asset.movement, asset.id, asset.kind, interests(asset)),
    )


def interests(asset: Asset) -> list[str]:
    """What people look for who look for the asset."""
    return [term.term for term in asset.terms if term.scheme == Scheme.INTEREST]


def has_location(asset: Asset) -> bool:
    """Whether anything public is known of where it is."""
    shown = [asset.area] if asset.address_withheld else [asset.area, asset.venue, asset.postcode, asset.latitude]
    return any(each is not None for each in shown)


def at_location(asset: Asset) -> ServiceLocation:
    """That the service is offered where it is."""
    where = _location(asset)
    return ServiceLocation(
        id=uuid_of("service_at_location", asset.id),
        service_id=uuid_of("service", asset.id),
        location_id=where.id,
        location=where,
    )


def whole_at_location(asset: Asset, organisation: Organisation | None) -> ServiceAtLocation:
    """The same, with the service."""
    return ServiceAtLocation(**dict(at_location(asset)), service=service(asset, organisation))


def summary_at_location(asset: Asset, organisation: Organisation | None) -> ServiceAtLocationSummary:
    """The same, as lists show it."""
    whole = at_location(asset)
    return ServiceAtLocationSummary(
        id=whole.id,
        service_id=whole.service_id,
        location_id=whole.location_id,
        location=LocationSummary(**{name: getattr(whole.location, name) for name in LocationSummary.model_fields}),
        service=summary(asset, organisation),
    )


def _organization(asset: Asset, organisation: Organisation | None) -> ReferralOrganization:
    if organisation is None:
        return ReferralOrganization(
            id=uuid_of("organization", asset.id), name=asset.title, description=asset.description or asset.title
        )
    return ReferralOrganization(
        id=uuid_of("organization", organisation.id),
        name=organisation.name,
        description=organisation.description or organisation.name,
        email=organisation.email,
        website=organisation.website,
    )


def _fees(asset: Asset) -> str | None:
    if asset.cost_pence == 0:
        return asset.cost_note or "Free"
    return asset.cost_note


def _costs(asset: Asset) -> Iterator[CostOption]:
    if asset.cost_pence is not None and asset.cost_currency == "GBP":
        yield CostOption(
            id=uuid_of("cost_option", asset.id),
            service_id=uuid_of("service", asset.id),
            amount=float(Decimal(asset.cost_pence) / 100),
            amount_description=asset.cost_note,
        )


def _schedule(asset: Asset, time: AssetTime) -> Schedule:
    day = _DAYS[time.day]
    return Schedule(
        id=uuid_of("schedule", f"{asset.id}/{time.number}"),
        service_id=uuid_of("service", asset.id),
        freq="WEEKLY" if time.week is None else "MONTHLY",
        interval=1,
        byday=day if time.week is None else f"{time.week}{day}",
        opens_at=time.starts,
        closes_at=time.ends,
        description=time.note,
    )


def _areas(asset: Asset) -> Iterator[ServiceArea]:
    if asset.area is not None:
        id_ = uuid_of("service_area", asset.id)
        yield ServiceArea(id=id_, service_id=uuid_of("service", asset.id), name=asset.area)


def _location(asset: Asset) -> Location:
    id_ = uuid_of("location", asset.id)
    if asset.address_withheld:
        return Location(id=id_, location_type="physical", name=asset.area, addresses=[], accessibility=[])
    return Location(
        id=id_,
        location_type="physical",
        name=asset.venue or asset.area,
        latitude=asset.latitude,
        longitude=asset.longitude,
        addresses=list(_addresses(asset)),
        accessibility=list(_accessibility(asset)),
    )


def _addresses(asset: Asset) -> Iterator[Address]:
    county = asset.county or asset.area
    if asset.address is not None and asset.town is not None and asset.postcode is not None and county is not None:
        yield Address(
            id=uuid_of("address", asset.id),
            location_id=uuid_of("location", asset.id),
            address_1=asset.address,
            city=asset.town,
            state_province=county,
            postal_code=asset.postcode,
            country="GB",
            address_type="physical",
        )


def _accessibility(asset: Asset) -> Iterator[Accessibility]:
    said = [feature.replace("_", " ") for feature in asset.access] + ([asset.access_note] if asset.access_note else [])
    for number, description in enumerate(said):
        yield Accessibility(
            id=uuid_of("accessibility", f"{asset.id}/{number}"),
            location_id=uuid_of("location", asset.id),
            description=description,
        )


def _contacts(asset: Asset) -> Iterator[ReferralContact]:
    if asset.contact_name is None and asset.contact_phone is None:
        return
    number = asset.contact_phone
    yield ReferralContact(
        id=uuid_of("contact", asset.id),
        service_id=uuid_of("service", asset.id),
        name=asset.contact_name,
        phones=[] if number is None else [Phone(id=uuid_of("phone", asset.id), number=number)],
    )
