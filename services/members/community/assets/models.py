"""Tables of the asset map: an asset and its legal steps, what it is about, when it happens and how it is found."""

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import HOLDS_PERSON, Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import emptied
from shared.errors import Conflict
from shared.lifecycle import IllegalTransition, Lifecycle


class AssetKind(StrEnum):
    """What there is in a place that people can join, use or learn from."""

    GROUP = "group"
    PLACE = "place"
    ACTIVITY = "activity"
    PERSONAL_SKILL = "personal_skill"
    INFORMAL_NETWORK = "informal_network"


class AssetState(StrEnum):
    """Draft, published, stale once nobody has looked for too long, archived once it is no more."""

    DRAFT = "draft"
    PUBLISHED = "published"
    STALE = "stale"
    ARCHIVED = "archived"


SHOWN = (AssetState.PUBLISHED, AssetState.STALE)
"""What readers see. A draft belongs to those who write it, for nobody has agreed to it yet."""

LIFECYCLE = Lifecycle(
    "an asset",
    {
        AssetState.DRAFT: {AssetState.PUBLISHED, AssetState.ARCHIVED},
        AssetState.PUBLISHED: {AssetState.STALE, AssetState.DRAFT, AssetState.ARCHIVED},
        AssetState.STALE: {AssetState.PUBLISHED, AssetState.DRAFT, AssetState.ARCHIVED},
        AssetState.ARCHIVED: set(),
    },
)


class Scheme(StrEnum):
    """What a term says of an asset: its interests are what people look for, its tags how the movement sorts it."""

    INTEREST = "interest"
    TAG = "tag"


class NotVerified(Conflict):
    """Nobody has looked lately whether it is still so; verify it and publish it then."""

    code = "asset_not_verified"
    title = "Only what was verified lately is published"


OF_ITS_PERSON = (
    *("title", "description", "venue", "address", "town", "postcode", "latitude", "longitude", "url"),
    *("access_note", "cost_note", "contact_name", "contact_email", "contact_phone", "agreed_by", "agreed_how"),
)
"""What an asset that is somebody's own says of them: it goes with them, and introductions to it keep their past."""


class Asset(Base):
    """Something in a place, with its own words, where and when it is, and who verified that and how.

    ``spare`` is how many more people it says it can take, as it was declared last; ``taken`` are the introductions made
    since, so that the last place is given once. ``declaration`` counts the declarations: a place given back after the
    next one was in that one already. ``address_withheld`` is for groups at risk: only the area shows in public.
    """

    __tablename__ = "assets"
    __table_args__ = (
        of_person(erased=emptied(*OF_ITS_PERSON)),
        of_organisation(),
        sa.CheckConstraint("taken >= 0", name="assets_taken_is_a_count"),
        sa.CheckConstraint("spare IS NULL OR taken <= spare", name="assets_within_what_they_can_take"),
        sa.Index("assets_by_freshness", "movement", "state", "kind", "verified_at"),
        sa.Index("assets_by_update", "movement", "updated_at"),
        sa.Index("assets_by_person", "movement", "person"),
        sa.Index("assets_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    person: Mapped[str | None]
    organisation: Mapped[str | None]
    venue: Mapped[str | None]
    address: Mapped[str | None]
    town: Mapped[str | None]
    county: Mapped[str | None]
    postcode: Mapped[str | None]
    district: Mapped[str | None]
    area: Mapped[str | None]
    latitude: Mapped[float | None] = mapped_column(sa.Double)
    longitude: Mapped[float | None] = mapped_column(sa.Double)
    address_withheld: Mapped[bool]
    cost_pence: Mapped[int | None]
    cost_currency: Mapped[str | None]
    cost_note: Mapped[str | None]
    access: Mapped[list[str]] = mapped_column(sa.JSON)
    access_note: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(sa.JSON)
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    capacity: Mapped[int | None]
    spare: Mapped[int | None]
    taken: Mapped[int]
    declaration: Mapped[int]
    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_phone: Mapped[str | None]
    url: Mapped[str | None]
    agreed_at: Mapped[datetime | None]
    agreed_by: Mapped[str | None]
    agreed_how: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
    verified_person: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | emptied("verified_how"))
    verified_how: Mapped[str | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    terms: Mapped[list["AssetTerm"]] = relationship(
        viewonly=True, lazy="raise", order_by="(AssetTerm.scheme, AssetTerm.term)"
    )
    times: Mapped[list["AssetTime"]] = relationship(viewonly=True, lazy="raise", order_by="AssetTime.number")

    def publish(self, at: datetime, fresh_for: timedelta) -> None:
        """Draft → published, where it was verified lately. Raises NotVerified."""
        state = LIFECYCLE.step(self.state, AssetState.PUBLISHED)
        if self.verified_at is None or self.verified_at + fresh_for <= at:
            raise NotVerified
        self._move(state, at)

    def verify(self, by: str, person: str | None, how: str, at: datetime) -> None:
        """Note that somebody looked, and how. That alone is no update; what was stale is published again by it."""
        if self.state == AssetState.ARCHIVED:
            raise IllegalTransition("an asset that is archived is verified no more", state=self.state)
        self.verified_at, self.verified_by, self.verified_person, self.verified_how = at, by, person, how
        if self.state == AssetState.STALE:
            self._move(LIFECYCLE.step(self.state, AssetState.PUBLISHED), at)
        else:
            self.version += 1

    def go_stale(self, at: datetime) -> None:
        """Published → stale: too long ago that anybody looked."""
        self._move(LIFECYCLE.step(self.state, AssetState.STALE), at)

    def unpublish(self, at: datetime) -> None:
        """Published or stale → draft: whom it concerns no longer agrees to it."""
        self._move(LIFECYCLE.step(self.state, AssetState.DRAFT), at)

    def archive(self, at: datetime) -> None:
        """Any → archived, for good: it is no more."""
        self._move(LIFECYCLE.step(self.state, AssetState.ARCHIVED), at)

    def declare_spare(self, spare: int | None) -> None:
        """Say anew how many more people it can take; whoever was introduced since the last time is in it."""
        self.spare, self.taken = spare, 0
        self.declaration += 1

    @property
    def places_left(self) -> int | None:
        """How many more people it can take by now; None where nobody said."""
        return None if self.spare is None else self.spare - self.taken

    def _move(self, state: AssetState, at: datetime) -> None:
        self.state, self.updated_at = state, at
        self.version += 1


def of_asset() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to an asset of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "asset"], ["assets.movement", "assets.id"])


class AssetTerm(Base):
    """An interest or a tag of an asset."""

    __tablename__ = "asset_terms"
    __table_args__ = (of_asset(), sa.Index("asset_terms_by_asset", "movement", "asset"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    scheme: Mapped[str] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True)
    asset: Mapped[str] = mapped_column(primary_key=True)


class AssetTime(Base):
    """When something happens: a day of the week, each week or a certain one of the month, from when to when."""

    __tablename__ = "asset_times"
    __table_args__ = (of_asset(), sa.Index("asset_times_by_day", "movement", "day", "asset"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    asset: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[str]
    starts: Mapped[str | None]
    ends: Mapped[str | None]
    week: Mapped[int | None]
    note: Mapped[str | None]


class AssetWord(Base):
    """One word of an asset's title, description or terms, folded, in UTF-8, as the names of people are."""

    __tablename__ = "asset_words"
    __table_args__ = (of_asset(), sa.Index("asset_words_by_asset", "movement", "asset"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[bytes] = mapped_column(primary_key=True)
    asset: Mapped[str] = mapped_column(primary_key=True)
