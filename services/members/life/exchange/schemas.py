"""What is said of asks, offers and matches, and how they are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.assets.schemas import Clock, Day, Terms
from services.members.fields import OrganisationId, Paragraph, PersonId, Postcode, Reference
from services.members.life.exchange import models
from services.members.life.exchange.models import Kind, ListingState, MatchState
from services.members.life.time_credits.schemas import MOST, TransferId
from services.members.life.whose import Whose
from shared.editing import Changes
from shared.fields import Body, Name, View
from shared.ids import Id

AskId = Annotated[str, Id("ask")]
OfferId = Annotated[str, Id("offer")]
MatchId = Annotated[str, Id("match")]


class Hours(Body):
    """A day of the week, from and until when; the whole day where that is left out."""

    day: Day
    starts: Clock = "00:00"
    ends: Clock = "23:59"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends <= self.starts:
            raise PydanticCustomError("ends_first", "ends before it starts")
        return self


Times = Annotated[list[Hours], Field(max_length=30)]


class NewListing(Whose):
    """What somebody asks for or offers, a person or an organisation."""

    kind: Kind
    title: Reference = Field(examples=["a hand with the hedge"])
    description: Paragraph | None = None
    interests: Terms = Field(default_factory=list, description="what it is about", examples=[["gardening"]])
    times: Times = Field(default_factory=list, description="when it is wanted, or to be had")
    area: Name | None = Field(None, examples=["Matson"])
    postcode: Postcode | None = Field(None, description="where; a person's own counts where this is left out")
    until: date | None = Field(None, description="the last day on which it is of use")


class ListingChanges(Changes):
    """What is to be different in what is still open."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"description", "area", "postcode", "until"})

    title: Reference | None = None
    description: Paragraph | None = None
    interests: Terms | None = None
    times: Times | None = None
    area: Name | None = None
    postcode: Postcode | None = None
    until: date | None = None


class Listing(View):
    """Something that a person or an organisation asks for or offers."""

    kind: Kind
    person: PersonId | None
    organisation: OrganisationId | None
    title: str
    description: str | None
    interests: list[str]
    times: list[Hours]
    area: str | None
    postcode: str | None
    until: date | None
    state: ListingState
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, listing: models.Listing) -> Self:
        """An ask or an offer as the API shows it."""
        return cls.model_validate(listing, from_attributes=True)


class Ask(Listing):
    """Something that a person or an organisation asks for."""

    id: AskId


class Offer(Listing):
    """Something that a person or an organisation offers."""

    id: OfferId


class Fitting(View):
    """What fits, whose it is, and why: a sentence a reason."""

    title: str
    person: PersonId | None
    organisation: OrganisationId | None
    reasons: list[str]

    @classmethod
    def of(cls, listing: models.Listing, reasons: Sequence[str]) -> Self:
        """A suggestion as the API shows it."""
        about = {name: getattr(listing, name) for name in ("id", "title", "person", "organisation")}
        return cls(**about, reasons=list(reasons))


class FittingOffer(Fitting):
    """An offer that fits an ask."""

    id: OfferId


class FittingAsk(Fitting):
    """An ask that an offer fits."""

    id: AskId


class FittingOffers(View):
    """The offers that fit an ask, the best first."""

    data: list[FittingOffer]


class FittingAsks(View):
    """The asks that an offer fits, the best first."""

    data: list[FittingAsk]


class NewMatch(Body):
    """Which offer is to meet which ask."""

    ask: AskId
    offer: OfferId
    note: Paragraph | None = Field(None, description="what was agreed", examples=["Ada brings her own shears."])


class FallingThrough(Body):
    """Why it comes to nothing, where anybody wants to say."""

    note: Paragraph | None = None


class Done(Body):
    """On which day it was done; today unless it was before."""

    on: date | None = None


class Thanks(Body):
    """The thanks, in whatever words there were."""

    words: Paragraph | None = None


class Settlement(Body):
    """How much time it was, and of what, for the time bank."""

    minutes: int = Field(ge=1, le=MOST, strict=True, examples=[90])
    what: Reference = Field(examples=["cut the hedge"])


class MatchShown(View):
    """An offer that is to meet an ask, why the two were brought together, and how it went."""

    id: MatchId
    ask: AskId
    offer: OfferId
    reasons: list[str]
    state: MatchState
    note: str | None
    thanks: str | None
    transfer: TransferId | None
    made_at: datetime
    done_on: date | None
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, match: models.Match) -> Self:
        """A match as the API shows it."""
        return cls.model_validate(match, from_attributes=True)
