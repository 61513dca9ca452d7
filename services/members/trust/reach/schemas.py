"""What is said of reference populations, what is asked of reach, and how it is shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.members.fields import Paragraph, Postcode, Reference, Slug
from services.members.trust.reach import models
from services.members.trust.reach.models import Cadence, Who
from services.members.trust.reach.shares import NOT_ASKED, Group, groups
from shared.fields import Body, Name, View
from shared.ids import Id

PopulationId = Annotated[str, Id("population")]
ReachId = Annotated[str, Id("reach")]


class Counted(Body):
    """How many of the population there are of an option."""

    option: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,49}$", examples=["band_1", "10"])]
    people: Annotated[int, Field(ge=0, le=10**9)]


def _each_once(people: list[Counted]) -> list[Counted]:
    if len({each.option for each in people}) < len(people):
        raise PydanticCustomError("repeated", "counts the same option twice")
    return people


class NewPopulation(Body):
    """Those whom the movement is there for, as somebody else counted them."""

    name: Name = Field(examples=["Royal Free London, bands 1 to 3"])
    edition: Reference = Field(examples=["ESR, March 2026", "IMD 2025"])
    dimension: Slug = Field(examples=["pay_band", "deprivation_decile"])
    directory: Reference | None = Field(
        None, description="for deciles: the edition of the index by which postcodes were loaded"
    )
    cadence: Cadence
    as_of: date
    source: Paragraph
    people: Annotated[list[Counted], AfterValidator(_each_once), Field(min_length=2, max_length=100)]


class Population(View):
    """A reference population. It never changes: other counts are another edition."""

    id: PopulationId
    name: str
    edition: str
    dimension: str
    directory: str | None
    cadence: Cadence
    as_of: date
    source: str
    people: list[Counted]
    created_at: datetime

    @classmethod
    def of(cls, row: models.ReferencePopulation) -> Self:
        """A population as the API shows it."""
        return cls(
            id=row.id,
            name=row.name,
            edition=row.edition,
            dimension=row.dimension,
            directory=row.directory,
            cadence=Cadence(row.cadence),
            as_of=row.as_of,
            source=row.source,
            people=[Counted(option=str(option), people=int(people)) for option, people in row.people],
            created_at=row.created_at,
        )


class PostcodeDecile(Body):
    """The deprivation decile of a postcode's area: 1 is the most deprived tenth."""

    postcode: Postcode
    decile: Annotated[int, Field(ge=1, le=10)]


class NewPostcodes(Body):
    """Postcodes of an edition of an index, at most ten thousand at once; those known already are put right."""

    directory: Reference = Field(examples=["IMD 2025"])
    postcodes: Annotated[list[PostcodeDecile], Field(min_length=1, max_length=10_000)]


class NewReach(Body):
    """Whose reach, and of which period that is over: a whole year or quarter, as the population has it."""

    population: PopulationId
    who: Who = Who.MEMBERS
    period: Annotated[str, Field(max_length=10, examples=["2026-Q1", "2026"])]


class Interval(View):
    """Where a ratio may lie by chance alone, both ends included."""

    low: float
    high: float
    level: float
    method: str = "wilson"


class ShownGroup(View):
    """A group of the population, and how many of those who take part belong to it.

    `participants` is null where they are too few to show. `ratio` is their share over the population's: 1 where a group
    is reached as its size would have it.
    """

    option: str
    population: int
    participants: int | None
    population_share: float | None
    participant_share: float | None
    ratio: float | None
    interval: Interval | None

    @classmethod
    def of(cls, group: Group) -> Self:
        """A group as the API shows it."""
        found = group.interval
        interval = None if found is None else Interval(low=found.low, high=found.high, level=found.level)
        return cls(
            option=group.key,
            population=group.population,
            participants=group.participants,
            population_share=group.population_share,
            participant_share=group.participant_share,
            ratio=group.ratio,
            interval=interval,
        )


class Unknown(View):
    """Those who take part and belong to no group: not asked, would rather not say, or another option."""

    option: str
    participants: int | None


class Reach(View):
    """Reach as it was published, once: counts are rounded, small ones left out, and shares made of what is shown."""

    id: ReachId
    population: PopulationId
    edition: str
    who: Who
    period: str
    groups: list[ShownGroup]
    unknown: list[Unknown]
    redacted_up_to: int = Field(description="participants up to this number are not shown, none among them")
    rounded_to: int
    least_base: int = Field(description="below so many in all groups there are counts and no shares")
    chance_only: bool = Field(True, description="the interval says what chance does, not who chose to answer")
    made_at: datetime

    @classmethod
    def of(cls, found: tuple[models.ReachReport, models.ReferencePopulation]) -> Self:
        """What was published, as the API shows it."""
        report, population = found
        people = {str(option): int(count) for option, count in population.people}
        shown = {str(option): None if count is None else int(count) for option, count in report.groups}
        others = sorted(shown.keys() - people.keys(), key=lambda option: (option != NOT_ASKED, option))
        return cls(
            id=report.id,
            population=population.id,
            edition=population.edition,
            who=Who(report.who),
            period=report.period,
            groups=[ShownGroup.of(group) for group in groups(people, shown, report.least_base)],
            unknown=[Unknown(option=option, participants=shown[option]) for option in others],
            redacted_up_to=report.redacted_up_to,
            rounded_to=report.rounded_to,
            least_base=report.least_base,
            made_at=report.made_at,
        )
