"""Routes of KPIs and their ratings."""

from functools import partial
from typing import Annotated

from fastapi import Query, Response

from services.measures.fields import KpiId
from services.measures.kpis import domain
from services.measures.kpis.counting import SCOPES, count
from services.measures.kpis.domain import Value
from services.measures.kpis.models import Source
from services.measures.kpis.schemas import Kpi, KpiChanges, NewKpi, Rating
from shared.calls import Call, CallOf
from shared.editing import Expected, tag_of, tagged
from shared.errors import Forbidden
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/kpis", tags=["kpis"])


@router.post("", status_code=201, response_model=Kpi, **needs("kpis:write"))
async def enter_kpi(body: NewKpi, call: Call) -> Response:
    """Enter a number to steer by: a figure of a measure, or a count of another service. 409 `key_taken`.

    Its rule is data: bands, each with the word for what lies in it. Every value has exactly one.
    """
    return tagged(await call.write(domain.enter, body, answer=partial(Kpi.of, seen=_seen(call))))


@router.get("", response_model=Page[Kpi], **needs("kpis:read"))
async def list_kpis(
    call: Call,
    paging: Paging,
    archived: Annotated[bool, Query(description="those that are kept for their history alone")] = False,
    updated_since: UpdatedSince = None,
) -> Page[Kpi]:
    """KPIs with their newest ratings, in the order in which they were entered."""
    found = await call.read(domain.list_kpis, archived, updated_since, paging.after_id, paging.fetch)
    return paging.page(found, partial(Kpi.of, seen=_seen(call)), lambda shown: (shown.kpi.id,))


@router.get("/{kpi}", response_model=Kpi, **needs("kpis:read"))
async def read_kpi(kpi: KpiId, call: Call, response: Response) -> Kpi:
    """One KPI, and how it was rated last."""
    shown = Kpi.of(await call.read(domain.read, kpi), _seen(call))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{kpi}", response_model=Kpi, **needs("kpis:write"))
async def change_kpi(kpi: KpiId, body: KpiChanges, call: Call, expected: Expected) -> Response:
    """Say otherwise what it is to be, who answers for it, or how it is rated. Ratings that were given stay."""
    return tagged(await call.write(domain.change, kpi, body, expected, answer=partial(Kpi.of, seen=_seen(call))))


@router.post("/{kpi}/ratings", status_code=201, response_model=Rating, **needs("kpis:write"))
async def rate_kpi(kpi: KpiId, call: Call) -> Response:
    """Find out where it stands now, and rate it.

    A count is asked for at this moment, and needs the scope that it needs there (such as `ladder:read`): 503 where the
    other service does not answer, 409 `no_value` where there is no figure. Nothing is kept then.
    """
    shown = await call.read(domain.read, kpi)
    source = Source(shown.kpi.source)
    seen = _seen(call)
    if source not in seen:
        raise Forbidden("it is rated by whoever may see its value", scope=SCOPES.get(source, "kpis:write"))
    if source is Source.FIGURE:
        value = await call.read(domain.figure_of, kpi)
    else:
        value = Value(await count(call, source, shown.kpi.counted))
    return await call.write(domain.give_rating, kpi, value, answer=partial(Rating.of, source=source, seen=seen))


@router.get("/{kpi}/ratings", response_model=Page[Rating], **needs("kpis:read"))
async def list_ratings(kpi: KpiId, call: Call, paging: Paging) -> Page[Rating]:
    """How it was rated over time, the newest first."""
    source, found = await call.read(domain.list_ratings, kpi, paging.after_id or None, paging.fetch)
    shown = partial(Rating.of, source=source, seen=_seen(call))
    return paging.page(found, shown, lambda rating: (rating.id,))


def _seen(call: CallOf) -> frozenset[Source]:
    """From which sources the caller may see values: counts that they may see where these are kept, and, unless they
    are a partner, the movement's own figures. To a partner these pass the border by releases alone."""
    counts = {source for source, scope in SCOPES.items() if call.principal.may(scope)}
    return frozenset(counts if call.principal.organisation else counts | {Source.FIGURE})
