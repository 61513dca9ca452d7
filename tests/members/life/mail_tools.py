"""Two mailing tools on loopback that answer as their vendors document: real servers, with people who unsubscribe.

https://mailchimp.com/developer/marketing/api/ and https://developers.brevo.com/reference. What they would tell a hook
waits in ``told``, for a test to deliver when and as often as it likes.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared import clock

LIST = "7"
KEY = "0123456789abcdef-us19"
_STAMP = 1_760_000_000


@dataclass
class Known:
    """Somebody whom a tool knows, and since when they stand as they do."""

    address: str
    status: str
    names: dict[str, str]
    changed_at: float = field(default_factory=lambda: clock.now().timestamp())
    lists: set[int] = field(default_factory=set)

    def turn(self, status: str) -> None:
        self.status, self.changed_at = status, clock.now().timestamp()


class MailTool(ABC):
    """A tool: whom it knows by their address, its groups and campaigns, and what it was asked."""

    kind: str
    headers: dict[str, str]

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self.groups: dict[int, tuple[str, set[str]]] = {}
        self.campaigns: dict[str, dict[str, Any]] = {"c1": {"status": self.unsent, "group": None}}
        self.sent: list[tuple[str, set[str]]] = []
        self.asked: list[str] = []
        self.told: list[tuple[str, bytes]] = []
        self.brought_back: list[str] = []
        """Whom something that we sent would bring back, if the tool let it."""
        self.before: Callable[[str], Awaitable[Response | None]] | None = None
        self.app = Starlette(
            routes=[Route("/{path:path}", self._answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])]
        )

    @property
    @abstractmethod
    def unsent(self) -> str:
        """The state of a campaign that was written and not sent."""

    @property
    @abstractmethod
    def mailable(self) -> set[str]:
        """Whom a campaign to the whole list would reach."""

    @abstractmethod
    def came_back(self, address: str, what: str) -> None:
        """Somebody unsubscribes or complains, or their mail bounces; the hook is to be told."""

    @abstractmethod
    def authorised(self, request: Request) -> bool:
        """Whether the key is the account's."""

    @abstractmethod
    async def answer(self, request: Request, path: str) -> Response:
        """Answer what is documented."""

    async def _answer(self, request: Request) -> Response:
        path = f"/{request.path_params['path']}"
        self.asked.append(f"{request.method} {path}")
        answer = None if self.before is None else await self.before(self.asked[-1])
        if answer is None and not self.authorised(request):
            answer = JSONResponse({"title": "API Key Invalid", "code": "unauthorized"}, 401)
        if answer is None:
            answer = await self.answer(request, path)
        answer.headers["connection"] = "close"  # else the server waits at its end for connections that are kept
        return answer

    def reach(self, group: int) -> set[str]:
        """Whom a campaign to a group reaches."""
        return self.groups[group][1] & self.mailable

    def send(self, campaign: str) -> Response:
        """Send a campaign: a second time it is refused, as both vendors do."""
        about = self.campaigns[campaign]
        if about["status"] != self.unsent:
            return JSONResponse({"title": "Bad Request", "code": "invalid_parameter"}, 400)
        about["status"] = "sent"
        self.sent.append((campaign, self.reach(about["group"])))
        return Response(status_code=204)


class MailchimpServer(MailTool):
    """`status_if_new` is for whom it does not know; an unsubscribed member is subscribed by nobody but themself."""

    kind, unsent = "mailchimp", "save"

    @property
    def mailable(self) -> set[str]:
        return {address for address, each in self.known.items() if each.status == "subscribed"}

    def came_back(self, address: str, what: str) -> None:
        self.known[address].turn("unsubscribed" if what == "unsubscribed" else "cleaned")
        kinds = {"unsubscribed": ("unsubscribe", "manual"), "complained": ("cleaned", "abuse")}
        kind, reason = kinds.get(what, ("cleaned", "hard"))
        fields = {"action": "unsub", "reason": reason, "email": address, "list_id": LIST}
        body = {"type": kind, "fired_at": "2026-03-26 21:40:57"} | {f"data[{k}]": v for k, v in fields.items()}
        self.told.append(("application/x-www-form-urlencoded", urlencode(body).encode()))

    def authorised(self, request: Request) -> bool:
        return request.headers["authorization"].startswith("Basic ")

    async def answer(self, request: Request, path: str) -> Response:
        said = json.loads(await request.body() or b"{}")
        match path.strip("/").split("/"):
            case ["lists", "7", "members", *rest]:
                return self._members(request, rest, said)
            case ["lists", "7", "segments", *rest]:
                return self._segments(request.method, rest, said)
            case ["campaigns", campaign, *_] if campaign in self.campaigns:
                return self._campaign(request.method, campaign, said)
        return JSONResponse({"title": "Resource Not Found", "status": 404}, 404)

    def _members(self, request: Request, rest: list[str], said: dict[str, Any]) -> Response:
        match request.method, rest:
            case "PUT", [member]:
                return self._put(member, said)
            case "PATCH", [member]:
                return self._patch(member, said)
            case "POST", [member, "actions", "delete-permanent"]:
                gone = [address for address in self.known if _hash(address) == member]
                for address in gone:
                    del self.known[address]
                return Response(status_code=204 if gone else 404)
        return self._changed(request)

    def _segments(self, method: str, rest: list[str], said: dict[str, Any]) -> Response:
        if rest:
            members = self.groups[int(rest[0])][1]
            members |= set(said["members_to_add"]) & self.known.keys()
            members -= set(said["members_to_remove"])
            return JSONResponse({"members_added": [], "members_removed": [], "errors": []})
        if method == "GET":
            return JSONResponse({"segments": [{"id": n, "name": name} for n, (name, _) in self.groups.items()]})
        self.groups[len(self.groups) + 1] = (said["name"], set())
        return JSONResponse({"id": len(self.groups), "name": said["name"]})

    def _campaign(self, method: str, campaign: str, said: dict[str, Any]) -> Response:
        if method == "POST":
            return self.send(campaign)
        if method == "PATCH":
            self.campaigns[campaign]["group"] = said["recipients"]["segment_opts"]["saved_segment_id"]
        return JSONResponse({"id": campaign, "status": self.campaigns[campaign]["status"]})

    def _put(self, member: str, said: dict[str, Any]) -> Response:
        address = said["email_address"]
        assert member == _hash(address)
        if "@refused." in address:
            return JSONResponse({"title": "Invalid Resource", "status": 400}, 400)
        known = self.known.get(address)
        if known is not None and said.get("status") == "subscribed":
            self.brought_back.append(address)
        if known is None:
            known = self.known[address] = Known(address, said["status_if_new"], said["merge_fields"])
        elif said.get("status") == "subscribed" and known.status in ("unsubscribed", "cleaned"):
            return JSONResponse({"title": "Member In Compliance State", "status": 400}, 400)
        elif "status" in said:
            known.turn(said["status"])
        return JSONResponse({"id": member, "email_address": address, "status": known.status})

    def _patch(self, member: str, said: dict[str, Any]) -> Response:
        for address, known in self.known.items():
            if _hash(address) == member:
                if said["status"] == "subscribed":
                    self.brought_back.append(address)
                if known.status != "cleaned":
                    known.turn(said["status"])
                return JSONResponse({"status": known.status})
        return JSONResponse({"title": "Resource Not Found"}, 404)

    def _changed(self, request: Request) -> Response:
        since = datetime.fromisoformat(request.query_params["since_last_changed"]).timestamp()
        begin, count = (int(request.query_params[name]) for name in ("offset", "count"))
        found = sorted((each for each in self.known.values() if each.changed_at >= since), key=lambda e: e.changed_at)
        shown = [{"email_address": each.address, "status": each.status} for each in found[begin : begin + count]]
        return JSONResponse({"members": shown})


class BrevoServer(MailTool):
    """Whoever unsubscribes, complains or bounces is blocked in the account (`emailBlacklisted`), on whatever list."""

    kind, unsent = "brevo", "draft"

    @property
    def mailable(self) -> set[str]:
        return {address for address, each in self.known.items() if each.status == "free" and each.lists}

    def came_back(self, address: str, what: str) -> None:
        self.known[address].turn("blacklisted")
        event = {"unsubscribed": "unsubscribe", "complained": "spam", "bounced": "hard_bounce"}[what]
        body = {"id": 1, "camp_id": 2, "event": event, "email": address, "ts_event": _STAMP, "list_id": [int(LIST)]}
        self.told.append(("application/json", json.dumps(body).encode()))

    def authorised(self, request: Request) -> bool:
        return request.headers.get("api-key") == KEY

    async def answer(self, request: Request, path: str) -> Response:
        said = json.loads(await request.body() or b"{}")
        match path.strip("/").split("/"):
            case ["contacts"]:
                return self._since(request) if request.method == "GET" else self._post(said)
            case ["contacts", "lists", *rest]:
                return self._lists(request.method, rest, said)
            case ["contacts", "folders"]:
                return JSONResponse({"folders": [{"id": 5, "name": "All"}], "count": 1})
            case ["contacts", address]:
                return self._contact(request.method, address, said)
            case ["emailCampaigns", campaign, *_] if campaign in self.campaigns:
                return self._campaign(request.method, campaign, said)
        return JSONResponse({"code": "document_not_found", "message": ""}, 404)

    def _lists(self, method: str, rest: list[str], said: dict[str, Any]) -> Response:
        if rest:
            return self._regroup(int(rest[0]), rest[2], set(said["emails"]))
        if method == "GET":
            return JSONResponse({"lists": [{"id": n, "name": name} for n, (name, _) in self.groups.items()]})
        assert said["folderId"] == 5
        number = 100 + len(self.groups)
        self.groups[number] = (said["name"], set())
        return JSONResponse({"id": number}, 201)

    def _campaign(self, method: str, campaign: str, said: dict[str, Any]) -> Response:
        if method == "POST":
            return self.send(campaign)
        if method == "GET":
            return JSONResponse({"id": 1, "status": self.campaigns[campaign]["status"]})
        (self.campaigns[campaign]["group"],) = said["recipients"]["listIds"]
        return Response(status_code=204)

    def _post(self, said: dict[str, Any]) -> Response:
        self._look_at(said["email"], said)
        if "@refused." in said["email"]:
            return JSONResponse({"code": "invalid_parameter", "message": ""}, 400)
        known = self.known.get(said["email"])
        if known is None:
            known = self.known[said["email"]] = Known(said["email"], "free", said["attributes"])
        elif not said.get("updateEnabled"):
            return JSONResponse({"code": "duplicate_parameter", "message": ""}, 400)
        known.lists |= set(said["listIds"])
        known.turn(known.status)
        return JSONResponse({"id": 1}, 201)

    def _contact(self, method: str, address: str, said: dict[str, Any]) -> Response:
        known = self.known.get(address)
        if known is None:
            return JSONResponse({"code": "document_not_found", "message": ""}, 404)
        if method == "DELETE":
            del self.known[address]
        elif method == "PUT":
            self._look_at(address, said)
            known.lists -= set(said["unlinkListIds"])
            known.turn(known.status)
        else:
            return JSONResponse(_shown(known))
        return Response(status_code=204)

    def _look_at(self, address: str, said: dict[str, Any]) -> None:
        if said.get("emailBlacklisted") is False:
            self.brought_back.append(address)

    def _since(self, request: Request) -> Response:
        since = datetime.fromisoformat(request.query_params["modifiedSince"]).timestamp()
        begin, count = (int(request.query_params[name]) for name in ("offset", "limit"))
        found = [each for each in self.known.values() if each.changed_at >= since]
        return JSONResponse({"contacts": [_shown(each) for each in found[begin : begin + count]], "count": len(found)})

    def _regroup(self, number: int, verb: str, addresses: set[str]) -> Response:
        assert 0 < len(addresses) <= 150
        members = self.groups[number][1]
        before = set(members)
        if verb == "add":
            members |= addresses & self.known.keys()
        else:
            members -= addresses
        if members == before:
            return JSONResponse({"code": "invalid_parameter", "message": "Contact already in list"}, 400)
        return JSONResponse({"contacts": {"success": [], "failure": []}}, 201)


def _hash(address: str) -> str:
    return hashlib.md5(address.lower().encode(), usedforsecurity=False).hexdigest()


def _shown(known: Known) -> dict[str, Any]:
    return {
        "email": known.address, "id": 1, "emailBlacklisted": known.status == "blacklisted",
        "smsBlacklisted": False, "listIds": sorted(known.lists), "attributes": known.names,
    }  # fmt: skip
