"""Tables of asks and offers, and of the matches between them, with their legal steps.

An ask and an offer are the same thing seen from two sides, and so they are rows of one table.
"""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import IllegalTransition, Lifecycle


class Side(StrEnum):
    """Which of the two it is."""

    ASK = "ask"
    OFFER = "offer"

    @property
    def other(self) -> "Side":
        """What it is matched with."""
        return Side.OFFER if self is Side.ASK else Side.ASK


class Kind(StrEnum):
    """What is asked for or offered."""

    TIME = "time"
    SKILL = "skill"
    SPACE = "space"
    KIT = "kit"
    ADVICE = "advice"


IN_PERSON = frozenset({Kind.TIME, Kind.SKILL, Kind.ADVICE})
"""The kinds by which somebody gives of themself, close to whoever is helped: their checks are asked for."""


class ListingState(StrEnum):
    """Where an ask or an offer is."""

    OPEN = "open"
    MATCHED = "matched"
    DONE = "done"
    THANKED = "thanked"
    WITHDRAWN = "withdrawn"


class MatchState(StrEnum):
    """Where a match is."""

    MADE = "made"
    DONE = "done"
    THANKED = "thanked"
    FALLEN_THROUGH = "fallen_through"


LISTINGS = Lifecycle(
    "an ask or an offer",
    {
        ListingState.OPEN: {ListingState.MATCHED, ListingState.WITHDRAWN},
        # A match that falls through leaves both open again.
        ListingState.MATCHED: {ListingState.OPEN, ListingState.DONE, ListingState.WITHDRAWN},
        ListingState.DONE: {ListingState.THANKED},
        # The end of the organisation whose it is was undone.
        ListingState.WITHDRAWN: {ListingState.OPEN},
    },
)
MATCHES = Lifecycle(
    "a match",
    {
        MatchState.MADE: {MatchState.DONE, MatchState.FALLEN_THROUGH},
        MatchState.DONE: {MatchState.THANKED},
    },
)
LIVE = "state = 'made'"
"""The matches that neither came to anything nor fell through yet."""


class NotOpen(Conflict):
    """The ask or the offer was matched with another one, withdrawn, or is of use no longer; ``state`` says which."""

    code = "not_open"
    title = "It is not open to be matched"


class SettledAlready(Conflict):
    """The hours of a match are settled once; ``transfer`` is by which transfer, unless that is reversed."""

    code = "settled_already"
    title = "The hours of this match are settled already"


class Listing(Base):
    """Something that a person or an organisation asks for or offers, of use until and including ``until``.

    ``interests`` are what it is about, ``times`` when it is wanted or to be had: days with from and until when.
    """

    __tablename__ = "listings"
    __table_args__ = (
        of_person(erased=GOES),
        of_organisation(),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="listings_of_one"),
        sa.Index("listings_by_state", "movement", "side", "state", "kind"),
        sa.Index("listings_by_person", "movement", "person"),
        sa.Index("listings_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    side: Mapped[str]
    kind: Mapped[str]
    person: Mapped[str | None]
    organisation: Mapped[str | None]
    title: Mapped[str]
    description: Mapped[str | None]
    interests: Mapped[list[str]] = mapped_column(sa.JSON)
    times: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)
    area: Mapped[str | None]
    postcode: Mapped[str | None]
    until: Mapped[date | None]
    state: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def owner(self) -> tuple[str | None, str | None]:
        """Whose it is: a person or an organisation."""
        return self.person, self.organisation

    def refuse_unless_open(self, today: date) -> None:
        """Raise NotOpen where it cannot be matched, or changed, any more."""
        if self.state != ListingState.OPEN:
            raise NotOpen(f"the {self.side} is {self.state}", state=self.state)
        if self.until is not None and self.until < today:
            raise NotOpen(f"the {self.side} was of use until {self.until}", state="over")

    def step(self, to: ListingState, at: datetime) -> None:
        """Go on to another state. Raises IllegalTransition."""
        self.state = LISTINGS.step(self.state, to)
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Match(Base):
    """That an offer is to meet an ask. ``reasons`` are the sentences that spoke for it when it was made.

    ``transfer`` is how its hours were settled in the time bank.
    """

    __tablename__ = "exchange_matches"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "ask"], ["listings.movement", "listings.id"]),
        sa.ForeignKeyConstraint(["movement", "offer"], ["listings.movement", "listings.id"]),
        *(
            sa.Index(
                f"exchange_matches_one_live_{side}",
                "movement",
                side,
                unique=True,
                sqlite_where=sa.text(LIVE),
                postgresql_where=sa.text(LIVE),
            )
            for side in Side
        ),
        *(sa.Index(f"exchange_matches_by_{side}", "movement", side) for side in Side),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    ask: Mapped[str]
    offer: Mapped[str]
    reasons: Mapped[list[str]] = mapped_column(sa.JSON)
    state: Mapped[str]
    note: Mapped[str | None]
    thanks: Mapped[str | None]
    transfer: Mapped[str | None]
    made_at: Mapped[datetime]
    done_on: Mapped[date | None]
    updated_at: Mapped[datetime]

    def refuse_unless_done(self) -> None:
        """Raise IllegalTransition where there are no hours yet that could be settled."""
        if self.state not in (MatchState.DONE, MatchState.THANKED):
            raise IllegalTransition(f"a match that is {self.state} has no hours to settle", state=self.state)

    def step(self, to: MatchState, at: datetime) -> None:
        """Go on to another state. Raises IllegalTransition."""
        self.state = MATCHES.step(self.state, to)
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at
