"""The verbs of targets and baselines: set, change and drop one."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from services.measures.measures import store as measures_store
from services.measures.measures.domain import NotPublished
from services.measures.measures.models import RATIO_UNITS, Boundaries, Kind, MeasureVersion, VersionStatus
from services.measures.measures.schemes import canonical, unknown_in
from services.measures.observations.models import EVERYBODY
from services.measures.periods import NotAPeriod, Period, PeriodType, parse
from services.measures.places import store as places_store
from services.measures.places.existence import not_there
from services.measures.targets import store
from services.measures.targets.models import Shown, Target
from services.measures.targets.schemas import NewTarget, TargetChanges
from services.measures.targets.store import Chosen
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.measures.aims import TargetChanged, TargetDropped, TargetSet
from shared.ids import new_id
from shared.partners import answering as partners

_NUMBERS = frozenset({Kind.FLOW, Kind.STOCK, Kind.RATIO, Kind.MEAN})


class TargetExists(Conflict):
    """There is a target, or a baseline, of this figure already: `target` is its id, and it can be changed."""

    code, title = "target_exists", "This figure has one already"


def create(session: Session, movement: str, said: NewTarget) -> Shown:
    """Set a target, or a baseline.

    Raises Invalid (`unknown_version`, `unknown_organisation`, `unknown_place`, `place_did_not_exist`,
    `invalid_period`, `invalid_cell`, `not_a_number`, `out_of_range`), NotPublished and TargetExists.
    """
    version = measures_store.lock_version(session, movement, said.measure_version)  # each figure has one at a time
    if version is None:
        raise Invalid(faults=[Fault("/measure_version", "is no version of this movement", "unknown_version")])
    if version.status != VersionStatus.PUBLISHED:
        raise NotPublished()
    period, faults = _period(said.period, version)
    faults += [*_faults_of_place(session, said.place, period, version), *_faults_of_cell(said.cell, version)]
    faults += _faults_of_value(said.value, version)
    if (stranger := partners.fault_of(session, movement, said.organisation, "/organisation")) is not None:
        faults.append(stranger)
    if faults or period is None:
        raise Invalid(faults=faults)
    now = clock.now()
    target = Target(
        movement=movement, id=new_id("target"), measure_version=version.id, kind=said.kind.value, place=said.place,
        cell=canonical(said.cell) or EVERYBODY, organisation=said.organisation, period=period.text,
        period_start=period.start.isoformat(), period_end=period.end.isoformat(), value=_stored(said.value),
        why=said.why, version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    _refuse_twice(session, movement, target)
    store.add(session, target)
    outbox.record(session, TargetSet(target=target.id, version=version.id))
    return _shown(session, movement, [target])[0]


def change(session: Session, movement: str, target: str, said: TargetChanges, expected: int | None) -> Shown:
    """Want another value, or say better why. Raises NotFound, PreconditionFailed and Invalid."""
    found = _held(session, movement, target, expected)
    if said.value is not None:
        version = measures_store.get_version(session, movement, found.measure_version)
        if version is not None and (faults := [*_faults_of_value(said.value, version)]):
            raise Invalid(faults=faults)
        found.value = _stored(said.value)
    said.apply(found, "why")
    found.version, found.updated_at = found.version + 1, clock.now()
    outbox.record(session, TargetChanged(target=found.id, version=found.measure_version))
    return _shown(session, movement, [found])[0]


def drop(session: Session, movement: str, target: str, expected: int | None) -> None:
    """Want it no longer. Raises NotFound and PreconditionFailed."""
    found = _held(session, movement, target, expected)
    store.delete(session, found)
    outbox.record(session, TargetDropped(target=found.id, version=found.measure_version))


def read(session: Session, movement: str, target: str) -> Shown:
    """One target. Raises NotFound."""
    found = store.find(session, movement, target)
    if found is None:
        raise NotFound("there is no such target")
    return _shown(session, movement, [found])[0]


def list_targets(session: Session, movement: str, chosen: Chosen, after: str, limit: int) -> Sequence[Shown]:
    """A page of targets and baselines, in the order in which they were set."""
    return _shown(session, movement, store.page(session, movement, chosen, after=after, limit=limit))


def _shown(session: Session, movement: str, targets: Sequence[Target]) -> list[Shown]:
    present = partners.present_ids(session, movement)
    return [Shown(target, target.organisation and present(target.organisation)) for target in targets]


def _held(session: Session, movement: str, target: str, expected: int | None) -> Target:
    found = store.find(session, movement, target, locked=True)
    if found is None:
        raise NotFound("there is no such target")
    hold_to(found.version, expected)
    return found


def _period(text: str, version: MeasureVersion) -> tuple[Period | None, list[Fault]]:
    try:
        return parse(text, PeriodType(version.period_type), version.year_starts), []
    except NotAPeriod as error:
        return None, [Fault("/period", str(error), "invalid_period")]


def _faults_of_place(session: Session, code: str, period: Period | None, version: MeasureVersion) -> Iterator[Fault]:
    place = places_store.find(session, [code]).get(code)
    if place is None:
        yield Fault("/place", "no place has this code", "unknown_place")
    elif period and (why := not_there(place.span, period, Boundaries(version.boundaries))) is not None:
        yield Fault("/place", why, "place_did_not_exist")


def _faults_of_cell(cell: str, version: MeasureVersion) -> Iterator[Fault]:
    if cell == EVERYBODY:
        return
    if canonical(cell) is None:
        yield Fault("/cell", "is not dimension=category, several separated by semicolons", "invalid_cell")
    elif (unknown := unknown_in(cell, version.scheme)) is not None:
        yield Fault("/cell", unknown, "invalid_cell")


def _faults_of_value(value: Decimal | None, version: MeasureVersion) -> Iterator[Fault]:
    kind = Kind(version.kind)
    if kind not in _NUMBERS:
        yield Fault("/measure_version", f"figures of the kind {kind} are not one number", "not_a_number")
    elif value is None or kind is Kind.MEAN:
        return
    elif kind is Kind.RATIO and not 0 <= value <= RATIO_UNITS[version.unit]:
        yield Fault("/value", f"is not between 0 and {RATIO_UNITS[version.unit]}", "out_of_range")
    elif value < 0:
        yield Fault("/value", "is negative, and it counts something", "out_of_range")


def _refuse_twice(session: Session, movement: str, target: Target) -> None:
    present = partners.present_ids(session, movement)
    whose = target.organisation and present(target.organisation)
    for other in store.alike(session, target):
        if (other.organisation and present(other.organisation)) == whose:
            raise TargetExists(target=other.id)


def _stored(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
