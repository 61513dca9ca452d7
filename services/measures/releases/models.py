"""The tables of releases and of the figures in them, and what may follow what."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from services.measures.observations.models import Amount, Bound, FigureStatus
from shared.errors import Conflict


class ReleaseStatus(StrEnum):
    """A release is drafted, then checked, then published; another supersedes it, or it is withdrawn."""

    DRAFTED = "drafted"
    CHECKED = "checked"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


MADE_PUBLIC = frozenset({ReleaseStatus.PUBLISHED, ReleaseStatus.SUPERSEDED, ReleaseStatus.WITHDRAWN})
"""What readers have had: what was shown once is known for ever."""


class Audience(StrEnum):
    """Whom it is for: anybody, or the organisations of the movement."""

    PUBLIC = "public"
    PARTNERS = "partners"


class NotNow(Conflict):
    """The release is not at the step from which this is done; `stands` says where it is."""

    code, title = "wrong_status", "The release is not at the step that this follows"


class Query(TypedDict):
    """Which figures: None is any. `first` and `last` are periods as they are written, both included."""

    places: list[str] | None
    cells: list[str] | None
    first: str | None
    last: str | None
    reporter: str | None


class StoredPlan(TypedDict):
    """What a check found, by the positions of the release's figures: with it, what the release said can be said again.

    `nests` is what lies in what, and whether nothing else does; `hidden` are the figures of the plan, `secondary` how
    many of them only for the sake of others, `withheld` all that are not shown.
    """

    figures: int
    nests: list[tuple[int, list[int], bool]]
    hidden: list[int]
    withheld: list[int]
    secondary: int


class Release(Base):
    """Figures of one measure version for one audience.

    `as_of` is the cut-off: what became known later is not in it. `number` counts what the measure made public, from 1;
    `checked_after` is the number that the attack knew of. `hashes` are the SHA-256 of its files, by their format.
    """

    __tablename__ = "releases"
    __table_args__ = (sa.UniqueConstraint("movement", "measure", "number"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str]
    measure_version: Mapped[str]
    audience: Mapped[str]
    title: Mapped[str]
    note: Mapped[str]
    profile: Mapped[str]
    profile_number: Mapped[int]
    query: Mapped[Query] = mapped_column(sa.JSON)
    as_of: Mapped[datetime]
    status: Mapped[str]
    supersedes: Mapped[str | None]
    superseded_by: Mapped[str | None]
    plan: Mapped[StoredPlan | None] = mapped_column(sa.JSON)
    hashes: Mapped[dict[str, str] | None] = mapped_column(sa.JSON)
    checked_after: Mapped[int | None]
    number: Mapped[int | None]
    withdrawn_because: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    _FROM: ClassVar = {
        ReleaseStatus.CHECKED: {ReleaseStatus.DRAFTED, ReleaseStatus.CHECKED},
        ReleaseStatus.PUBLISHED: {ReleaseStatus.CHECKED},
        ReleaseStatus.SUPERSEDED: {ReleaseStatus.PUBLISHED},
        ReleaseStatus.WITHDRAWN: {ReleaseStatus.PUBLISHED, ReleaseStatus.SUPERSEDED},
    }

    def go(self, to: ReleaseStatus, at: datetime) -> None:
        """Take the next step. Raises NotNow."""
        if self.status not in self._FROM[to]:
            raise NotNow(stands=self.status)
        self.status = to.value
        self.touch(at)

    def touch(self, at: datetime) -> None:
        """It is another version of itself now."""
        self.version, self.updated_at = self.version + 1, at


class ReleaseFigure(Base):
    """A figure as a release shows it. What it truly was is in the observation, which never changes."""

    __tablename__ = "release_figures"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "release"], ["releases.movement", "releases.id"]),
        sa.ForeignKeyConstraint(["movement", "observation"], ["observations.movement", "observations.id"]),
        sa.Index("release_figures_of_series", "movement", "measure_version", "place", "period_start"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    release: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    observation: Mapped[str]
    measure_version: Mapped[str]
    place: Mapped[str]
    period_start: Mapped[str]
    cell: Mapped[str]
    reporter: Mapped[str]
    programme: Mapped[str]
    activity: Mapped[str]
    status: Mapped[str]
    bound: Mapped[str]
    value: Mapped[str | None]
    numerator: Mapped[int | None]
    denominator: Mapped[int | None]
    n: Mapped[int | None]
    sum_x: Mapped[str | None]
    sum_x2: Mapped[str | None]

    @property
    def amount(self) -> Amount:
        """What the release says of it."""
        return Amount(
            FigureStatus(self.status), self.value, self.numerator, self.denominator, self.n, self.sum_x, self.sum_x2,
            Bound(self.bound),
        )  # fmt: skip
