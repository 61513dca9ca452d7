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
Programme = Annotated[str | None, Query(max_length=80, description="Only figures of this programme; empty is none.")]
Activity = Annotated[str | None, Query(max_length=80, description="Only figures of this activity; empty is none.")]
Since = Annotated[
    VersionId | None,
    Query(
        description="The version to begin with: those from it to the one that is read, as one series. Over a break "
        "between them it is refused."
    ),
]
AsOf = Annotated[AwareDatetime | None, Query(description="Answer what was known at this moment, not what is now.")]


@router.get("/v1/measures/{measure}/series", response_model=Series, **needs("observations:read"))
async def read_series(
    call: Call,
    measure: MeasureId,
    place: Annotated[GssCode, Query(description="Where.")],
    version: Version = None,
    since: Since = None,
    first: First = None,
    last: Last = None,
    reporter: Reporter = None,
    programme: Programme = None,
    activity: Activity = None,
    cell: Cell = EVERYBODY,
    as_of: AsOf = None,
) -> Series:
    """The measure at one place over time: counts, a 95 % interval where they give one, completeness and trend.

    Each period has the newest revision, or with `as_of` the one that was known then. A published percentage without
    its counts has no interval, and the point says so. These are true figures, not for sharing.
    """
    wanted = domain.Wanted(place, cell, version, since, reporter, programme, activity, first, last, as_of)
    return Series.of(await call.read(domain.read_series, measure, wanted))
