"""The verbs of adoptions: enter and change one, and look at what it asks for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from services.measures.adoptions import store
from services.measures.adoptions.models import Adoption, Shown
from services.measures.adoptions.returns import Asked, Completeness, Counts, Key, OfPartner, Return, by_key, counted
from services.measures.adoptions.schemas import AdoptionChanges, NewAdoption
from services.measures.adoptions.store import Chosen
from services.measures.measures import domain as measures
from services.measures.measures import store as measures_store
from services.measures.measures.domain import NotPublished
from services.measures.measures.models import MeasureVersion, VersionStatus
from services.measures.nesting import nests
from services.measures.observations.models import FigureStatus
from services.measures.periods import PeriodType
from services.measures.places import store as places_store
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.measures.aims import AdoptionChanged, AdoptionMade
from shared.ids import new_id
from shared.partners import answering as partners
from shared.partners.answering import present_ids


class AdoptedAlready(Conflict):
    """The partner reports by this version on some of these days already; `adoption` is by which adoption."""

    code, title = "adopted_already", "The partner has adopted this version already"


def adopt(session: Session, movement: str, said: NewAdoption, due_days: int) -> Shown:
    """Have a partner report by a published version; `due_days` where it does not say so itself.

    Raises Invalid (`unknown_organisation`, `organisation_ended`, `unknown_version`, `unknown_place`, `does_not_nest`),
    NotPublished and AdoptedAlready.
    """
    version = measures_store.get_version(session, movement, said.measure_version)
    faults = [*_faults(session, movement, said, version)]
    if faults or version is None:
        raise Invalid(faults=faults)
    if version.status != VersionStatus.PUBLISHED:
        raise NotPublished()
    now = clock.now()
    adoption = Adoption(
        movement=movement, id=new_id("adoption"), organisation=said.organisation, measure_version=version.id,
        cadence=(said.cadence or PeriodType(version.period_type)).value, starts_on=said.starts_on.isoformat(),
        until=None if said.until is None else said.until.isoformat(),
        due_days=due_days if said.due_days is None else said.due_days,
        places=sorted(set(said.places)), version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    _refuse_twice(session, movement, adoption)
    store.add(session, adoption)
    shown = _shown(session, movement, adoption)
    outbox.record(session, AdoptionMade(adoption=adoption.id, version=version.id, organisation=shown.organisation))
    return shown


def change(session: Session, movement: str, adoption: str, said: AdoptionChanges, expected: int | None) -> Shown:
    """Let an adoption end on another day, be due otherwise, or be about other places.

    Raises NotFound, PreconditionFailed, Invalid and AdoptedAlready.
    """
    found = _found(store.find(session, movement, adoption, locked=True))
    hold_to(found.version, expected)
    faults = [*_unknown_places(session, said.places or ())]
    if said.until is not None and said.until < found.first_day:
        faults.append(Fault("/until", "is before the adoption starts", "invalid_span"))
    if faults:
        raise Invalid(faults=faults)
    said.apply(found, "due_days")
    if "until" in said.model_fields_set:
        found.until = None if said.until is None else said.until.isoformat()
        _refuse_twice(session, movement, found)
    if said.places is not None:
        found.places = sorted(set(said.places))
    found.version, found.updated_at = found.version + 1, clock.now()
    outbox.record(session, AdoptionChanged(adoption=found.id, version=found.measure_version))
    return _shown(session, movement, found)


def read(session: Session, movement: str, adoption: str) -> Shown:
    """One adoption. Raises NotFound."""
    return _shown(session, movement, _found(store.find(session, movement, adoption)))


def list_adoptions(
    session: Session, movement: str, organisation: str | None, chosen: Chosen, after: str, limit: int
) -> Sequence[Shown]:
    """Adoptions in the order in which they were made; of a partner by any id that it ever had."""
    if organisation is not None:
        chosen = replace(chosen, organisations=partners.every_id(session, movement, organisation))
    present = present_ids(session, movement)
    found = store.page(session, movement, chosen, after=after, limit=limit)
    return [Shown(each, each.organisation and present(each.organisation)) for each in found]


def returns(
    session: Session, movement: str, adoption: str, first: date | None, last: date | None, limit: int
) -> tuple[Sequence[Return], date]:
    """What the periods that touch these days ask for, in order, and what day it is for the movement. Raises NotFound.

    Without days: from the adoption's first day until today.
    """
    found = _found(store.find(session, movement, adoption))
    today = partners.today(session, movement)
    asked = _asked(session, found, measures.published_version(session, movement, found.measure_version))
    periods = []
    for period in asked.periods(first or found.first_day, last or today):
        periods.append(period)
        if len(periods) == limit:
            break
    if not periods:
        return [], today
    known = _known(session, movement, found, periods[0].start, periods[-1].end)
    return [asked.of_period(period, known) for period in periods], today


def completeness(session: Session, movement: str, version: str, first: date, last: date) -> Completeness:
    """How much of what the adoptions of a version ask for in these days is there. Raises NotFound and NotPublished.

    A partner that has merged counts with what was reported under each of its ids.
    """
    defined = measures.published_version(session, movement, version)
    present = present_ids(session, movement)
    total, of_partners = Counts(), []
    for adoption in store.in_force(session, movement, version, first, last):
        known = _known(session, movement, adoption, first, last)
        counts, _ = counted(_asked(session, adoption, defined).keys(first, last), known)
        total = total.plus(counts)
        of_partners.append(OfPartner(adoption.id, adoption.organisation and present(adoption.organisation), counts))
    return Completeness(total, of_partners)


def _faults(session: Session, movement: str, said: NewAdoption, version: MeasureVersion | None) -> Iterator[Fault]:
    if (stranger := partners.fault_of(session, movement, said.organisation, "/organisation")) is not None:
        yield stranger
    elif partners.is_over(session, movement, said.organisation):
        yield Fault("/organisation", "is no more, and reports nothing from now on", "organisation_ended")
    if version is None:
        yield Fault("/measure_version", "is no version of this movement", "unknown_version")
    elif said.cadence and not nests(PeriodType(version.period_type), said.cadence, version.year_starts):
        reason = f"whole periods of the version's type, {version.period_type}, do not fill it"
        yield Fault("/cadence", reason, "does_not_nest")
    yield from _unknown_places(session, said.places)


def _unknown_places(session: Session, codes: Sequence[str]) -> Iterator[Fault]:
    known = places_store.find(session, codes)
    for place, code in enumerate(codes):
        if code not in known:
            yield Fault(f"/places/{place}", "no place has this code", "unknown_place")


def _refuse_twice(session: Session, movement: str, adoption: Adoption) -> None:
    """A partner reports a figure by one adoption: else it would be asked for twice."""
    measures_store.lock_version(session, movement, adoption.measure_version)  # two at a time would not see one another
    ids = _reporters(session, movement, adoption)
    days = adoption.first_day, adoption.last_day
    for other in store.in_force(session, movement, adoption.measure_version, *days):
        if other.id != adoption.id and (other.organisation or movement) in ids:
            raise AdoptedAlready(adoption=other.id)


def _reporters(session: Session, movement: str, adoption: Adoption) -> Collection[str]:
    """Under which names its figures stand: all ids of the partner, or the movement's own."""
    if adoption.organisation is None:
        return {movement}
    return partners.every_id(session, movement, adoption.organisation)


def _known(session: Session, movement: str, adoption: Adoption, first: date, last: date) -> Mapping[Key, FigureStatus]:
    reporters = _reporters(session, movement, adoption)
    return by_key(store.statuses(session, movement, adoption.measure_version, reporters, first, last))


def _asked(session: Session, adoption: Adoption, version: MeasureVersion) -> Asked:
    places = places_store.find(session, adoption.places)
    return Asked.of(adoption, version, {code: place.span for code, place in places.items()})


def _shown(session: Session, movement: str, adoption: Adoption) -> Shown:
    partner = adoption.organisation
    return Shown(adoption, partner and present_ids(session, movement)(partner))


def _found(adoption: Adoption | None) -> Adoption:
    if adoption is None:
        raise NotFound("there is no such adoption")
    return adoption
