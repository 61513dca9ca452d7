"""HubSpot's CRM API v3: batches of at most 100, with an answer for each record (207 where some failed).

https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/batch and, for limits,
https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines. Each record carries our id as
`objectWriteTraceId`, by which an error says whose it is. Every property is a text there.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

import msgspec

from services.gateway.crm.mapping import RecordMapping
from services.gateway.crm.vendors.calling import Caller, Dials
from services.gateway.crm.vendors.vendor import CrmAway, CrmLimited, CrmRefuses, Outcome, Told
from shared.said import Said

_AN_HOUR = 3600.0
_DAILY = "DAILY"
_CONTACTS = "contacts"


class _Error(msgspec.Struct, rename="camel"):
    category: str = ""
    policy_name: str = ""
    context: dict[str, list[str] | str] = {}


class _Result(msgspec.Struct, rename="camel"):
    id: str
    properties: dict[str, str | None] = {}
    object_write_trace_id: str | None = None


class _Batch(msgspec.Struct):
    results: list[_Result] = []
    errors: list[_Error] = []


class HubSpot:
    """One account, as the private app whose token it is."""

    most_at_once = 100

    def __init__(self, dialler: Dials, base: str, token: str, mapping: RecordMapping) -> None:
        self._api = Caller(dialler, base, {"authorization": f"Bearer {token}"}, _limit)
        self._mapping = mapping
        self._objects = f"/crm/v3/objects/{quote(mapping.object, safe='')}"

    async def tell(self, people: Sequence[Told]) -> Sequence[Outcome]:
        """Whom it is known to have by their record ids, everybody else by ours."""
        known = [one for one in people if one.external_id is not None]
        others = [one for one in people if one.external_id is None]
        return [*await self._batch("update", known), *await self._batch("upsert", others)]

    async def read(self, external_ids: Sequence[str]) -> Mapping[str, Mapping[str, object]]:
        """One call; who is not there is an error of the batch, and left out."""
        properties = [self._mapping.key, *(each.theirs for each in self._mapping.fields)]
        body = {"properties": properties, "inputs": [{"id": each} for each in external_ids]}
        found = _done(await self._api.ask("POST", f"{self._objects}/batch/read", body)).read(_Batch)
        return {result.id: result.properties for result in found.results}

    async def forget(self, people: Sequence[Told]) -> Sequence[Outcome]:
        """For good, one at a time: archived contacts could be brought back for 90 days. Companies are archived."""
        outcomes = []
        for one in people:
            if self._mapping.object == _CONTACTS:
                said = await self._api.ask("POST", f"{self._objects}/gdpr-delete", {"objectId": one.external_id})
            else:
                said = await self._api.ask("DELETE", f"{self._objects}/{quote(one.external_id or '', safe='')}")
            code = None if said.ok or said.status == 404 else _code(said)
            outcomes.append(Outcome(one.subject, one.external_id, said.status, code))
        return outcomes

    async def _batch(self, verb: str, people: Sequence[Told]) -> Sequence[Outcome]:
        """One call. A record that lets the whole batch fail is found by halving."""
        if not people:
            return []
        inputs = [self._input(verb, one) for one in people]
        said = await self._api.ask("POST", f"{self._objects}/batch/{verb}", {"inputs": inputs})
        if said.status in (400, 409) and len(people) > 1:
            half = len(people) // 2
            return [*await self._batch(verb, people[:half]), *await self._batch(verb, people[half:])]
        if said.status in (400, 404, 409):
            return [Outcome(people[0].subject, None, said.status, _code(said))]
        return self._outcomes(people, said.status, _done(said).read(_Batch))

    def _input(self, verb: str, one: Told) -> Mapping[str, object]:
        always = self._mapping.always if one.external_id is None else {}
        values = {**always, self._mapping.key: one.ours, **one.fields}
        record: dict[str, object] = {"properties": {name: _text(value) for name, value in values.items()}}
        if verb == "upsert":
            return {**record, "id": one.subject, "idProperty": self._mapping.key, "objectWriteTraceId": one.subject}
        return {**record, "id": one.external_id, "objectWriteTraceId": one.subject}

    def _outcomes(self, people: Sequence[Told], status: int, batch: _Batch) -> Sequence[Outcome]:
        done: dict[str, str] = {}
        for result in batch.results:
            ours = result.object_write_trace_id or result.properties.get(self._mapping.key)
            if ours is not None:
                done[ours] = result.id
        failed = {subject: error.category for error in batch.errors for subject in _about(error)}
        return [
            Outcome(one.subject, done[one.subject], status)
            if one.subject in done
            else Outcome(one.subject, None, status, failed.get(one.subject, "no_answer"), one.subject not in failed)
            for one in people
        ]


def _about(error: _Error) -> Sequence[str]:
    """Whose error it is."""
    traced = error.context.get("objectWriteTraceId", [])
    return [traced] if isinstance(traced, str) else traced


def _text(value: object) -> str:
    """A property as HubSpot takes it: the empty text clears it, several values have a `;` between."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ";".join(map(str, value))
    return str(value)


def _code(said: Said) -> str:
    return said.read(_Error).category or f"answered_{said.status}"


def _done(said: Said) -> Said:
    """The answer of a call that was carried out. Raises CrmFailed."""
    if said.ok:
        return said
    if said.status >= 500:
        raise CrmAway(f"answered_{said.status}", said.status)
    raise CrmRefuses(_code(said), said.status)


def _limit(said: Said, wait: float | None) -> CrmLimited:
    """For how long a 429 has us wait: the ten seconds of its window, or an hour where the day's calls are used up."""
    daily = said.read(_Error).policy_name == _DAILY
    return CrmLimited("rate_limited_daily" if daily else "rate_limited", said.status, _AN_HOUR if daily else wait)
