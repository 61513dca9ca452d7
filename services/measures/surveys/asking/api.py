"""Routes of surveys, of their waves, and of the parts that people have in them."""

from fastapi import Response

from services.measures.fields import ResearcherId, SurveyId, WaveId
from services.measures.surveys.asking import domain, researchers
from services.measures.surveys.asking.models import SurveyState
from services.measures.surveys.asking.schemas import (
    NewResearcher,
    NewSurvey,
    NewWave,
    Researcher,
    ResearcherChanges,
    Survey,
    SurveyChanges,
    Wave,
    WaveChanges,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/surveys", tags=["Surveys"])


@router.post("", status_code=201, response_model=Survey, **needs("surveys:write"))
async def draft_survey(body: NewSurvey, call: Call) -> Response:
    """Draft a survey of instruments, questions of its own, or both. 422 names what cannot be asked, or said."""
    return tagged(await call.write(domain.draft, body, answer=Survey.of))


@router.get("", response_model=Page[Survey], **needs("surveys:read"))
async def list_surveys(
    call: Call, paging: Paging, state: SurveyState | None = None, updated_since: UpdatedSince = None
) -> Page[Survey]:
    """Surveys in the order in which they were drafted."""
    rows = await call.read(domain.list_surveys, state, updated_since, paging.after_id, paging.fetch)
    return paging.page(rows, Survey.of, lambda survey: (survey.id,))


@router.get("/{survey}", response_model=Survey, **needs("surveys:read"))
async def read_survey(survey: SurveyId, call: Call, response: Response) -> Survey:
    """One survey: what it asks, its words, and the keys of its questions and outcomes."""
    shown = Survey.of(await call.read_by_key(domain.read, survey))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{survey}", response_model=Survey, **needs("surveys:write"))
async def change_survey(survey: SurveyId, body: SurveyChanges, call: Call, expected: Expected) -> Response:
    """Change a draft (409 `not_draft`)."""
    return tagged(await call.write(domain.change, survey, body, expected, answer=Survey.of))


@router.post("/{survey}/open", response_model=Survey, **needs("surveys:write"))
async def open_survey(survey: SurveyId, call: Call, expected: Expected) -> Response:
    """Open it; from then on what it asks does not change.

    409 `not_complete` names every word that a language lacks, and says where it has no wave; 403 `licence_needed`
    where the movement noted no licence that holds.
    """
    return tagged(await call.write(domain.open_it, survey, expected, answer=Survey.of))


@router.post("/{survey}/close", response_model=Survey, **needs("surveys:write"))
async def close_survey(survey: SurveyId, call: Call, expected: Expected) -> Response:
    """Close it: its links answer that it is over."""
    return tagged(await call.write(domain.close, survey, expected, answer=Survey.of))


@router.post("/{survey}/waves", status_code=201, response_model=Wave, **needs("surveys:write"))
async def add_wave(survey: SurveyId, body: NewWave, call: Call) -> Response:
    """Say when the survey is asked, in draft or while it is open."""
    return tagged(await call.write(domain.add_wave, survey, body, answer=Wave.of))


@router.get("/{survey}/waves", response_model=Page[Wave], **needs("surveys:read"))
async def list_waves(survey: SurveyId, call: Call, paging: Paging) -> Page[Wave]:
    """The survey's waves by number."""
    after = int(paging.after[0]) if paging.after else 0
    rows = await call.read(domain.list_waves, survey, after, paging.fetch)
    return paging.page(rows, Wave.of, lambda wave: (wave.number,))


@router.get("/{survey}/waves/{wave}", response_model=Wave, **needs("surveys:read"))
async def read_wave(survey: SurveyId, wave: WaveId, call: Call, response: Response) -> Wave:
    """One wave."""
    shown = Wave.of(await call.read_by_key(domain.read_wave, survey, wave))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{survey}/waves/{wave}", response_model=Wave, **needs("surveys:write"))
async def change_wave(survey: SurveyId, wave: WaveId, body: WaveChanges, call: Call, expected: Expected) -> Response:
    """Change a wave, such as the day on which it closes."""
    return tagged(await call.write(domain.change_wave, survey, wave, body, expected, answer=Wave.of))


@router.post("/{survey}/researchers", status_code=201, response_model=Researcher, **needs("surveys:write"))
async def add_researcher(survey: SurveyId, body: NewResearcher, call: Call) -> Response:
    """Give somebody a part in the survey: peer researchers design it, ask, key what is on paper, make sense of it."""
    return tagged(await call.write(researchers.add, survey, body, answer=Researcher.of))


@router.get("/{survey}/researchers", response_model=Page[Researcher], **needs("surveys:read"))
async def list_researchers(survey: SurveyId, call: Call, paging: Paging) -> Page[Researcher]:
    """Who has which part in the survey; by id alone: names are members'."""
    rows = await call.read(researchers.list_them, survey, paging.after_id, paging.fetch)
    return paging.page(rows, Researcher.of, lambda researcher: (researcher.id,))


@router.get("/{survey}/researchers/{researcher}", response_model=Researcher, **needs("surveys:read"))
async def read_researcher(survey: SurveyId, researcher: ResearcherId, call: Call, response: Response) -> Researcher:
    """One part that somebody has."""
    shown = Researcher.of(await call.read_by_key(researchers.read_one, survey, researcher))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{survey}/researchers/{researcher}", response_model=Researcher, **needs("surveys:write"))
async def change_researcher(
    survey: SurveyId, researcher: ResearcherId, body: ResearcherChanges, call: Call, expected: Expected
) -> Response:
    """Change from when to when somebody has a part."""
    return tagged(await call.write(researchers.change, survey, researcher, body, expected, answer=Researcher.of))
