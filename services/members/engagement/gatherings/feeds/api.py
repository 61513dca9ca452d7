"""Routes of the feeds: the open ones, and those by which the addresses of calendars are kept."""

from functools import partial
from typing import Annotated

import msgspec
from fastapi import Query, Response

from services.members.engagement.gatherings.feeds import calendars, domain, openactive, store
from services.members.engagement.gatherings.feeds.models import CalendarFeed
from services.members.engagement.gatherings.feeds.schemas import (
    Calendar,
    CalendarId,
    MadeCalendar,
    NewCalendar,
    Secret,
    SessionPage,
)
from services.members.engagement.gatherings.fields import BookingId, GatheringId, SlotId
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.needs import needs
from shared.opened import Opened, openly
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["Gatherings"])

_WHOLE_PAGE, _LAST_PAGE = "public, max-age=3600", "public, max-age=8"
"""How long a page of the feed may be kept, by RPDE 1.0."""
_RPDE = "application/vnd.openactive.rpde+json; version=1"


@router.get("/open/{movement}/openactive/sessions", response_model=SessionPage, **openly())
async def read_sessions(
    opened: Opened,
    after_timestamp: Annotated[int, Query(alias="afterTimestamp", ge=0, le=2**62)] = 0,
    after_id: Annotated[str, Query(alias="afterId", max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=openactive.PAGE, description="items on a page")] = openactive.PAGE,
) -> Response:
    """The slots of published, public gatherings, as OpenActive has them: RPDE 1.0 and ScheduledSession.

    Follow `next` to the page without items, and ask that one again now and then. What is no longer shown comes as
    `deleted`; what was cancelled says so. Nobody is named.
    """
    behind = (after_timestamp, after_id)
    items = await opened.call.read(domain.sessions, behind, limit)
    page = openactive.page(
        items,
        root=opened.root,
        organiser=opened.name,
        licence=opened.call.parts.settings.open_licence,
        behind=behind,
        limit=limit,
    )
    headers = {"cache-control": _WHOLE_PAGE if items else _LAST_PAGE}
    return Response(msgspec.json.encode(page), headers=headers, media_type=_RPDE)


@router.get("/open/{movement}/calendar/{secret}.ics", **openly(file="text/calendar"))
async def read_calendar(opened: Opened, secret: Secret) -> Response:
    """A calendar that others subscribe to, at its secret address; 404 once that is revoked."""
    pepper = opened.call.parts.secrets.pepper
    document = await opened.call.read(domain.calendar, secret, pepper, opened.name)
    return Response(document, media_type=calendars.MEDIA_TYPE, headers={"cache-control": "private, max-age=300"})


@router.post("/v1/calendars", status_code=201, response_model=MadeCalendar, **needs("calendars:write"))
async def make_calendar(calendar: NewCalendar, call: Call) -> Response:
    """Make an address at which a calendar is read without a key: shown this once, and good until it is revoked.

    With a person, the calendar is of what they booked and says where to join online; else it is of all that the
    movement published.
    """
    secret = domain.new_secret()
    answer = partial(_made, secret=secret)
    return await call.write(domain.add_calendar, calendar, secret, call.parts.secrets.pepper, answer=answer)


@router.get("/v1/calendars", response_model=Page[Calendar], **needs("calendars:read", shows=ADMINISTRATION))
async def list_calendars(call: Call, paging: Paging) -> Page[Calendar]:
    """The addresses of calendars, those that were revoked too."""
    rows = await call.read(store.list_calendars, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Calendar.of, lambda row: (row.id,))


@router.post("/v1/calendars/{calendar}/revoke", response_model=Calendar, **needs("calendars:write"))
async def revoke_calendar(calendar: CalendarId, call: Call) -> Response:
    """Let an address lead nowhere from now on."""
    return await call.write(domain.revoke_calendar, calendar, answer=Calendar.of)


@router.get("/v1/gatherings/{gathering}/slots/{slot}/calendar", **needs("gatherings:read", file="text/calendar"))
async def read_calendar_of_slot(gathering: GatheringId, slot: SlotId, call: Call) -> Response:
    """One slot as an iCalendar document."""
    document = await call.read(domain.calendar_of_slot, gathering, slot)
    return Response(document, media_type=calendars.MEDIA_TYPE)


@router.get("/v1/bookings/{booking}/calendar", **needs("bookings:read", shows=ADMINISTRATION, file="text/calendar"))
async def read_calendar_of_booking(booking: BookingId, call: Call) -> Response:
    """What somebody has a place in, as an iCalendar document that says where to join online."""
    document = await call.read(domain.calendar_of_booking, booking)
    return Response(document, media_type=calendars.MEDIA_TYPE)


def _made(calendar: CalendarFeed, secret: str) -> MadeCalendar:
    path = f"/open/{calendar.movement}/calendar/{secret}.ics"
    return MadeCalendar(**Calendar.of(calendar).model_dump(), path=path)
