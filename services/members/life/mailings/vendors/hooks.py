"""What the tools call us with, read as they document it, for all that is about mail coming back.

Neither signs what it sends: Mailchimp's only way is a secret in the address, which Brevo has too. So nothing that a
hook says is ever good for more than holding an address back.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qs

import msgspec

from services.members.life.mailings.held_back.models import ReturnKind
from services.members.life.mailings.vendors.tool import VendorKind
from shared import clock
from shared.errors import BadRequest

_LONGEST_ADDRESS = 254
_MAILCHIMP = {
    ("unsubscribe", "manual"): ReturnKind.UNSUBSCRIBED,
    ("unsubscribe", "abuse"): ReturnKind.COMPLAINED,
    ("cleaned", "hard"): ReturnKind.BOUNCED,
    ("cleaned", "abuse"): ReturnKind.COMPLAINED,
}
_BREVO = {
    "unsubscribe": ReturnKind.UNSUBSCRIBED,
    "unsubscribed": ReturnKind.UNSUBSCRIBED,
    "spam": ReturnKind.COMPLAINED,
    "hard_bounce": ReturnKind.BOUNCED,
}


class CameBack(NamedTuple):
    """What came back from an address, and when the tool says that it did."""

    address: str
    kind: ReturnKind
    at: datetime


class _Event(msgspec.Struct):
    event: str = ""
    email: str = ""
    ts_event: int | None = None


def came_back(kind: VendorKind, list_: str, body: bytes) -> Sequence[CameBack]:
    """What a call says came back from the list; nothing where it is about something else. Raises BadRequest."""
    found = _mailchimps(body, list_) if kind is VendorKind.MAILCHIMP else _brevos(body)
    return [each for each in found if "@" in each.address and len(each.address) <= _LONGEST_ADDRESS]


def _mailchimps(body: bytes, list_: str) -> Sequence[CameBack]:
    """`type=unsubscribe&fired_at=2009-03-26 21:40:57&data[reason]=manual&data[email]=…&data[list_id]=…`, one a call."""
    try:
        said = {name: values[0] for name, values in parse_qs(body.decode(), max_num_fields=200).items()}
    except ValueError:
        raise BadRequest("the body is no form") from None
    if "type" not in said:
        raise BadRequest("the form does not say its type")
    kind = said["type"]
    usual = "manual" if kind == "unsubscribe" else "hard"
    what = _MAILCHIMP.get((kind, said.get("data[reason]", usual)))
    if what is None or said.get("data[list_id]") != list_:
        return ()
    return [CameBack(said.get("data[email]", ""), what, _fired_at(said.get("fired_at", "")))]


def _fired_at(written: str) -> datetime:
    """`2009-03-26 21:40:57`, in UTC; now where it is not so written."""
    try:
        return datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return clock.now()


def _brevos(body: bytes) -> Sequence[CameBack]:
    """`{"event": "unsubscribe", "email": …, "ts_event": 1604933737}`, or several of them where they are batched."""
    try:
        events = msgspec.json.decode(body, type=_Event | list[_Event])
    except msgspec.MsgspecError:
        raise BadRequest("the body is no event of the tool's") from None
    return [
        CameBack(each.email, _BREVO[each.event], _stamped(each.ts_event))
        for each in (events if isinstance(events, list) else [events])
        if each.event in _BREVO
    ]


def _stamped(seconds: int | None) -> datetime:
    try:
        return clock.now() if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return clock.now()
