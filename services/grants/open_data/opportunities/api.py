"""Open routes of opportunities: which rounds there are, in the shape of CommonGrants."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.grants.open_data.opportunities import domain
from services.grants.open_data.opportunities.schemas import OneOpportunity, Opportunities
from shared.conditional import conditional
from shared.opened import Opened, openly
from shared.routing import Router

router = Router(prefix="/open/{movement}/opportunities", tags=["open data"])
_FEED = "opportunities"


@router.get("", response_model=Opportunities, **openly())
async def list_opportunities(
    request: Request,
    opened: Opened,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=200)] = 100,
) -> Response:
    """Rounds that were published, those changed last first: coming, open to applications, or closed to them."""
    root = opened.address(_FEED)
    return _answer(request, await opened.call.read(domain.opportunities, root, page=page, page_size=page_size))


@router.get("/{oppId}", response_model=OneOpportunity, **openly())
async def read_opportunity(oppId: UUID, request: Request, opened: Opened) -> Response:  # noqa: N803 - the protocol's
    """One round, by its id in the feed."""
    return _answer(request, await opened.call.read(domain.opportunity, opened.address(_FEED), oppId))


def _answer(request: Request, document: BaseModel) -> Response:
    return conditional(request, document.model_dump_json(by_alias=True, exclude_none=True).encode())
