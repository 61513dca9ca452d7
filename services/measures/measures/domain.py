"""The verbs of measures and versions: name one, define it, publish the definition."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from services.measures.consultations import store as comments
from services.measures.measures import store
from services.measures.measures.comparing import Comparison, compare
from services.measures.measures.models import (
    AlreadyPublished,
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
from shared.editing import Changes, hold_to
from shared.errors import Conflict, NotFound
from shared.events.measures.definitions import MeasureCreated, MeasureVersionPublished
from shared.ids import new_id
from shared.partners import answering as partners


class KeyTaken(Conflict):
    """Another measure of the movement has that key."""

    code, title = "key_taken", "Another measure has this key"


class NotPublished(Conflict):
    """The version is a draft: nothing can be reported against it."""

    code, title = "version_not_published", "This version is a draft; publish it first"


class NotYours(Conflict):
    """The measure was taken from the commons: only those whose it is change it. Fork it to have one of your own."""

    code, title = "not_yours", "The measure is another movement's; fork it to change it"


class NotADraft(Conflict):
    """Only a draft is edited: what is proposed or consulted on goes back to a draft first."""

    code, title = "not_a_draft", "This version is not a draft"


class ConsultationOpen(Conflict):
    """Partners may still comment on the version, or wait for answers to what they said."""

    code, title = "consultation_open", "The consultation on this version is not over"


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

    def columns(self) -> dict[str, object]:
        """The same, as a version keeps it."""
        columns: dict[str, object] = {name: getattr(self, name) for name in self.__slots__}
        stored = {name: value.value for name, value in columns.items() if isinstance(value, StrEnum)}
        return columns | stored | {"roll_ups": {over.value: rule.value for over, rule in self.roll_ups.items()}}


Define = Callable[[MeasureVersion], Definition]
"""Makes a definition of the one that a version has."""


def create_measure(
    session: Session, movement: str, key: str, title: str, description: str, forked_from: str | None = None
) -> Measure:
    """Name a measure, perhaps one made out of another's version. Raises KeyTaken."""
    measure, now = new_id("measure"), clock.now()
    entered = store.insert_measure(
        session, movement, id=measure, key=key, title=title, description=description, origin=None,
        forked_from=forked_from, version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    if not entered:
        raise KeyTaken()
    outbox.record(session, MeasureCreated(measure=measure, forked_from=forked_from))
    return read_measure(session, movement, measure)


def change_measure(session: Session, movement: str, measure: str, said: Changes, expected: int | None) -> Measure:
    """Give a measure another title or description. Raises NotFound, PreconditionFailed and NotYours."""
    found = _own(store.lock_measure(session, movement, measure))
    hold_to(found.version, expected)
    said.apply(found)
    found.version, found.updated_at = found.version + 1, clock.now()
    return found


def read_measure(session: Session, movement: str, measure: str) -> Measure:
    """The measure. Raises NotFound."""
    return _found(store.get_measure(session, movement, measure))


def list_measures(
    session: Session,
    movement: str,
    key: str | None,
    q: str | None,
    activity: str | None,
    after: str | None,
    limit: int,
) -> Sequence[Measure]:
    """A page of the movement's measures, oldest first; with `q` those whose title holds it, with `activity` those of
    which there are figures of it."""
    return store.page_of_measures(session, movement, key=key, q=q, activity=activity, after=after, limit=limit)


def draft_version(session: Session, movement: str, measure: str, definition: Definition) -> MeasureVersion:
    """Define a measure, as a draft under its next number. Raises NotFound and NotYours."""
    _own(store.lock_measure(session, movement, measure))
    now = clock.now()
    version = MeasureVersion(
        id=new_id("mver"), measure=measure, status=VersionStatus.DRAFT.value, reason="", version=1, created_at=now,
        updated_at=now, **definition.columns(),
    )  # fmt: skip
    store.add_version(session, movement, version)
    return version


def change_version(
    session: Session, movement: str, measure: str, version: str, define: Define, expected: int | None
) -> MeasureVersion:
    """Define a draft otherwise; `define` makes the new definition of what is there. Raises NotFound,
    PreconditionFailed, NotYours, AlreadyPublished, NotADraft, and Invalid where both together make no sense."""
    found = held_version(session, movement, measure, version, expected)
    if found.status == VersionStatus.PUBLISHED:
        raise AlreadyPublished()
    if found.status != VersionStatus.DRAFT:
        raise NotADraft(state=found.status)
    for column, value in define(found).columns().items():
        setattr(found, column, value)
    found.changed(clock.now())
    return found


def publish_version(session: Session, movement: str, measure: str, version: str) -> MeasureVersion:
    """Fix a definition for ever, so that figures can be reported. Raises NotFound, NotYours, AlreadyPublished,
    LaterPublished and ConsultationOpen."""
    found = held_version(session, movement, measure, version)
    _refuse_while_consulting(session, movement, found)
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


def definition_to_read(
    session: Session, movement: str, measure: str, version: str | None
) -> tuple[Measure, MeasureVersion]:
    """The measure, and that version of it or its newest published one. Raises NotFound and NotPublished."""
    found = store.definition(session, movement, measure, version)
    if found is None:
        raise NotFound("there is no such measure")
    known, chosen = found
    if chosen is not None:
        return known, chosen
    if version is not None:
        raise NotFound("there is no such version of this measure")
    raise NotPublished("the measure has no published version")


def compare_versions(session: Session, movement: str, measure: str, one: str, other: str | None) -> Comparison:
    """How figures by one version of the measure stand to those by another (None: the newest published one).

    Raises NotFound and NotPublished.
    """
    first = read_version(session, movement, measure, one)
    _, second = definition_to_read(session, movement, measure, other)
    if {first.status, second.status} != {VersionStatus.PUBLISHED}:
        raise NotPublished()
    return compare(first, second, store.published_versions(session, movement, measure))


def list_versions(session: Session, movement: str, measure: str, after: int, limit: int) -> Sequence[MeasureVersion]:
    """A page of the measure's versions by number. Raises NotFound."""
    _found(store.get_measure(session, movement, measure))
    return store.versions_of(session, movement, measure, after=after, limit=limit)


def held_version(
    session: Session, movement: str, measure: str, version: str, expected: int | None = None
) -> MeasureVersion:
    """A version of the movement's own, locked with its measure, at the revision that the caller read.

    Versions take their steps one after the other, so that each follows the one before. Raises NotFound, NotYours and
    PreconditionFailed.
    """
    own = store.lock_measure(session, movement, measure)
    found = _of_measure(store.lock_version(session, movement, version), measure)
    _own(own)
    hold_to(found.version, expected)
    return found


def _refuse_while_consulting(session: Session, movement: str, version: MeasureVersion) -> None:
    if version.status != VersionStatus.CONSULTING:
        return
    if version.consult_until is not None and partners.today(session, movement).isoformat() <= version.consult_until:
        raise ConsultationOpen(f"partners may comment until {version.consult_until}")
    if waiting := comments.unanswered(session, movement, version.id):
        raise ConsultationOpen(f"{waiting} comments wait for an answer", unanswered=waiting)


def _own(measure: Measure | None) -> Measure:
    if _found(measure).origin is not None:
        raise NotYours()
    return _found(measure)


def _found(measure: Measure | None) -> Measure:
    if measure is None:
        raise NotFound("there is no such measure")
    return measure


def _of_measure(version: MeasureVersion | None, measure: str) -> MeasureVersion:
    if version is None or version.measure != measure:
        raise NotFound("there is no such version of this measure")
    return version
