"""Routes of reach."""

from fastapi import Response

from services.members.trust.reach import domain
from services.members.trust.reach.schemas import (
    NewPopulation,
    NewPostcodes,
    NewReach,
    Population,
    PopulationId,
    Reach,
    ReachId,
)
from shared.calls import Call
from shared.disclosure import Redacting
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Reach"])

_needs = needs("reach:write")
_needs["responses"][200] = {"model": Reach, "description": "Published before: as it was then."}


@router.post("/reach/populations", status_code=201, response_model=Population, **needs("reach:write"))
async def enter_population(body: NewPopulation, call: Call) -> Response:
    """Enter a reference population, such as a workforce by pay band, in an edition and with its source."""
    return await call.write(domain.enter, body, answer=Population.of)


@router.get("/reach/populations", response_model=Page[Population], **needs("reach:read"))
async def list_populations(call: Call, paging: Paging) -> Page[Population]:
    """Reference populations in the order in which they were entered."""
    rows = await call.read(domain.list_populations, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Population.of, lambda row: (row.id,))


@router.post("/reach/postcodes", status_code=204, **needs("reach:write"))
async def load_postcodes(body: NewPostcodes, call: Call) -> Response:
    """Load which deprivation decile postcodes are in, by an edition of an index (IMD, SIMD, WIMD, NIMDM)."""
    return await call.write(domain.load_postcodes, body, answer=None)


@router.post("/reach", status_code=201, response_model=Reach, **_needs)
async def publish_reach(body: NewReach, call: Call) -> Response:
    """Publish who takes part beside who might, for a period that is over.

    Participants are rounded and small numbers left out (`BACKBONE_HIDE_COUNTS_UP_TO`, `BACKBONE_ROUND_COUNTS_TO`);
    shares and intervals are made of what is shown, and the true counts are kept nowhere. It is published once: asked
    again it is the same (200), so that no two can be subtracted. Nobody's answer can be found by it.
    """
    settings = call.parts.settings
    redacting = Redacting(settings.hide_counts_up_to, settings.round_counts_to)
    shown = await call.read(domain.reckon, body, redacting)
    return await call.write(
        domain.publish, body, shown, redacting, settings.least_base,
        answer=lambda made: Reach.of(made[0]), status=lambda made: 201 if made[1] else 200,
    )  # fmt: skip


@router.get("/reach", response_model=Page[Reach], **needs("reach:read"))
async def list_reach(call: Call, paging: Paging, population: PopulationId | None = None) -> Page[Reach]:
    """What was published, the first one first."""
    rows = await call.read(domain.list_reports, population=population, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Reach.of, lambda row: (row[0].id,))


@router.get("/reach/{reach}", response_model=Reach, **needs("reach:read"))
async def read_reach(reach: ReachId, call: Call) -> Reach:
    """What was published of one population, who and period."""
    return Reach.of(await call.read(domain.read, reach))
