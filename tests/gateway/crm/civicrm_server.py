"""CiviCRM's API v4 over HTTP, as https://docs.civicrm.org/dev/en/latest/api/v4/rest and its AJAX page answer.

Many calls come in one POST to `/civicrm/ajax/api4` as `calls`; the status is 200 if one of them succeeded. A request
without `X-Requested-With` is taken for a forgery. Texts of errors are kept from users who may not see debug output.
"""

import json
from collections.abc import Iterable
from typing import ClassVar
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.crm.servers import CrmServer, Json

API_KEY = "civi-api-key-of-a-test"
_FAILED = "Sorry an error occurred and your request was not completed. (Error ID: abcd-efgh-ijkl)"


class CiviCrmServer(CrmServer):
    """A site with contacts; `external_identifier` is unique among them, those in the trash too."""

    vendor = "civicrm"
    credentials: ClassVar[Json] = {"api_key": API_KEY}

    async def answer(self, request: Request, path: str) -> Response:
        if request.headers.get("x-requested-with") != "XMLHttpRequest":
            return JSONResponse({"error_code": 400, "error_message": "SECURITY ALERT: Ajax requests …"}, 400)
        if request.headers.get("x-civi-auth") != f"Bearer {API_KEY}":
            return JSONResponse({"error_code": 401, "error_message": "Invalid credential"}, 401)
        if path != "/civicrm/ajax/api4":
            return Response(status_code=404)
        form = parse_qs((await request.body()).decode())
        calls = json.loads(form["calls"][0])
        answers = [self._call(*calls[number]) for number in sorted(calls, key=int)]
        codes = [answer["status"] for answer in answers]
        return JSONResponse(answers, 200 if 200 in codes else codes[0])

    def _call(self, entity: str, action: str, params: Json) -> Json:
        assert entity == "Contact"
        if action == "save":
            return self._save(params["records"], params.get("match", []))
        if action == "get":
            assert params["select"][0] == "*"
            (_, _, ids), (_, _, deleted) = params["where"]
            found = [(n, contact) for n, contact in self._contacts.items() if int(n) in ids]
            return _values(
                {"id": int(n), **_own(contact), **{each: contact.get(each) for each in params["select"][1:]}}
                for n, contact in found
                if contact.get("is_deleted", False) is deleted
            )
        if action == "delete":
            assert params["useTrash"] is False
            ((_, _, number),) = params["where"]
            gone = [kind.pop(str(number), None) for kind in (self.records, self.organisations)]
            return _values([{"id": number}] if any(each is not None for each in gone) else [])
        raise AssertionError(f"{entity}.{action} is not asked for")

    def _save(self, records: list[Json], match: list[str]) -> Json:
        saved = []
        for record in records:
            if {record.get("first_name"), record.get("organization_name")} & self.refuses:
                return {"error_code": "1", "error_message": _FAILED, "status": 500}
            kind = self.organisations if record.get("contact_type") == "Organization" else self.records
            number = str(record.get("id") or self._matching(record, match) or self.made_in(kind))
            contacts = self._contacts
            taken = next((n for n, at in contacts.items() if n != number and _same(at, record)), None)
            if taken is not None or number not in contacts or not self._is_employer(record.get("employer_id")):
                return {"error_code": "1", "error_message": _FAILED, "status": 500}
            contacts[number].update({name: value for name, value in record.items() if name != "id"})
            saved.append({"id": int(number), **contacts[number]})
        return _values(saved)

    @property
    def _contacts(self) -> dict[str, Json]:
        """Individuals and organisations are one table."""
        return self.records | self.organisations

    def _is_employer(self, number: int | None) -> bool:
        return number is None or str(number) in self.organisations

    def _matching(self, record: Json, match: list[str]) -> str | None:
        """`match` finds those that are not in the trash."""
        for number, known in self._contacts.items():
            if not known.get("is_deleted") and match and all(known.get(name) == record[name] for name in match):
                return number
        return None


def _own(record: Json) -> Json:
    """`*`: every field of the contact itself, and not what is joined to it."""
    return {name: value for name, value in record.items() if "." not in name}


def _values(values: Iterable[Json]) -> Json:
    return {"values": list(values), "entity": "Contact", "status": 200}


def _same(known: Json, record: Json) -> bool:
    ours = record.get("external_identifier")
    return ours is not None and known.get("external_identifier") == ours
