"""Tables of introductions: the case, its introductions and their legal steps, the sealed words, and unmet wishes."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import HOLDS_PERSON, Base
from services.members.community.assets.models import of_asset
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import EMPTIED, GOES, LEADS_NOWHERE, sealed_words
from shared.lifecycle import Lifecycle


class Step(StrEnum):
    """Where an introduction is. A permission is for one introduction, so each begins with its own."""

    PERMITTED = "permitted"
    INTRODUCED = "introduced"
    ATTENDED = "attended"
    SETTLED = "settled"
    NOT_FOR_ME = "not_for_me"
    WITHDRAWN = "withdrawn"


class CaseState(StrEnum):
    """Where a case is: at the furthest of its introductions that go on, or at its end."""

    OPENED = "opened"
    PERMITTED = "permitted"
    INTRODUCED = "introduced"
    ATTENDED = "attended"
    SETTLED = "settled"
    NOT_FOR_ME = "not_for_me"
    WITHDRAWN = "withdrawn"


class Telling(StrEnum):
    """How much of the outcome the person allows to be told to whoever referred them."""

    NOTHING = "nothing"
    OUTCOME = "outcome"
    OUTCOME_AND_PLACE = "outcome_and_place"


LIVE_STEPS = (Step.PERMITTED, Step.INTRODUCED, Step.ATTENDED)
"""From the least far to the furthest."""
LIVE_CASES = (CaseState.OPENED, CaseState.PERMITTED, CaseState.INTRODUCED, CaseState.ATTENDED)
ENDED_CASES = (CaseState.SETTLED, CaseState.NOT_FOR_ME, CaseState.WITHDRAWN)
BEEN_THERE = (Step.INTRODUCED, Step.ATTENDED, Step.SETTLED)
"""The introductions of people who may be met where they were introduced."""

STEPS = Lifecycle(
    "an introduction",
    {
        Step.PERMITTED: {Step.INTRODUCED, Step.WITHDRAWN},
        Step.INTRODUCED: {Step.ATTENDED, Step.NOT_FOR_ME, Step.WITHDRAWN},
        Step.ATTENDED: {Step.SETTLED, Step.NOT_FOR_ME, Step.WITHDRAWN},
        Step.SETTLED: set(),
        Step.NOT_FOR_ME: set(),
        Step.WITHDRAWN: set(),
    },
)
_ENDS = {CaseState.NOT_FOR_ME, CaseState.WITHDRAWN}
CASES = Lifecycle(
    "a case",
    {
        CaseState.OPENED: {CaseState.PERMITTED, *_ENDS},
        # Of several introductions one may go on where another ends, so a case that is not over may go back as well.
        CaseState.PERMITTED: {CaseState.OPENED, CaseState.INTRODUCED, CaseState.ATTENDED, CaseState.SETTLED, *_ENDS},
        CaseState.INTRODUCED: {CaseState.OPENED, CaseState.PERMITTED, CaseState.ATTENDED, CaseState.SETTLED, *_ENDS},
        CaseState.ATTENDED: {CaseState.OPENED, CaseState.PERMITTED, CaseState.INTRODUCED, CaseState.SETTLED, *_ENDS},
        CaseState.SETTLED: set(),
        CaseState.NOT_FOR_ME: set(),
        CaseState.WITHDRAWN: set(),
    },
)


class Connection(Base):
    """A community connector's case with a person, the client.

    ``told_at`` is when whoever referred them was told the outcome. ``wished`` are digests of the themes for which this
    case has noted an unmet wish already: the wishes themselves hold nobody.
    """

    __tablename__ = "connections"
    __table_args__ = (
        of_person(erased=GOES),
        of_organisation("referred_by_organisation"),
        sa.Index("connections_by_person", "movement", "person"),
        sa.Index("connections_by_state", "movement", "state", "state_since"),
        sa.Index("connections_by_connector", "movement", "connector"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    connector: Mapped[str] = mapped_column(info=HOLDS_PERSON | LEADS_NOWHERE)
    referred_by_person: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | EMPTIED)
    referred_by_organisation: Mapped[str | None]
    tell_referrer: Mapped[str]
    told_at: Mapped[datetime | None]
    wished: Mapped[list[str]] = mapped_column(sa.JSON)
    state: Mapped[str]
    state_since: Mapped[datetime]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    introductions: Mapped[list["Introduction"]] = relationship(viewonly=True, lazy="raise", order_by="Introduction.id")

    @property
    def is_referred(self) -> bool:
        """Whether somebody waits to hear how it went."""
        return self.referred_by_person is not None or self.referred_by_organisation is not None

    def follow(self, steps: Iterable[str], at: datetime) -> None:
        """Stand where the furthest of the introductions that go on stands; settled once one is and none goes on."""
        known = set(steps)
        live = [step for step in LIVE_STEPS if step in known]
        if live:
            self._move(CaseState(live[-1]), at)
        else:
            self._move(CaseState.SETTLED if Step.SETTLED in known else CaseState.OPENED, at)

    def end(self, outcome: CaseState, at: datetime) -> None:
        """Any that is not over → not for me or withdrawn."""
        self._move(outcome, at)

    def _move(self, state: CaseState, at: datetime) -> None:
        if state != self.state:
            self.state, self.state_since = CASES.step(self.state, state), at
            self.told_at = None
        self.updated_at = at
        self.version += 1


class Introduction(Base):
    """One introduction to an asset, on a permission of its own: who gave it, by which authority, until what review.

    ``declaration`` says under which declaration of spare places it holds one; None where it holds none.
    """

    __tablename__ = "introductions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "connection"], ["connections.movement", "connections.id"]),
        of_asset(),
        sa.Index("introductions_by_connection", "movement", "connection"),
        sa.Index("introductions_by_asset", "movement", "asset", "state"),
        sa.Index("introductions_by_state", "movement", "state", "state_since"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    connection: Mapped[str]
    asset: Mapped[str]
    as_volunteer: Mapped[bool]
    host: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | EMPTIED)
    authority: Mapped[str]
    consulted: Mapped[list[str]] = mapped_column(sa.JSON)
    review_on: Mapped[date | None]
    state: Mapped[str]
    state_since: Mapped[datetime]
    declaration: Mapped[int | None]
    permitted_at: Mapped[datetime]
    introduced_at: Mapped[datetime | None]
    attended_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def introduce(self, host: str | None, declaration: int | None, at: datetime) -> None:
        """Permitted → introduced, to a host where there is one, holding a place where places are counted."""
        self._move(Step.INTRODUCED, at)
        self.host, self.declaration, self.introduced_at = host, declaration, at

    def attend(self, at: datetime) -> None:
        """Introduced → attended."""
        self._move(Step.ATTENDED, at)
        self.attended_at = at

    def settle(self, at: datetime) -> None:
        """Attended → settled: they go on by themselves, and keep their place."""
        self._move(Step.SETTLED, at)
        self.ended_at = at

    def leave(self, step: Step, at: datetime) -> int | None:
        """Any that goes on → not for me or withdrawn. Answers under which declaration a place becomes free again."""
        self._move(step, at)
        held, self.declaration, self.ended_at = self.declaration, None, at
        return held

    def _move(self, step: Step, at: datetime) -> None:
        self.state, self.state_since = STEPS.step(self.state, step), at


def words_place(movement: str, conversation: str) -> bytes:
    """What the words of a case are bound to: moved to another row they do not open."""
    return f"{movement}/{conversation}".encode()


class Conversation(Base):
    """What matters to somebody, in words: sealed, for words like these may tell of health or belief."""

    __tablename__ = "conversations"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "connection"], ["connections.movement", "connections.id"]),
        sa.Index("conversations_by_connection", "movement", "connection"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    connection: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(info=sealed_words(words_place))
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class UnmetWish(Base):
    """Something that was looked for and is not on the map: a theme and a place, and the day. Nobody is in it."""

    __tablename__ = "unmet_wishes"
    __table_args__ = (sa.Index("unmet_wishes_by_theme", "movement", "theme", "place"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    theme: Mapped[str]
    place: Mapped[str | None]
    noted_on: Mapped[date]
