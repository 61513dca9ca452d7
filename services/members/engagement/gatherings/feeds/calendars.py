"""Slots as an iCalendar document (RFC 5545): stable UIDs, a SEQUENCE that grows, and what was cancelled says so."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from services.members.engagement.gatherings.feeds import zones
from services.members.engagement.gatherings.models import Gathering
from services.members.engagement.gatherings.models import State as GatheringState
from services.members.engagement.gatherings.slots.models import Slot, State
from shared import clock

MEDIA_TYPE = "text/calendar; charset=utf-8"

_BEFORE = timedelta(days=1)
"""What a zone is said to be, it is from before the first slot on."""


def document(slots: Sequence[tuple[Slot, Gathering]], name: str, *, joinable: bool = False) -> bytes:
    """The calendar of some slots. ``joinable``: who reads it booked them all, and is told where to join online."""
    calendar = Calendar()
    calendar.add("prodid", "-//Backbone//Gatherings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for zone in sorted({slot.time_zone for slot, _ in slots}):
        there = [slot for slot, _ in slots if slot.time_zone == zone]
        first, last = min(slot.starts_at for slot in there), max(slot.ends_at for slot in there)
        calendar.add_component(zones.component(zone, first.replace(microsecond=0) - _BEFORE, last))
    for slot, gathering in slots:
        calendar.add_component(_event(slot, gathering, joinable))
    return bytes(calendar.to_ical())


def _event(slot: Slot, gathering: Gathering, joinable: bool) -> Event:
    there = ZoneInfo(slot.time_zone)
    cancelled = slot.state == State.CANCELLED or gathering.state == GatheringState.CANCELLED
    event = Event()
    event.add("uid", f"{slot.id}@{slot.movement}")
    event.add("sequence", slot.sequence)
    event.add("dtstamp", clock.now())
    event.add("last-modified", max(slot.updated_at, gathering.updated_at))
    event.add("dtstart", slot.starts_at.astimezone(there))
    event.add("dtend", slot.ends_at.astimezone(there))
    event.add("summary", gathering.title)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("categories", [gathering.kind.replace("_", " ")])
    if where := [part for part in (gathering.place_name, gathering.address, gathering.postcode) if part]:
        event.add("location", ", ".join(where))
    if said := _description(gathering):
        event.add("description", said)
    if joinable and gathering.online_url and not cancelled:
        event.add("url", gathering.online_url)
    return event


def _description(gathering: Gathering) -> str:
    parts = [gathering.cancelled_because, gathering.description, ", ".join(gathering.access), gathering.access_notes]
    return "\n\n".join(part for part in parts if part)
