"""Salesforce's REST API, as its developer guide documents sign-in, sObject collections and the daily limit.

A token is good until it expires; then every call answers 401 INVALID_SESSION_ID. An external id field is unique. A
collection answers 200 with a result for each record, in their order; whole calls fail with a list of errors.
"""

import json
from typing import ClassVar
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.crm.servers import CrmServer, Json

_COLLECTIONS = "/services/data/v61.0/composite/sobjects"


class SalesforceServer(CrmServer):
    """An org with contacts, of which each has to have a last name, and accounts, of which each has to have a name."""

    vendor = "salesforce"
    credentials: ClassVar[Json] = {"client_id": "3MVG9_of_a_test", "client_secret": "a-secret-of-a-test"}

    def __init__(self) -> None:
        super().__init__()
        self.tokens = 0
        self.calls_left = 1000

    def id_of(self, number: int) -> str:
        return f"003xx000004T{number:03d}AAG"

    def expire(self) -> None:
        """The token that is out is good no more."""
        self.tokens += 1

    async def answer(self, request: Request, path: str) -> Response:
        if path == "/services/oauth2/token":
            return self._token(parse_qs((await request.body()).decode()), str(request.base_url).rstrip("/"))
        if request.headers.get("authorization") != f"Bearer token-{self.tokens}":
            return _error(401, "INVALID_SESSION_ID")
        if self.calls_left == 0:
            return _error(403, "REQUEST_LIMIT_EXCEEDED")
        self.calls_left -= 1
        said = json.loads(await request.body() or b"{}")
        match request.method, path.removeprefix(_COLLECTIONS):
            case "PATCH", "":
                return JSONResponse([self._update(record) for record in said["records"]])
            case "PATCH", "/Contact/Backbone_Id__c" | "/Account/Backbone_Id__c":
                assert len(said["records"]) <= 200
                return JSONResponse([self._upsert(record) for record in said["records"]])
            case "POST", "/Contact" | "/Account":
                return self._read(said, path.rpartition("/")[2])
            case "DELETE", "":
                ids = request.query_params["ids"].split(",")
                return JSONResponse([self._delete(number) for number in ids])
        return _error(404, "NOT_FOUND")

    def _token(self, said: dict[str, list[str]], base: str) -> Response:
        if said.get("client_secret") != [self.credentials["client_secret"]]:
            return JSONResponse({"error": "invalid_client", "error_description": "invalid client credentials"}, 400)
        assert said["grant_type"] == ["client_credentials"]
        return JSONResponse({"access_token": f"token-{self.tokens}", "instance_url": base, "token_type": "Bearer"})

    def _update(self, record: Json) -> Json:
        if record["Id"] not in self._of(record):
            return _failed("ENTITY_IS_DELETED")
        return self._write(record["Id"], record)

    def _upsert(self, record: Json) -> Json:
        assert "Id" not in record, "an upsert names no record id"
        key = record["Backbone_Id__c"]
        number = next((n for n, known in self._of(record).items() if known.get("Backbone_Id__c") == key), None)
        if number is None and not record.get("LastName" if record["attributes"]["type"] == "Contact" else "Name"):
            return _failed("REQUIRED_FIELD_MISSING")
        return self._write(number, record)

    def _write(self, number: str | None, record: Json) -> Json:
        if {record.get("FirstName"), record.get("Name")} & self.refuses:
            return _failed("FIELD_CUSTOM_VALIDATION_EXCEPTION")
        if record.get("AccountId") is not None and record["AccountId"] not in self.organisations:
            return _failed("INVALID_CROSS_REFERENCE_KEY")
        created, records = number is None, self._of(record)
        number = number or self.made_in(records)
        fields = {name: value for name, value in record.items() if name not in ("attributes", "Id")}
        records[number] |= fields
        return {"id": number, "success": True, "errors": [], "created": created}

    def _of(self, record: Json) -> dict[str, Json]:
        return self.organisations if record["attributes"]["type"] == "Account" else self.records

    def _read(self, said: Json, kind: str) -> Response:
        found: list[Json | None] = []
        for number in said["ids"]:
            known = self._of({"attributes": {"type": kind}}).get(number)
            if known is None:
                found.append(None)
                continue
            shown = {name: number if name == "Id" else known.get(name) for name in said["fields"]}
            found.append({"attributes": {"type": kind}, **shown})
        return JSONResponse(found)

    def _delete(self, number: str) -> Json:
        if all(kind.pop(number, None) is None for kind in (self.records, self.organisations)):
            return _failed("ENTITY_IS_DELETED")
        return {"id": number, "success": True, "errors": []}


def _failed(code: str) -> Json:
    return {"success": False, "errors": [{"statusCode": code, "message": "of somebody's", "fields": []}]}


def _error(status: int, code: str) -> Response:
    return JSONResponse([{"errorCode": code, "message": "…"}], status)
