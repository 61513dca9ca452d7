"""The verbs of instruments: note a licence, score answers; refused for the wrong age, or without a licence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.measures.instruments import store
from services.measures.instruments.catalogue import find, versions_of
from services.measures.instruments.definition import Bands, Instrument, Score, faults_in_bands
from services.measures.instruments.models import Licence
from services.measures.instruments.questions import Answers, Sent, faults_in
from shared import clock
from shared.editing import Changes, hold_to
from shared.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from shared.partners.answering import today

Ages = Mapping[str, tuple[int, int]]
"""The youngest and the oldest for each instrument, in years: :attr:`shared.settings.Settings.instrument_ages`."""


class NotLicensed(Forbidden):
    """The instrument needs a licence, and none of the movement's holds today."""

    code, title = "licence_needed", "This instrument is used only under a licence"


class LicenceKnown(Conflict):
    """A licence of it is noted already; it can be changed."""

    code, title = "licence_known", "A licence of this instrument is noted already"


class NoLicenceNeeded(Conflict):
    """Anybody may use the instrument."""

    code, title = "no_licence_needed", "This instrument needs no licence"


@dataclass(frozen=True, slots=True)
class Scored:
    """The version by which answers were scored, and what they come to."""

    instrument: Instrument
    scores: Sequence[Score]


def one_version(key: str, version: int | None) -> Instrument:
    """A version of an instrument. Raises NotFound; Invalid where it has several and none was named."""
    versions = versions_of(key)
    if not versions:
        raise NotFound("there is no such instrument")
    if version is None:
        if len(versions) > 1:
            named = ", ".join(str(each.version) for each in versions)
            reason = f"this instrument has several versions, and none is the usual one: say which of {named}"
            raise Invalid(faults=[Fault("?version", reason, "version_needed")])
        return versions[0]
    found = find(key, version)
    if found is None:
        raise NotFound("there is no such version of this instrument")
    return found


def score(
    session: Session,
    movement: str,
    instrument: Instrument,
    answers: Mapping[str, Sent],
    age: int | None,
    bands: Bands,
    ages: Ages,
) -> Scored:
    """What one person's answers come to. Nothing is kept. Raises Invalid, naming each fault, and NotLicensed."""
    hold_to_licence(session, movement, instrument)
    faults = faults_of_age(instrument, age, age, ages)
    faults += faults_in(instrument.questions, answers, pointer="/answers")
    faults += faults_in_bands(instrument, bands, pointer="/bands")
    if faults:
        raise Invalid(faults=faults)
    return Scored(instrument, instrument.scores(Answers.of(answers), bands))


def faults_of_age(instrument: Instrument, youngest: int | None, oldest: int | None, ages: Ages) -> list[Fault]:
    """Why somebody between these ages (None: not known) is not asked: only who surely is of a validated age is."""
    if not instrument.for_people:
        return []
    first, last = ages[instrument.key]
    if youngest is None or oldest is None:
        return [Fault("/age", f"{instrument.title} is for ages {first} to {last}: say how old", "age_needed")]
    if youngest < first or oldest > last:
        return [Fault("/age", f"{instrument.title} was validated for ages {first} to {last} alone", "wrong_age")]
    return []


def hold_to_licence(session: Session, movement: str, instrument: Instrument) -> None:
    """Raise NotLicensed where the instrument needs a licence and the movement has none that holds today."""
    if not instrument.licensed:
        return
    licence = store.get(session, movement, instrument.key)
    if licence is None or not licence.covers(today(session, movement)):
        raise NotLicensed("note the licence that the movement holds", instrument=instrument.key)


def read_licence(session: Session, movement: str, key: str) -> Licence:
    """The movement's licence. Raises NotFound."""
    found = store.get(session, movement, key) if versions_of(key) else None
    if found is None:
        raise NotFound("no licence of this instrument is noted")
    return found


def note_licence(
    session: Session, movement: str, key: str, reference: str, valid_from: str, valid_until: str | None
) -> Licence:
    """Note that the movement holds a licence. Raises NotFound, NoLicenceNeeded, LicenceKnown."""
    versions = versions_of(key)
    if not versions:
        raise NotFound("there is no such instrument")
    if not any(instrument.licensed for instrument in versions):
        raise NoLicenceNeeded
    if store.lock(session, movement, key) is not None:
        raise LicenceKnown
    now = clock.now()
    licence = Licence(
        movement=movement, instrument=key, version=1, reference=reference, valid_from=valid_from,
        valid_until=valid_until, created_at=now, updated_at=now,
    )  # fmt: skip
    store.add(session, licence)
    return licence


def change_licence(session: Session, movement: str, key: str, changes: Changes, expected: int | None) -> Licence:
    """Change a licence: when it ends, most often. Raises NotFound, PreconditionFailed, Invalid."""
    licence = store.lock(session, movement, key) if versions_of(key) else None
    if licence is None:
        raise NotFound("no licence of this instrument is noted")
    hold_to(licence.version, expected)
    if changes.apply(licence):
        licence.version, licence.updated_at = licence.version + 1, clock.now()
    if licence.valid_until is not None and licence.valid_until < licence.valid_from:
        raise Invalid(faults=[Fault("/valid_until", "is before it begins", "out_of_order")])
    return licence
