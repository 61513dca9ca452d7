"""The route of series."""

from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime

from services.measures.fields import MeasureId, VersionId
from services.measures.observations.models import EVERYBODY
from services.measures.series import domain
from services.measures.series.schemas import Series
from shared.calls import Call
from shared.fields import GssCode
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["measures"])
Version = Annotated[VersionId | None, Query(description="Left out, the newest published version.")]
First = Annotated[str | None, Query(alias="from", max_length=20, description="The first period.", examples=["2015/16"])]
Last = Annotated[str | None, Query(alias="to", max_length=20, description="The last period.", examples=["2023/24"])]
Reporter = Annotated[str | None, Query(max_length=60, description="Only figures of this organisation or movement.")]
Cell = Annotated[str, Query(max_length=500, description="The group, such as `sex=female`; `all` is everybody.")]
AsOf = Annotated[AwareDatetime | None, Query(description="Answer what was known at this moment, not what is now.")]


@router.get("/v1/measures/{measure}/series", response_model=Series, **needs("observations:read"))
async def read_series(
    call: Call,
    measure: MeasureId,
    place: Annotated[GssCode, Query(description="Where.")],
    version: Version = None,
    first: First = None,
    last: Last = None,
    reporter: Reporter = None,
    cell: Cell = EVERYBODY,
    as_of: AsOf = None,
) -> Series:
    """The measure at one place over time, with numerator, denominator and a 95 % interval where they exist.

    Each period has the newest revision, or with `as_of` the one that was known then. A published percentage without
    its counts has no interval, and the point says so.
    """
    wanted = domain.Wanted(place, cell, version, reporter, first, last, as_of)
    return Series.of(await call.read(domain.read_series, measure, wanted))
