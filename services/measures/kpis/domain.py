"""The verbs of KPIs: enter and change one, find out where it stands, and rate it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.kpis import store
from services.measures.kpis.models import Kpi, KpiRating, NoValue, Source
from services.measures.kpis.rating import Band, NotRatable, Rates, rate
from services.measures.kpis.schemas import Band as SentBand
from services.measures.kpis.schemas import KpiChanges, NewKpi, Shown
from services.measures.measures import store as measures_store
from services.measures.measures.domain import KeyTaken, NotPublished
from services.measures.measures.models import VersionStatus
from services.measures.places import store as places_store
from services.measures.series import domain as series
from services.measures.targets import store as targets_store
from services.measures.targets.models import Kind as TargetKind
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.measures.aims import KpiChanged, KpiEntered, KpiRated
from shared.ids import new_id
from shared.partners import answering as partners


class Value(NamedTuple):
    """What a KPI is; of a figure its period, and the target that was set for that."""

    value: Decimal
    period: str | None = None
    target: Decimal | None = None


def enter(session: Session, movement: str, said: NewKpi) -> Shown:
    """Enter a KPI. Raises KeyTaken, NotPublished and Invalid (`unknown_organisation`, `unknown_version`,
    `unknown_place`)."""
    if faults := [*_faults(session, movement, said)]:
        raise Invalid(faults=faults)
    if store.with_key(session, movement, said.key) is not None:
        raise KeyTaken("another KPI has this key")
    now = clock.now()
    kpi = Kpi(
        movement=movement, id=new_id("kpi"), key=said.key, title=said.title, definition=said.definition,
        organisation=said.organisation, owner=said.owner, source=said.source.value,
        measure_version=said.measure_version, place=said.place, cell=said.group, counted=said.counted,
        target=_text(said.target), rates=said.rates.value, bands=_stored(said.bands), archived=False, version=1,
        created_at=now, updated_at=now,
    )  # fmt: skip
    store.add(session, kpi)
    outbox.record(session, KpiEntered(kpi=kpi.id, source=kpi.source))
    return _shown(session, movement, [kpi])[0]


def change(session: Session, movement: str, kpi: str, said: KpiChanges, expected: int | None) -> Shown:
    """Say otherwise what a KPI is to be, who answers for it, or how it is rated; ratings that were given stay.

    Raises NotFound and PreconditionFailed.
    """
    found = _found(store.find(session, movement, kpi, locked=True))
    hold_to(found.version, expected)
    said.apply(found, "title", "definition", "owner", "archived")
    if "target" in said.model_fields_set:
        found.target = _text(said.target)
    if said.rates is not None:
        found.rates = said.rates.value
    if said.bands is not None:
        found.bands = _stored(said.bands)
    found.version, found.updated_at = found.version + 1, clock.now()
    outbox.record(session, KpiChanged(kpi=found.id))
    return _shown(session, movement, [found])[0]


def read(session: Session, movement: str, kpi: str) -> Shown:
    """One KPI. Raises NotFound."""
    return _shown(session, movement, [_found(store.find(session, movement, kpi))])[0]


def list_kpis(
    session: Session, movement: str, archived: bool, updated_since: datetime | None, after: str, limit: int
) -> Sequence[Shown]:
    """A page of KPIs with their newest ratings, in the order in which they were entered."""
    rows = store.page(session, movement, archived=archived, updated_since=updated_since, after=after, limit=limit)
    return _shown(session, movement, rows)


def figure_of(session: Session, movement: str, kpi: str) -> Value:
    """The newest figure of a KPI that is one. Raises NotFound and NoValue."""
    found = _found(store.find(session, movement, kpi))
    version = measures_store.get_version(session, movement, found.measure_version or "")
    if version is None:
        raise NoValue("its version is not there")
    place, cell = found.place or "", found.cell or ""
    wanted = series.Wanted(place, cell, version.id)
    known = series.read_series(session, movement, version.measure, wanted).figures
    newest = [each for each in known if each.known.start == known[-1].known.start]
    if not newest:
        raise NoValue("nothing was reported")
    if len(newest) > 1:
        raise NoValue(f"{len(newest)} partners reported {newest[0].known.period}, and a KPI is one figure")
    value, period = newest[0].reading.value, newest[0].known.period
    if value is None:
        raise NoValue(f"the figure of {period} is {newest[0].known.amount.status}")
    aims = targets_store.of_series(session, movement, [version.id], [place], cell)
    aim = next((each.value for each in aims if each.kind == TargetKind.TARGET and each.period == period), None)
    return Value(Decimal(str(value)), period, None if aim is None else Decimal(aim))


def give_rating(session: Session, movement: str, kpi: str, value: Value) -> KpiRating:
    """Rate a KPI by its rule, and keep the rating. Raises NotFound, and NoValue where the rule says nothing of it."""
    found = _found(store.find(session, movement, kpi, locked=True))
    target = Decimal(found.target) if found.target is not None else value.target
    try:
        word = rate(value.value, target, Rates(found.rates), found.bands)
    except NotRatable as error:
        raise NoValue(str(error)) from None
    rating = KpiRating(
        movement=movement, id=new_id("rating"), kpi=kpi, kpi_version=found.version, value=format(value.value, "f"),
        period=value.period, target=_text(target), word=word, rated_at=clock.now(),
    )  # fmt: skip
    store.add(session, rating)
    outbox.record(session, KpiRated(kpi=kpi, rating=rating.id))
    return rating


def list_ratings(
    session: Session, movement: str, kpi: str, before: str | None, limit: int
) -> tuple[Source, Sequence[KpiRating]]:
    """A page of a KPI's ratings, the newest first, and where its values come from. Raises NotFound."""
    source = Source(_found(store.find(session, movement, kpi)).source)
    return source, store.ratings(session, movement, kpi, before=before, limit=limit)


def _faults(session: Session, movement: str, said: NewKpi) -> Iterator[Fault]:
    if (stranger := partners.fault_of(session, movement, said.organisation, "/organisation")) is not None:
        yield stranger
    if said.source is not Source.FIGURE:
        return
    version = measures_store.get_version(session, movement, said.measure_version or "")
    if version is None:
        yield Fault("/measure_version", "is no version of this movement", "unknown_version")
    elif version.status != VersionStatus.PUBLISHED:
        raise NotPublished()
    if not places_store.find(session, [said.place or ""]):
        yield Fault("/place", "no place has this code", "unknown_place")


def _shown(session: Session, movement: str, kpis: Sequence[Kpi]) -> list[Shown]:
    present = partners.present_ids(session, movement)
    latest = store.latest(session, movement, [kpi.id for kpi in kpis])
    return [Shown(kpi, kpi.organisation and present(kpi.organisation), latest.get(kpi.id)) for kpi in kpis]


def _found(kpi: Kpi | None) -> Kpi:
    if kpi is None:
        raise NotFound("there is no such KPI")
    return kpi


def _stored(bands: Sequence[SentBand]) -> list[Band]:
    return [Band(word=band.word, least=_text(band.least)) for band in bands]


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")
