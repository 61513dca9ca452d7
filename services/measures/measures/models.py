"""The tables of measures and versions, the words that define them, and the one transition of a version."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base
from services.measures.measures.schemes import Dimension
from shared.errors import Conflict
from shared.lifecycle import Lifecycle

RATIO_UNITS = {"proportion": 1, "percent": 100, "per_1000": 1_000, "per_10000": 10_000, "per_100000": 100_000}
"""The units of a ratio: what numerator divided by denominator is multiplied by, and so the most that it can be."""


class Kind(StrEnum):
    """What sort of quantity a measure is, which decides how its figures may be read and added up."""

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    MEAN = "mean"
    DISTRIBUTION = "distribution"
    ORDINAL = "ordinal"
    NARRATIVE = "narrative"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"
    NEITHER = "neither"


class Boundaries(StrEnum):
    """Which places a period's figures are for: those of that time, or today's reckoned back to it."""

    AS_AT = "as_at"
    BACK_CAST = "back_cast"


class Comparability(StrEnum):
    """How figures of a version stand to those of the version before: the same, the same once a note is read, or not."""

    SAME = "same"
    BRIDGED = "bridged"
    BREAK = "break"


class VersionStatus(StrEnum):
    """Where a version is. Once it is published it is never changed."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    CONSULTING = "consulting"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


VERSIONS = Lifecycle(
    "a version",
    {
        # What nobody else has to agree to may be published as it is.
        VersionStatus.DRAFT: {VersionStatus.PROPOSED, VersionStatus.PUBLISHED, VersionStatus.WITHDRAWN},
        VersionStatus.PROPOSED: {
            VersionStatus.CONSULTING, VersionStatus.PUBLISHED, VersionStatus.DRAFT, VersionStatus.WITHDRAWN,
        },
        VersionStatus.CONSULTING: {VersionStatus.PUBLISHED, VersionStatus.DRAFT, VersionStatus.WITHDRAWN},
    },
)  # fmt: skip


class AlreadyPublished(Conflict):
    """The version is published, and so immutable."""

    code, title = "already_published", "This version is published already and does not change any more"


class Measure(Base):
    """Something that a movement keeps a common count of. What exactly it counts, its versions say.

    `origin` is the movement from whose commons it was taken: it is a copy then, as are its versions, under the same
    ids; they are published and so never differ. `forked_from` is the version that the movement made it out of.
    """

    __tablename__ = "measures"
    __table_args__ = (sa.UniqueConstraint("movement", "key"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    origin: Mapped[str | None]
    forked_from: Mapped[str | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class MeasureVersion(Base):
    """One definition of a measure. Versions of a measure are numbered from 1.

    `scheme` and `roll_ups` are those of :mod:`.schemes` and :mod:`.rollups`. `distinct`: what is counted are people or
    groups of whom the same one may be counted twice, so that two figures only bound how many there are. `instrument`
    and `profile` are keys; a version without a profile takes the movement's. `follows` is the version published before
    it, to which `comparability` holds; both are settled when it is published, and None for the first. `consult_until`
    is the last ISO day on which it is consulted on; `reason` is why it went back or was withdrawn.
    """

    __tablename__ = "measure_versions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "measure"], ["measures.movement", "measures.id"]),
        sa.UniqueConstraint("movement", "measure", "number"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str]
    number: Mapped[int]
    kind: Mapped[str]
    unit: Mapped[str]
    direction: Mapped[str]
    numerator_description: Mapped[str]
    denominator_description: Mapped[str]
    population: Mapped[str]
    age_base: Mapped[str]
    period_type: Mapped[str]
    year_starts: Mapped[str]
    boundaries: Mapped[str]
    instrument: Mapped[str | None]
    instrument_version: Mapped[int | None]
    scheme: Mapped[list[Dimension]] = mapped_column(sa.JSON)
    distinct: Mapped[bool]
    roll_ups: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    profile: Mapped[str | None]
    comparability: Mapped[str | None]
    bridge_note: Mapped[str]
    follows: Mapped[str | None]
    status: Mapped[str]
    consult_until: Mapped[str | None]
    reason: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    def publish(self, follows: "MeasureVersion | None", at: datetime) -> None:
        """Fix the definition for ever, after the version published before it. Raises AlreadyPublished.

        A successor that does not say how it compares is a break: nothing is compared on silence.
        """
        if self.status == VersionStatus.PUBLISHED:
            raise AlreadyPublished()
        self.move(VersionStatus.PUBLISHED, at)
        self.published_at = at
        if follows is None:
            self.comparability, self.bridge_note = None, ""
        else:
            self.follows, self.comparability = follows.id, self.comparability or Comparability.BREAK.value

    def move(self, status: VersionStatus, at: datetime) -> None:
        """Take the next step. Raises IllegalTransition."""
        self.status = VERSIONS.step(self.status, status).value
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """It is another than whoever read it before has seen."""
        self.version, self.updated_at = self.version + 1, at
