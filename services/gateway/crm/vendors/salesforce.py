"""Salesforce's REST API: sObject collections, 200 records a call, of which each succeeds or fails by itself.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm
Who is not known by a record id is upserted by the external id field that holds ours. We sign in by the client
credentials flow, https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_client_credentials_flow.htm
"""

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from services.gateway.crm.mapping import RecordMapping
from services.gateway.crm.vendors.calling import Caller, Dials
from services.gateway.crm.vendors.vendor import CrmAway, CrmLimited, CrmRefuses, Outcome, Told
from shared.said import Said

_VERSION = "v61.0"
_COLLECTIONS = f"/services/data/{_VERSION}/composite/sobjects"
_AN_HOUR = 3600.0
"""The daily limit is counted over the 24 hours that went by, so it gives way a little each hour."""
_IN_AN_ADDRESS = 50
"""Ids that a call names in its address, where it cannot have a body."""
_PASSES = frozenset({"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT"})


class _Token(msgspec.Struct):
    access_token: str
    instance_url: str


class _Error(msgspec.Struct, rename={"code": "statusCode", "error": "errorCode"}):
    """Within a collection its name is `statusCode`, of a whole call `errorCode`."""

    code: str = ""
    error: str = ""


class _Result(msgspec.Struct):
    success: bool = False
    id: str | None = None
    errors: list[_Error] = []


class Salesforce:
    """One org, as the user that the connected app runs as."""

    most_at_once = 200

    def __init__(self, dialler: Dials, base: str, client_id: str, secret: str, mapping: RecordMapping) -> None:
        self._dialler = dialler
        self._base = base
        self._signing_in = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        self._mapping = mapping
        self._api: Caller | None = None

    async def tell(self, people: Sequence[Told]) -> Sequence[Outcome]:
        """Whom it is known to have by their record ids, everybody else by ours."""
        known = [one for one in people if one.external_id is not None]
        others = [one for one in people if one.external_id is None]
        outcomes = await self._collect("PATCH", _COLLECTIONS, known)
        key = f"{_COLLECTIONS}/{quote(self._mapping.object)}/{quote(self._mapping.key)}"
        return [*outcomes, *await self._collect("PATCH", key, others)]

    async def read(self, external_ids: Sequence[str]) -> Mapping[str, Mapping[str, object]]:
        """One call, with the ids in its body: 200 of them are too long for an address. What is not there is null."""
        fields = ["Id", self._mapping.key, *(each.theirs for each in self._mapping.fields)]
        body = {"ids": external_ids, "fields": fields}
        said = await self._ask("POST", f"{_COLLECTIONS}/{quote(self._mapping.object)}", body)
        found = said.read(list[dict[str, object] | None])
        return {str(record["Id"]): record for record in found if record is not None and "Id" in record}

    async def forget(self, people: Sequence[Told]) -> Sequence[Outcome]:
        """Into the org's recycle bin, which its REST API does not empty: Salesforce does after 15 days."""
        outcomes: list[Outcome] = []
        for begin in range(0, len(people), _IN_AN_ADDRESS):
            some = people[begin : begin + _IN_AN_ADDRESS]
            query = urlencode({"ids": ",".join(one.external_id or "" for one in some), "allOrNone": "false"})
            results = (await self._ask("DELETE", f"{_COLLECTIONS}?{query}")).read(list[_Result])
            outcomes += _outcomes(some, results, gone="ENTITY_IS_DELETED")
        return outcomes

    async def _collect(self, method: str, path: str, people: Sequence[Told]) -> Sequence[Outcome]:
        if not people:
            return []
        body = {"allOrNone": False, "records": [self._record(one) for one in people]}
        return _outcomes(people, (await self._ask(method, path, body)).read(list[_Result]))

    def _record(self, one: Told) -> Mapping[str, object]:
        by_id = {} if one.external_id is None else {"Id": one.external_id}
        always = self._mapping.always if one.external_id is None else {}
        record = {"attributes": {"type": self._mapping.object}, **by_id, **always}
        return {**record, self._mapping.key: one.ours, **one.fields}

    async def _ask(self, method: str, path: str, body: object = None) -> Said:
        """Ask, signed in; once more with a new token where the one we had is over."""
        content = b"" if body is None else msgspec.json.encode(body)
        if self._api is not None:
            said = await self._api.send(method, path, content)
            if said.status != 401:
                return _done(said)
        self._api = await self._signed_in()
        return _done(await self._api.send(method, path, content))

    async def _signed_in(self) -> Caller:
        """A caller with a token. Raises CrmRefuses; also where the token would go to another site than its own."""
        outside = Caller(self._dialler, self._base, {})
        form = urlencode(self._signing_in).encode()
        said = await outside.send("POST", "/services/oauth2/token", form, "application/x-www-form-urlencoded")
        if not said.ok:
            raise CrmRefuses("credentials_refused", said.status)
        token = said.read(_Token)
        if urlsplit(token.instance_url).hostname != urlsplit(self._base).hostname:
            raise CrmRefuses("another_instance", said.status)
        return Caller(self._dialler, self._base, {"authorization": f"Bearer {token.access_token}"})


def _done(said: Said) -> Said:
    """The answer of a call that was carried out. Raises CrmFailed, by the code of a whole call that was not."""
    if said.ok:
        return said
    errors = said.read(list[_Error])
    code = errors[0].error if errors else ""
    if code == "REQUEST_LIMIT_EXCEEDED":
        raise CrmLimited(code, said.status, _AN_HOUR)
    if said.status >= 500:
        raise CrmAway(code or f"answered_{said.status}", said.status)
    raise CrmRefuses(code or f"answered_{said.status}", said.status)


def _outcomes(people: Sequence[Told], results: Sequence[_Result], gone: str = "") -> Sequence[Outcome]:
    if len(results) != len(people):
        raise CrmAway("answer_not_understood")
    outcomes = []
    for one, result in zip(people, results, strict=True):
        code = None if result.success else result.errors[0].code if result.errors else "FAILED"
        code = None if code == gone else code
        again = code in _PASSES
        outcomes.append(Outcome(one.subject, result.id or one.external_id, 200, code, again))
    return outcomes
