"""What is said about an asset, and how it is shown: its address only to those who may see it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, HttpUrl, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.assets import models
from services.members.community.assets.models import AssetKind, AssetState, Scheme
from services.members.fields import (
    EmailAddress,
    Language,
    OrganisationId,
    Paragraph,
    PersonId,
    PhoneNumber,
    Postcode,
    Slug,
)
from shared.fields import Body, Name, View, lines
from shared.ids import Id
from shared.money import Money

AssetId = Annotated[str, Id("asset")]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of the day where the movement is, such as `18:30`."""
Places = Annotated[int, Field(ge=0, le=1_000_000)]
Age = Annotated[int, Field(ge=0, le=130)]
Version = Annotated[int, Field(description="The `ETag` that an edit names in `If-Match`.")]


class Day(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class How(StrEnum):
    """How somebody found out."""

    VISIT = "visit"
    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    ONLINE = "online"


class When(Body):
    """A day on which it happens, each week or a certain one of the month, and from when to when."""

    day: Day
    starts: Clock | None = None
    ends: Clock | None = None
    week: Annotated[int, Field(ge=-1, le=4)] | None = Field(
        None, description="Which of the month's: 1 to 4, or -1 for the last; left out for every week."
    )
    note: Name | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.week == 0:
            raise PydanticCustomError("no_such_week", "names a week that no month has")
        if self.ends is not None and (self.starts is None or self.ends <= self.starts):
            raise PydanticCustomError("ends_first", "ends before it starts")
        return self


class Place(Body):
    """Where it is, as far as it is known. `area` is a name that may be shown even where the address is withheld."""

    venue: Name | None = None
    address: Name | None = Field(None, description="House and street.", examples=["12 Mill Lane"])
    town: Name | None = None
    county: Name | None = None
    postcode: Postcode | None = None
    area: Name | None = Field(None, examples=["Matson"])
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise PydanticCustomError("half_a_point", "has a latitude or a longitude without the other")
        return self


class Cost(Body):
    """What taking part costs: an amount of nothing is free; and what else there is to say about it."""

    amount: Money | None = None
    note: Name | None = None


class Contact(Body):
    """How to get in touch with it. Once the asset is published, so is this."""

    name: Name | None = None
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None


def _each_once(values: list[str]) -> list[str]:
    if len({value.casefold() for value in values}) < len(values):
        raise PydanticCustomError("repeated", "names the same one twice")
    return values


def _address(value: str) -> str:
    return str(HttpUrl(value))


Terms = Annotated[list[Slug], AfterValidator(_each_once), Field(max_length=30)]
Languages = Annotated[list[Language], AfterValidator(_each_once), Field(max_length=20)]
WebAddress = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_address)]
Description = Annotated[str, lines(5000, needed=False)]


class AssetFields(Body):
    """All that may be said of an asset and changed later."""

    description: Description = ""
    interests: Terms = Field(default_factory=list, description="What people look for.", examples=[["gardening"]])
    tags: Terms = Field(default_factory=list, description="How the movement sorts it.")
    place: Place = Place()
    times: list[When] = Field(default_factory=list, max_length=30)
    cost: Cost = Cost()
    access: Terms = Field(default_factory=list, examples=[["step_free", "hearing_loop"]])
    access_note: Paragraph | None = None
    languages: Languages = Field(default_factory=list)
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    capacity: Places | None = Field(None, description="How many people it has room for.")
    spare: Places | None = Field(None, description="How many more people it says it can take now.")
    person: PersonId | None = Field(None, description="The person it belongs to, who must agree to its publication.")
    organisation: OrganisationId | None = Field(None, description="The organisation it belongs to.")
    contact: Contact = Contact()
    url: WebAddress | None = None
    address_withheld: bool = Field(False, description="For a group at risk: in public only its area shows.")


class NewAsset(AssetFields):
    """An asset as a draft. A personal skill belongs to a person; everything else may belong to nobody."""

    kind: AssetKind
    title: Name = Field(examples=["Tuesday gardening group"])


class AssetChanges(AssetFields):
    """What is to change; what is left out stays. `place`, `cost` and `contact` are each given as a whole."""

    title: Name = ""


class Verification(Body):
    """That somebody looked whether it is still so, and how: the caller, or the person whom the caller names."""

    how: How
    person: PersonId | None = None


class Agreement(Body):
    """That whom the asset concerns agrees to its publication: for what belongs to no person of the movement."""

    given_by: Name = Field(description="In what capacity they spoke for it.", examples=["the group's secretary"])
    how: How


class Verified(View):
    """When it was last verified, by which caller, and how. It is not when it was updated."""

    at: datetime
    by: str
    person: PersonId | None
    how: How


class Agreed(View):
    """Who agreed to the publication, when and how."""

    at: datetime
    given_by: str
    how: How


class Asset(View):
    """An asset of the map."""

    id: AssetId
    kind: AssetKind
    state: AssetState
    title: str
    description: str
    interests: list[str]
    tags: list[str]
    place: Place = Field(
        description="Where the address is withheld, only the area: the rest is for those who keep the map."
    )
    address_withheld: bool
    distance_m: int | None = Field(None, description="From the point that was asked about, as the crow flies.")
    times: list[When]
    cost: Cost
    access: list[str]
    access_note: str | None
    languages: list[str]
    minimum_age: int | None
    maximum_age: int | None
    capacity: int | None
    spare: int | None = Field(description="Declared places, less the introductions made since.")
    person: PersonId | None
    organisation: OrganisationId | None
    contact: Contact
    url: str | None
    agreed: Agreed | None
    verified: Verified | None
    version: Version
    created_at: datetime
    updated_at: datetime

    @classmethod
    def whole(cls, asset: models.Asset) -> Self:
        """An asset as those see it who keep the map."""
        return cls.of(asset, whole=True)

    @classmethod
    def of(cls, asset: models.Asset, *, whole: bool, distance_m: int | None = None) -> Self:
        """An asset as the API shows it; ``whole``: with the address of a group at risk."""
        return cls(
            id=asset.id,
            kind=AssetKind(asset.kind),
            state=AssetState(asset.state),
            title=asset.title,
            description=asset.description,
            interests=[term.term for term in asset.terms if term.scheme == Scheme.INTEREST],
            tags=[term.term for term in asset.terms if term.scheme == Scheme.TAG],
            place=_place(asset, whole=whole or not asset.address_withheld),
            address_withheld=asset.address_withheld,
            distance_m=distance_m,
            times=[_time(time) for time in asset.times],
            cost=_cost(asset),
            access=asset.access,
            access_note=asset.access_note,
            languages=asset.languages,
            minimum_age=asset.minimum_age,
            maximum_age=asset.maximum_age,
            capacity=asset.capacity,
            spare=asset.places_left,
            person=asset.person,
            organisation=asset.organisation,
            contact=Contact.model_construct(
                name=asset.contact_name, email=asset.contact_email, phone=asset.contact_phone
            ),
            url=asset.url,
            agreed=_agreed(asset),
            verified=_verified(asset),
            version=asset.version,
            created_at=asset.created_at,
            updated_at=asset.updated_at,
        )


def _place(asset: models.Asset, *, whole: bool) -> Place:
    if not whole:
        return Place.model_construct(area=asset.area)
    return Place.model_construct(**{field: getattr(asset, field) for field in Place.model_fields})


def _time(time: models.AssetTime) -> When:
    return When.model_construct(day=Day(time.day), starts=time.starts, ends=time.ends, week=time.week, note=time.note)


def _cost(asset: models.Asset) -> Cost:
    amount = None
    if asset.cost_pence is not None and asset.cost_currency is not None:
        amount = Money.of(asset.cost_pence, asset.cost_currency)
    return Cost.model_construct(amount=amount, note=asset.cost_note)


def _agreed(asset: models.Asset) -> Agreed | None:
    if asset.agreed_at is None or asset.agreed_by is None or asset.agreed_how is None:
        return None
    return Agreed(at=asset.agreed_at, given_by=asset.agreed_by, how=How(asset.agreed_how))


def _verified(asset: models.Asset) -> Verified | None:
    if asset.verified_at is None or asset.verified_by is None or asset.verified_how is None:
        return None
    how = How(asset.verified_how)
    return Verified(at=asset.verified_at, by=asset.verified_by, person=asset.verified_person, how=how)
