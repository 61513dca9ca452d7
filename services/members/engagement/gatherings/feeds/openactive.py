"""The open feed as OpenActive has it: pages by RPDE 1.0, and in them ScheduledSessions by its Modelling Specification.

Nobody is named in it, and nothing that is for those who booked. There is no price in Backbone: what is offered is free.
"""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from services.members.engagement.gatherings.feeds.store import Listed
from services.members.engagement.gatherings.models import Gathering, Kind, State
from services.members.engagement.gatherings.slots.models import State as SlotState

Json = dict[str, object]

_SCHEMA = "https://schema.org"
_ACTIVITIES = "https://openactive.io/activity-list"
_WALKING = f"{_ACTIVITIES}#95092977-5a20-4d6e-b312-8fddabe71544"
"""OpenActive's list has physical activities only; the other kinds are concepts of the movement's own."""


PAGE = 500
"""Items on a page, unless it is asked for fewer."""


def page(
    items: Sequence[Listed], *, root: str, organiser: str, licence: str, behind: tuple[int, str], limit: int
) -> Json:
    """A page of the feed; the last one is empty, and its `next` is its own address (RPDE 1.0)."""
    modified, slot = (items[-1].session.modified, items[-1].session.slot) if items else behind
    place: dict[str, int | str] = {"afterTimestamp": modified, "afterId": slot} if (modified, slot) != (0, "") else {}
    if limit != PAGE:
        place["limit"] = limit
    address = f"{root}/openactive/sessions"
    return {
        "next": f"{address}?{urlencode(place)}" if place else address,
        "items": [_item(listed, root, organiser) for listed in items],
        "license": licence,
    }


def _item(listed: Listed, root: str, organiser: str) -> Json:
    item: Json = {"kind": "ScheduledSession", "id": listed.session.slot, "modified": listed.session.modified}
    if not listed.session.live:
        return {"state": "deleted"} | item
    return {"state": "updated"} | item | {"data": _session(listed, root, organiser)}


def _session(listed: Listed, root: str, organiser: str) -> Json:
    slot, gathering, there = listed.slot, listed.gathering, ZoneInfo(listed.slot.time_zone)
    cancelled = gathering.state == State.CANCELLED or slot.state == SlotState.CANCELLED
    address = f"{root}/openactive/sessions"
    data: Json = {
        "@context": "https://openactive.io/",
        "@type": "ScheduledSession",
        "@id": f"{address}#{slot.id}",
        "identifier": slot.id,
        "startDate": slot.starts_at.astimezone(there).isoformat(),
        "endDate": slot.ends_at.astimezone(there).isoformat(),
        "duration": _duration(slot.ends_at - slot.starts_at),
        "eventStatus": f"{_SCHEMA}/{'EventCancelled' if cancelled else 'EventScheduled'}",
        "superEvent": _series(gathering, address, root, listed.organisation or organiser),
    }
    return data if slot.capacity is None else data | {"maximumAttendeeCapacity": slot.capacity}


def _series(gathering: Gathering, address: str, root: str, organiser: str) -> Json:
    series: Json = {
        "@type": "SessionSeries",
        "@id": f"{address}#{gathering.id}",
        "identifier": gathering.id,
        "url": f"{address}#{gathering.id}",  # it has no page of its own that anybody may read
        "name": gathering.title,
        "activity": [_activity(gathering, root)],
        "category": [gathering.kind.replace("_", " ")],
        "organizer": {"@type": "Organization", "@id": f"{root}/openactive#organiser", "name": organiser},
        "offers": [
            {
                "@type": "Offer", "@id": f"{address}#{gathering.id}-free", "identifier": "free", "name": "Free",
                "price": 0, "priceCurrency": "GBP",
            }
        ],
    }  # fmt: skip
    if gathering.description:
        series["description"] = gathering.description
    if gathering.languages:
        series["schema:inLanguage"] = gathering.languages
    if accessible := "; ".join([*gathering.access, *([gathering.access_notes] if gathering.access_notes else [])]):
        series["accessibilityInformation"] = accessible
    if place := _place(gathering, address):
        series["location"] = place
    return series


def _activity(gathering: Gathering, root: str) -> Json:
    if gathering.kind == Kind.WALK:
        return {"@type": "Concept", "@id": _WALKING, "prefLabel": "Walking", "inScheme": _ACTIVITIES}
    scheme = f"{root}/openactive/kinds"
    label = gathering.kind.replace("_", " ").capitalize()
    return {"@type": "Concept", "@id": f"{scheme}#{gathering.kind}", "prefLabel": label, "inScheme": scheme}


def _place(gathering: Gathering, address: str) -> Json:
    where = [part for part in (gathering.address, gathering.postcode) if part]
    if not where and not gathering.place_name:
        return {}
    name = gathering.place_name or gathering.address or gathering.postcode
    written = ", ".join(where) or name
    return {"@type": "Place", "@id": f"{address}#{gathering.id}-place", "name": name, "address": written}


def _duration(length: timedelta) -> str:
    """A length of time by ISO 8601, such as `PT1H30M`."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes or not hours else "")
