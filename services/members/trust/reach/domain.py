"""Reference populations are entered, and reach is published: once for each population, who, and period."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.trust.equality import domain as equality
from services.members.trust.reach import counting, periods, store
from services.members.trust.reach.models import DECILE, Cadence, ReachReport, ReferencePopulation
from services.members.trust.reach.periods import Period
from services.members.trust.reach.schemas import NewPopulation, NewPostcodes, NewReach
from services.members.trust.reach.shares import protected
from shared import clock, outbox
from shared.disclosure import Redacting
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.reach import ReachPublished
from shared.ids import new_id

Published = tuple[ReachReport, ReferencePopulation]


class EditionKnown(Conflict):
    """A population is entered once in an edition; ``population`` is its id."""

    code = "edition_known"
    title = "This population is known in that edition already"


def enter(session: Session, movement: str, said: NewPopulation) -> ReferencePopulation:
    """Enter a reference population. Raises Invalid and EditionKnown."""
    faults = _faults(session, movement, said)
    if faults:
        raise Invalid(faults=faults)
    known = store.named(session, movement, said.name, said.edition)
    if known is not None:
        raise EditionKnown(population=known.id)
    row = ReferencePopulation(
        movement=movement,
        id=new_id("population"),
        name=said.name,
        edition=said.edition,
        dimension=said.dimension,
        directory=said.directory,
        cadence=said.cadence,
        as_of=said.as_of,
        source=said.source,
        people=[[each.option, each.people] for each in said.people],
        created_at=clock.now(),
    )
    store.add(session, row)
    return row


def load_postcodes(session: Session, movement: str, said: NewPostcodes) -> None:
    """Keep which decile postcodes are in, by an edition of an index."""
    deciles = {each.postcode.replace(" ", ""): each.decile for each in said.postcodes}
    store.keep_postcodes(session, movement, said.directory, deciles)


def list_populations(session: Session, movement: str, *, after: After, limit: int) -> Sequence[ReferencePopulation]:
    """Populations in the order in which they were entered."""
    return store.list_populations(session, movement, after=after, limit=limit)


def reckon(session: Session, movement: str, said: NewReach, redacting: Redacting) -> Mapping[str, int | None]:
    """Participants by option as they may be shown; nothing where it was published before. Raises Invalid.

    It reads only, and what it read true goes no further than this.
    """
    population, period = _asked(session, movement, said)
    if store.published(session, movement, population.id, said.who, said.period) is not None:
        return {}
    return protected(counting.counted(session, movement, population, said.who, period), redacting)


def publish(
    session: Session,
    movement: str,
    said: NewReach,
    shown: Mapping[str, int | None],
    redacting: Redacting,
    least_base: int,
) -> tuple[Published, bool]:
    """Keep what was reckoned, and whether it is new: what was published before is answered again, as it was then."""
    population = store.population(session, movement, said.population, locked=True)
    if population is None:
        raise NotFound
    before = store.published(session, movement, population.id, said.who, said.period)
    if before is not None:
        return (before, population), False
    report = ReachReport(
        movement=movement,
        id=new_id("reach"),
        population=population.id,
        who=said.who,
        period=said.period,
        redacted_up_to=redacting.up_to,
        rounded_to=redacting.to,
        least_base=least_base,
        groups=[[option, count] for option, count in shown.items()],
        made_at=clock.now(),
    )
    store.add(session, report)
    outbox.record(session, ReachPublished(report=report.id, population=population.id, period=said.period))
    return (report, population), True


def read(session: Session, movement: str, report: str) -> Published:
    """What was published. Raises NotFound."""
    found = store.report(session, movement, report)
    population = None if found is None else store.population(session, movement, found.population)
    if found is None or population is None:
        raise NotFound
    return found, population


def list_reports(
    session: Session, movement: str, *, population: str | None, after: After, limit: int
) -> Sequence[Published]:
    """What was published, the first one first."""
    return store.list_reports(session, movement, population=population, after=after, limit=limit)


def _asked(session: Session, movement: str, said: NewReach) -> tuple[ReferencePopulation, Period]:
    population = store.population(session, movement, said.population)
    if population is None:
        raise Invalid(faults=[Fault("/population", "is no population of this movement", "unknown_population")])
    period = periods.parsed(said.period, Cadence(population.cadence))
    if period is None:
        raise Invalid(faults=[Fault("/period", f"is no whole {population.cadence}", "not_a_period")])
    if period.last >= days.today(session, movement):
        raise Invalid(faults=[Fault("/period", "is not over", "not_over")])
    return population, period


def _faults(session: Session, movement: str, said: NewPopulation) -> list[Fault]:
    faults = []
    if said.as_of > days.today(session, movement):
        faults.append(Fault("/as_of", "is in the future", "in_the_future"))
    if said.dimension == DECILE:
        options = {str(decile) for decile in range(1, 11)}
        if said.directory is None or not store.has_postcodes(session, movement, said.directory):
            faults.append(Fault("/directory", "is no edition whose postcodes are loaded", "unknown_directory"))
    else:
        asked = {question.key: question for question in equality.questions(session, movement)}
        if said.dimension not in asked:
            return [*faults, Fault("/dimension", "is no equality question and not the decile", "unknown_dimension")]
        options = {option.key for option in asked[said.dimension].options}
    faults += [
        Fault(f"/people/{place}/option", "is no option of the dimension", "unknown_option")
        for place, each in enumerate(said.people)
        if each.option not in options
    ]
    return faults
