"""A CRM that no pack is for: a small JSON API of its own, such as a charity has had made."""

import json
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.crm.servers import CrmServer, Json

KEY = "a-key-of-a-test"

MAPPING: Json = {
    "person": {
        "object": "supporters",
        "key": "ref",
        "withheld": {"keep": False},
        "fields": [
            {"ours": "given_name", "theirs": "name", "out": "join(' ', [given_name, family_name || ''])",
             "direction": "out"},
            {"ours": "tags", "theirs": "groups", "owner": "ask"},
            {"ours": "rung", "theirs": "level", "direction": "out"},
            {"ours": "organisation", "theirs": "group", "direction": "out"},
        ],
    },
    "organisation": {
        "object": "groups",
        "key": "ref",
        "fields": [{"ours": "name", "theirs": "title"}, {"ours": "ended_on", "theirs": "closed"}],
    },
    "organisation_calls": {
        "create": {"method": "POST", "path": "/api/groups"},
        "tell": {"method": "PATCH", "path": "/api/groups/{id}"},
        "read": {"method": "GET", "path": "/api/groups/{id}"},
        "forget": {"method": "DELETE", "path": "/api/groups/{id}"},
        "body": "{group: fields}",
        "id": "group.number",
        "record": "group",
    },
    "calls": {
        "create": {"method": "POST", "path": "/api/supporters"},
        "tell": {"method": "PATCH", "path": "/api/supporters/{id}"},
        "read": {"method": "GET", "path": "/api/supporters/{id}"},
        "forget": {"method": "DELETE", "path": "/api/supporters/{id}"},
        "body": "{supporter: fields}",
        "id": "supporter.number",
        "record": "supporter",
    },
    "limit": {"calls": 1000, "seconds": 1},
}  # fmt: skip
"""How it is told of people and organisations."""


class GenericServer(CrmServer):
    """Supporters and groups by number."""

    vendor = "generic"
    credentials: ClassVar[Json] = {"header": "X-Api-Key", "value": KEY}

    async def answer(self, request: Request, path: str) -> Response:
        if request.headers.get("x-api-key") != KEY:
            return Response(status_code=401)
        said = json.loads(await request.body() or b"{}")
        _, _, kind, *rest = path.split("/")
        records, named = {"supporters": (self.records, "supporter"), "groups": (self.organisations, "group")}[kind]
        fields, number = said.get(named, {}), rest[0] if rest else ""
        if {fields.get("name", "").split(" ")[0], fields.get("title")} & self.refuses:
            return JSONResponse({"message": "of somebody's"}, 422)
        if fields.get("group") is not None and fields["group"] not in self.organisations:
            return JSONResponse({"message": "no such group"}, 422)
        if request.method == "POST":
            number = self.made_in(records, **fields)
            return JSONResponse({named: {"number": int(number), **records[number]}}, 201)
        if number not in records:
            return Response(status_code=404)
        if request.method == "DELETE":
            del records[number]
            return Response(status_code=204)
        records[number] |= fields
        return JSONResponse({named: {"number": int(number), **records[number]}})
