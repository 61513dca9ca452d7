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
        ],
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
"""How it is told of people."""


class GenericServer(CrmServer):
    """Supporters by number."""

    vendor = "generic"
    credentials: ClassVar[Json] = {"header": "X-Api-Key", "value": KEY}

    async def answer(self, request: Request, path: str) -> Response:
        if request.headers.get("x-api-key") != KEY:
            return Response(status_code=401)
        said = json.loads(await request.body() or b"{}")
        number = path.removeprefix("/api/supporters").strip("/")
        if said.get("supporter", {}).get("name", "").split(" ")[0] in self.refuses:
            return JSONResponse({"message": "of somebody's"}, 422)
        if request.method == "POST":
            return self._shown(self.made(**said["supporter"]), 201)
        if number not in self.records:
            return Response(status_code=404)
        if request.method == "DELETE":
            del self.records[number]
            return Response(status_code=204)
        self.records[number] |= said.get("supporter", {})
        return self._shown(number, 200)

    def _shown(self, number: str, status: int) -> Response:
        return JSONResponse({"supporter": {"number": int(number), **self.records[number]}}, status)
