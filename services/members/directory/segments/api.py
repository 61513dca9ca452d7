"""Routes of segments."""

from fastapi import Response

from services.members.directory.people.shown import Person
from services.members.directory.segments import domain, store
from services.members.directory.segments.schemas import (
    NewSegment,
    People,
    Segment,
    SegmentChanges,
    SegmentFilter,
    SegmentId,
)
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Segments"])


@router.get("/segments", response_model=Page[Segment], **needs("segments:read"))
async def list_segments(call: Call, paging: Paging) -> Page[Segment]:
    """The segments that are kept, the oldest first."""
    rows = await call.read(store.list_segments, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Segment.of, lambda segment: (segment.id,))


@router.post("/segments", status_code=201, response_model=Segment, **needs("segments:write"))
async def keep_segment(body: NewSegment, call: Call) -> Response:
    """Keep a question about people. 422 names the fault of every bad node of the filter by its place."""
    return tagged(await call.write(domain.keep, body, answer=Segment.of))


@router.post("/segments/count", response_model=People, **needs("segments:read"))
async def count_filter(body: SegmentFilter, call: Call) -> People:
    """How many people a filter finds, before it is kept."""
    return People(people=await call.read(domain.count_filter, body.filter))


@router.get("/segments/{segment}", response_model=Segment, **needs("segments:read"))
async def read_segment(segment: SegmentId, call: Call, response: Response) -> Segment:
    """One segment, and not whom it finds."""
    found = Segment.of(await call.read_by_key(domain.read, segment))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.get("/segments/{segment}/count", response_model=People, **needs("segments:read"))
async def count_segment(segment: SegmentId, call: Call) -> People:
    """How many people a segment finds now."""
    return People(people=await call.read(domain.count, segment))


@router.get("/segments/{segment}/people", response_model=Page[Person], **needs("people:read", shows=ADMINISTRATION))
async def list_segments_people(segment: SegmentId, call: Call, paging: Paging) -> Page[Person]:
    """The people whom a segment finds now, in the order in which they became known."""
    rows = await call.read(domain.members, segment, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Person.of, lambda person: (person.id,))


@router.patch("/segments/{segment}", response_model=Segment, **needs("segments:write"))
async def change_segment(segment: SegmentId, body: SegmentChanges, call: Call, expected: Expected) -> Response:
    """Rename a segment, or let it ask something else."""
    return tagged(await call.write(domain.change, segment, body, expected, answer=Segment.of))


@router.delete("/segments/{segment}", status_code=204, **needs("segments:write"))
async def remove_segment(segment: SegmentId, call: Call, expected: Expected) -> Response:
    """Forget a segment. Nothing happens to the people whom it found."""
    return await call.write(domain.remove, segment, expected, answer=None)
