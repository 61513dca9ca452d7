"""Routes of what answers come to: a wave's results, change between two, and the figures that measures take."""

from typing import Annotated

from fastapi import Query, Response

from services.measures.fields import SurveyId, WaveId
from services.measures.observations.importing import reporter_of
from services.measures.surveys.results import domain, figures
from services.measures.surveys.results.schemas import Change, FiguresMade, FiguresOf, FiguresWanted, Results
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1/surveys/{survey}", tags=["Surveys"])


@router.get("/waves/{wave}/results", response_model=Results, **needs("responses:read"))
async def read_results(survey: SurveyId, wave: WaveId, call: Call) -> Results:
    """What a wave's answers come to: means with Student's interval, bands and choices with Wilson's.

    What was answered for somebody else stands apart and is never pooled. True counts: for the movement that asked.
    """
    return Results.of(await call.read(domain.results, survey, wave))


@router.get("/change", response_model=Change, **needs("responses:read"))
async def read_change(
    survey: SurveyId,
    call: Call,
    earlier: Annotated[WaveId | None, Query(description="the wave before; the first, unless named")] = None,
    later: Annotated[WaveId | None, Query(description="the wave after; the last, unless named")] = None,
) -> Change:
    """How those who answered in both waves changed: paired t for means, McNemar for shares, adjusted by Holm.

    Below the base it says that there are too few to show change, and where to tell a story instead. 409 `not_paired`
    where the survey is anonymous.
    """
    base = call.parts.settings.change_base
    return Change.of(await call.read(domain.changed, survey, earlier, later, base))


@router.post("/waves/{wave}/figures", response_model=FiguresMade, **needs("observations:write"))
async def make_figures(survey: SurveyId, wave: WaveId, body: FiguresWanted, call: Call) -> Response:
    """Record figures of measures from the wave's answers: n, Σx and Σx² of a mean, the counts of a ratio.

    People's own answers alone, by place. Made again after late answers, a figure that differs becomes its next
    revision, for a `reason`.
    """

    def answer(made: figures.Made) -> FiguresMade:
        recorded = [
            FiguresOf(
                measure_version=each.source.version, new=each.compared.new, revised=each.compared.revised,
                unchanged=each.compared.unchanged,
            )
            for each in made.recorded
        ]  # fmt: skip
        return FiguresMade(survey=survey, wave=wave, recorded=recorded, without_place=made.without_place)

    return await call.write(figures.make, survey, wave, body, reporter_of(call), answer=answer)
