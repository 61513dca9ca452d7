"""The verbs of measures and versions: name one, define it, publish the definition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.measures.measures import store
from services.measures.measures.models import (
    Boundaries,
    Comparability,
    Direction,
    Kind,
    Measure,
    MeasureVersion,
    VersionStatus,
)
from services.measures.measures.rollups import Over, RollUp
from services.measures.measures.schemes import Dimension
from services.measures.periods import PeriodType
from shared import clock, outbox
from shared.errors import Conflict, NotFound
from shared.events.measures import MeasureCreated, MeasureVersionPublished
from shared.ids import new_id


class KeyTaken(Conflict):
    """Another measure of the movement has that key."""

    code, title = "key_taken", "Another measure has this key"


class NotPublished(Conflict):
    """The version is a draft: nothing can be reported against it."""

    code, title = "version_not_published", "This version is a draft; publish it first"


class LaterPublished(Conflict):
    """A version drafted after this one is published already, and would come before it."""

    code, title = "later_version_published", "A later version of this measure is published already: draft it again"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a version says that its measure counts."""

    kind: Kind
    unit: str
    direction: Direction
    numerator_description: str
    denominator_description: str
    population: str
    age_base: str
    period_type: PeriodType
    year_starts: str
    boundaries: Boundaries
    instrument: str | None
    instrument_version: int | None
    scheme: list[Dimension]
    distinct: bool
    roll_ups: Mapping[Over, RollUp]
    profile: str | None
    comparability: Comparability | None
    bridge_note: str


def create_measure(session: Session, movement: str, key: str, title: str, description: str) -> Measure:
    """Name a measure. Raises KeyTaken."""
    measure = new_id("measure")
    entered = store.insert_measure(
        session, movement, id=measure, key=key, title=title, description=description, created_at=clock.now()
    )
    if not entered:
        raise KeyTaken()
    outbox.record(session, MeasureCreated(measure=measure))
    return read_measure(session, movement, measure)


def read_measure(session: Session, movement: str, measure: str) -> Measure:
    """The measure. Raises NotFound."""
    return _found(store.get_measure(session, movement, measure))


def list_measures(session: Session, movement: str, key: str | None, after: str | None, limit: int) -> Sequence[Measure]:
    """A page of the movement's measures, oldest first."""
    return store.page_of_measures(session, movement, key=key, after=after, limit=limit)


def draft_version(session: Session, movement: str, measure: str, definition: Definition) -> MeasureVersion:
    """Define a measure, as a draft under its next number. Raises NotFound."""
    _found(store.lock_measure(session, movement, measure))
    now = clock.now()
    version = MeasureVersion(
        id=new_id("mver"), measure=measure, status=VersionStatus.DRAFT.value, version=1, created_at=now, updated_at=now,
        kind=definition.kind.value, unit=definition.unit, direction=definition.direction.value,
        numerator_description=definition.numerator_description,
        denominator_description=definition.denominator_description, population=definition.population,
        age_base=definition.age_base, period_type=definition.period_type.value, year_starts=definition.year_starts,
        boundaries=definition.boundaries.value, instrument=definition.instrument,
        instrument_version=definition.instrument_version, scheme=definition.scheme, distinct=definition.distinct,
        roll_ups={over.value: rule.value for over, rule in definition.roll_ups.items()}, profile=definition.profile,
        comparability=definition.comparability and definition.comparability.value, bridge_note=definition.bridge_note,
    )  # fmt: skip
    store.add_version(session, movement, version)
    return version


def publish_version(session: Session, movement: str, measure: str, version: str) -> MeasureVersion:
    """Fix a definition for ever, so that figures can be reported. Raises NotFound, AlreadyPublished, LaterPublished."""
    store.lock_measure(session, movement, measure)  # one after the other, so that each follows the one before
    found = _of_measure(store.lock_version(session, movement, version), measure)
    before = store.latest_published(session, movement, measure)
    if before is not None and before.number > found.number:
        raise LaterPublished()
    found.publish(before, clock.now())
    outbox.record(session, MeasureVersionPublished(measure=measure, version=version))
    return found


def read_version(session: Session, movement: str, measure: str, version: str) -> MeasureVersion:
    """A version of that measure. Raises NotFound."""
    return _of_measure(store.get_version(session, movement, version), measure)


def published_version(session: Session, movement: str, version: str) -> MeasureVersion:
    """A version that can be reported against. Raises NotFound and NotPublished."""
    found = store.get_version(session, movement, version)
    if found is None:
        raise NotFound("there is no such version")
    if found.status != VersionStatus.PUBLISHED:
        raise NotPublished()
    return found


def version_to_read(session: Session, movement: str, measure: str, version: str | None) -> MeasureVersion:
    """That version of the measure, or its newest published one. Raises NotFound and NotPublished."""
    if version is not None:
        return read_version(session, movement, measure, version)
    newest = store.latest_published(session, movement, measure)
    if newest is None:
        raise NotPublished("the measure has no published version")
    return newest


def list_versions(session: Session, movement: str, measure: str, after: int, limit: int) -> Sequence[MeasureVersion]:
    """A page of the measure's versions by number. Raises NotFound."""
    _found(store.get_measure(session, movement, measure))
    return store.versions_of(session, movement, measure, after=after, limit=limit)


def _found(measure: Measure | None) -> Measure:
    if measure is None:
        raise NotFound("there is no such measure")
    return measure


def _of_measure(version: MeasureVersion | None, measure: str) -> MeasureVersion:
    if version is None or version.measure != measure:
        raise NotFound("there is no such version of this measure")
    return version
