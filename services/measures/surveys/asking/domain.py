"""The verbs of surveys and their waves: draft, change, open and close one; say when it is asked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.measures.instruments.catalogue import versions_of
from services.measures.instruments.definition import faults_in_bands
from services.measures.instruments.domain import hold_to_licence
from services.measures.instruments.schemas import bands_of
from services.measures.surveys.asking import store
from services.measures.surveys.asking.models import Survey, SurveyState, Wave
from services.measures.surveys.asking.questionnaire import Questionnaire, StoredAsk
from services.measures.surveys.asking.schemas import (
    Ask,
    NewSurvey,
    NewWave,
    SurveyChanges,
    Texts,
    WaveChanges,
    stored_texts,
)
from services.measures.surveys.asking.words import PAGE
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.measures.surveys import SurveyClosed, SurveyOpened
from shared.ids import new_id


class NotComplete(Conflict):
    """The survey cannot be opened yet; each thing that it lacks is named."""

    code, title = "not_complete", "Something is missing before the survey can be opened"


def draft(session: Session, movement: str, said: NewSurvey) -> Survey:
    """Draft a survey. Raises Invalid, naming each fault."""
    asks = _stored(said.asks)
    _hold_to_questions(Questionnaire(asks), said.texts)
    now = clock.now()
    survey = Survey(
        movement=movement, id=new_id("survey"), version=1, name=said.name, state=SurveyState.DRAFT.value, asks=asks,
        texts=stored_texts(said.texts), paired=said.paired, proxies=said.proxies, double_entry=said.double_entry,
        created_at=now, updated_at=now,
    )  # fmt: skip
    store.add(session, survey)
    return survey


def change(session: Session, movement: str, id: str, changes: SurveyChanges, expected: int | None) -> Survey:
    """Change a draft. Raises NotFound, PreconditionFailed, NotDraft, Invalid."""
    survey = _found(store.survey(session, movement, id, locked=True))
    hold_to(survey.version, expected)
    survey.refuse_unless_draft()
    asks = survey.asks if changes.asks is None else _stored(changes.asks)
    if changes.texts is not None or changes.asks is not None:
        texts = changes.texts or {name: Texts.model_validate(each) for name, each in survey.texts.items()}
        _hold_to_questions(Questionnaire(asks), texts)
        survey.asks, survey.texts = asks, stored_texts(texts)
    changes.apply(survey, "name", "paired", "proxies", "double_entry")
    survey.changed(clock.now())
    return survey


def open_it(session: Session, movement: str, id: str, expected: int | None) -> Survey:
    """Open a survey: from then on what it asks does not change. Raises NotComplete, NotLicensed, IllegalTransition."""
    survey = _found(store.survey(session, movement, id, locked=True))
    hold_to(survey.version, expected)
    asked = survey.questionnaire
    for used in asked.instruments:
        hold_to_licence(session, movement, used.instrument)
    lacking = [fault for language, texts in survey.texts.items() for fault in asked.lacking(language, texts)]
    if not store.waves(session, movement, id, limit=1):
        lacking.append(Fault("/waves", "has none yet: say when it is asked", "no_wave"))
    if lacking:
        raise NotComplete(faults=lacking)
    survey.step(SurveyState.OPEN, clock.now())
    outbox.record(session, SurveyOpened(survey=id))
    return survey


def close(session: Session, movement: str, id: str, expected: int | None) -> Survey:
    """Close a survey: nobody answers any more. Raises NotFound, PreconditionFailed, IllegalTransition."""
    survey = _found(store.survey(session, movement, id, locked=True))
    hold_to(survey.version, expected)
    survey.step(SurveyState.CLOSED, clock.now())
    outbox.record(session, SurveyClosed(survey=id))
    return survey


def read(session: Session, movement: str, id: str) -> Survey:
    """One survey. Raises NotFound."""
    return _found(store.survey(session, movement, id))


def list_surveys(
    session: Session, movement: str, state: str | None, updated_since: datetime | None, after: str, limit: int
) -> Sequence[Survey]:
    """A page of surveys."""
    return store.surveys(session, movement, state, updated_since, after, limit)


def add_wave(session: Session, movement: str, id: str, said: NewWave) -> Wave:
    """Say when a survey is asked. Raises NotFound, and Invalid where it would end before it begins."""
    survey = _found(store.survey(session, movement, id, locked=True))
    _in_order(said.opens_on, said.closes_on, "closes_on")
    now = clock.now()
    wave = Wave(
        movement=movement, id=new_id("wave"), survey=survey.id, version=1, name=said.name, opens_on=said.opens_on,
        closes_on=said.closes_on, number=store.last_number(session, movement, id) + 1, created_at=now, updated_at=now,
    )  # fmt: skip
    store.add(session, wave)
    return wave


def change_wave(
    session: Session, movement: str, id: str, wave: str, changes: WaveChanges, expected: int | None
) -> Wave:
    """Change a wave, such as when it ends. Raises NotFound, PreconditionFailed, Invalid."""
    found = of_survey(store.wave(session, movement, wave, locked=True), id)
    hold_to(found.version, expected)
    if changes.apply(found):
        found.version, found.updated_at = found.version + 1, clock.now()
    _in_order(found.opens_on, found.closes_on, "closes_on")
    return found


def read_wave(session: Session, movement: str, id: str, wave: str) -> Wave:
    """One wave of a survey. Raises NotFound."""
    return of_survey(store.wave(session, movement, wave), id)


def list_waves(session: Session, movement: str, id: str, after: int, limit: int) -> Sequence[Wave]:
    """A survey's waves by number. Raises NotFound."""
    _found(store.survey(session, movement, id))
    return store.waves(session, movement, id, after, limit)


def of_survey(wave: Wave | None, survey: str) -> Wave:
    """The wave, if it is one of that survey. Raises NotFound."""
    if wave is None or wave.survey != survey:
        raise NotFound("there is no such wave of this survey")
    return wave


def _found(survey: Survey | None) -> Survey:
    if survey is None:
        raise NotFound("there is no such survey")
    return survey


def _in_order(first: str, last: str, field: str) -> None:
    if last < first:
        raise Invalid(faults=[Fault(f"/{field}", "is before it begins", "out_of_order")])


def _stored(asks: Sequence[Ask]) -> list[StoredAsk]:
    """What is asked, its instruments in the version that is named or is the only one. Raises Invalid."""
    stored: list[StoredAsk] = []
    faults: list[Fault] = []
    for place, ask in enumerate(asks):
        versions = [each for each in versions_of(ask.instrument or "") if ask.version in (None, each.version)]
        at = f"/asks/{place}"
        if ask.instrument is not None and len(versions) != 1:
            known = bool(versions)
            reason = "has several versions: say which" if known else "is no instrument that is known, in this version"
            faults.append(Fault(f"{at}/instrument", reason, "version_needed" if known else "unknown_instrument"))
            continue
        if versions and not versions[0].for_people:
            faults.append(Fault(f"{at}/instrument", "is of areas, and nobody answers it", "not_for_people"))
            continue
        if versions:
            faults += faults_in_bands(versions[0], bands_of(ask.bands), pointer=f"{at}/bands")
        stored.append(ask.stored(versions[0].version if versions else 0))
    if faults:
        raise Invalid(faults=faults)
    return stored


def _hold_to_questions(asked: Questionnaire, texts: dict[str, Texts]) -> None:
    """Raise Invalid where two questions have one key, or words are for what is not asked."""
    faults = [Fault("/asks", f"{key} is asked twice", "asked_twice") for key in asked.repeated]
    for language, each in texts.items():
        at = f"/texts/{language}"
        unknown = [key for key in each.questions if key not in asked.questions]
        faults += [Fault(f"{at}/questions/{key}", "is not asked", "unknown_question") for key in unknown]
        faults += [
            Fault(f"{at}/page/{name}", "is not on the page", "unknown_word") for name in each.page.keys() - PAGE.keys()
        ]
    if faults:
        raise Invalid(faults=faults)
