"""The route by which figures leave as a file."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.measures.fields import VersionId
from services.measures.formats import domain
from services.measures.formats.models import ENDINGS, MEDIA_TYPES, Format
from services.measures.formats.writing import write_file
from services.measures.observations.store import Wanted
from shared.calls import Call
from shared.fields import GssCode
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["observations"])
AsOf = Annotated[AwareDatetime | None, Query(description="What was known at this moment, not what is now.")]
Word = Annotated[str | None, Query(max_length=500)]


@router.get("/v1/observations/export", **needs("observations:read", file="*/*"))
async def export_observations(
    call: Call,
    measure_version: Annotated[VersionId, Query(description="The version whose figures are wanted.")],
    format_: Annotated[Format, Query(alias="format")] = Format.CSV,
    reporter: Word = None,
    place: GssCode | None = None,
    period: Annotated[str | None, Query(max_length=20)] = None,
    programme: Word = None,
    activity: Word = None,
    as_of: AsOf = None,
) -> Response:
    """Figures of a version as a file: CSV, XLSX, SDMX-CSV 2.0, a DHIS2 data value set, a Data Package, or CSVW.

    What is taken out in any format is read in again by `POST /v1/observations/imports` with the same `format`, and
    changes nothing. Up to 100,000 figures.
    """
    wanted = Wanted(None, reporter, place, period, None, programme, activity, as_of=as_of)
    dataset = await call.read(domain.dataset, measure_version, wanted)
    content = await call.parts.cpu.run(write_file, dataset, format_, deadline=call.deadline)
    name = f"{dataset.key}.{ENDINGS[format_]}"
    return Response(content, 200, {"content-disposition": f'attachment; filename="{name}"'}, MEDIA_TYPES[format_])
