"""HubSpot's CRM API v3, as its reference documents batches, and its usage guidelines the limits.

A batch of more than 100 is refused whole. Where some records fail the status is 207, and each error names its records
by their `objectWriteTraceId`. `backbone_id` and `email` are unique. Properties are texts; one that is not sent stays.
"""

import json
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.crm.servers import CrmServer, Json

TOKEN = "pat-eu1-token-of-a-test"
_TEN_SECONDS = {
    "status": "error", "message": "You have reached your ten_secondly_rolling limit.", "errorType": "RATE_LIMIT",
    "correlationId": "6828d000", "policyName": "TEN_SECONDLY_ROLLING",
}  # fmt: skip


class HubSpotServer(CrmServer):
    """An account with contacts and companies."""

    vendor = "hubspot"
    credentials: ClassVar[Json] = {"token": TOKEN}

    def __init__(self) -> None:
        super().__init__()
        self.calls_left: int | None = None
        self.gone: list[str] = []

    async def answer(self, request: Request, path: str) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"status": "error", "category": "INVALID_AUTHENTICATION"}, 401)
        if self.calls_left == 0:
            return JSONResponse(_TEN_SECONDS, 429)
        if self.calls_left is not None:
            self.calls_left -= 1
        said = json.loads(await request.body() or b"{}")
        kind, _, verb = path.removeprefix("/crm/v3/objects/").partition("/")
        records = {"contacts": self.records, "companies": self.organisations}[kind]
        if request.method == "DELETE" and kind == "companies":
            records.pop(verb, None)
            return Response(status_code=204)
        match f"/{verb}":
            case "/batch/upsert":
                return self._batch(records, said["inputs"], by_ours=True)
            case "/batch/update":
                return self._batch(records, said["inputs"], by_ours=False)
            case "/batch/read":
                return self._read(records, said)
            case "/gdpr-delete" if kind == "contacts":
                self.gone.append(said["objectId"])
                return Response(status_code=204 if self.records.pop(said["objectId"], None) else 404)
        return JSONResponse({"status": "error", "category": "OBJECT_NOT_FOUND"}, 404)

    def _batch(self, records: dict[str, Json], inputs: list[Json], by_ours: bool) -> Response:
        if len(inputs) > 100:
            return JSONResponse({"status": "error", "category": "VALIDATION_ERROR"}, 400)
        results, errors = [], []
        for each in inputs:
            number, category = self._write(records, each, by_ours)
            if category is not None:
                context = {"objectWriteTraceId": [each["objectWriteTraceId"]]}
                errors.append({"status": "error", "category": category, "message": "…", "context": context})
            else:
                shown = {"id": number, "properties": dict(records[number]), "new": False}
                results.append({**shown, "objectWriteTraceId": each["objectWriteTraceId"]})
        body: Json = {"status": "COMPLETE", "results": results}
        if errors:
            return JSONResponse({**body, "numErrors": len(errors), "errors": errors}, 207)
        return JSONResponse(body, 200)

    def _write(self, records: dict[str, Json], said: Json, by_ours: bool) -> tuple[str, str | None]:
        properties = said["properties"]
        assert all(isinstance(value, str) for value in properties.values()), "every property is a text"
        if {properties.get("firstname"), properties.get("name")} & self.refuses:
            return "", "VALIDATION_ERROR"
        if properties.get("associatedcompanyid", "") not in {"", *self.organisations}:
            return "", "VALIDATION_ERROR"
        if by_ours:
            assert said["idProperty"] == "backbone_id"
            number = next((n for n, known in records.items() if known.get("backbone_id") == said["id"]), "")
        else:
            number = said["id"]
            if number not in records:
                return "", "OBJECT_NOT_FOUND"
        email = properties.get("email")
        if email and any(known.get("email") == email for n, known in records.items() if n != number):
            return "", "CONFLICT"
        number = number or self.made_in(records)
        records[number] |= properties
        return number, None

    def _read(self, records: dict[str, Json], said: Json) -> Response:
        results, errors = [], []
        for each in said["inputs"]:
            known = records.get(each["id"])
            if known is None:
                errors.append({"category": "OBJECT_NOT_FOUND", "context": {"ids": [each["id"]]}})
            else:
                properties = {name: known.get(name) for name in said["properties"]}
                results.append({"id": each["id"], "properties": properties})
        body: Json = {"status": "COMPLETE", "results": results}
        return JSONResponse({**body, "numErrors": len(errors), "errors": errors}, 207) if errors else JSONResponse(body)
