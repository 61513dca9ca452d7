"""A CRM whose API a mapping describes: one JSON request a record, and nothing about it that is not in the mapping."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from services.gateway.crm.mapping import Calls, HttpCall, PersonMapping, Record, RecordMapping
from services.gateway.crm.vendors.calling import Caller, Dials
from services.gateway.crm.vendors.vendor import CrmAway, CrmRefuses, Outcome, Told
from shared.expressions import CannotEvaluate, evaluate
from shared.said import Said

_NOT_THERE = (404, 410)


class Generic:
    """One API, with a header that lets us in."""

    most_at_once = 10

    def __init__(
        self, dialler: Dials, base: str, header: tuple[str, str], mapping: RecordMapping, calls: Calls
    ) -> None:
        self._api = Caller(dialler, base, dict([header]))
        self._mapping = mapping
        self._calls = calls

    async def tell(self, people: Sequence[Told]) -> Sequence[Outcome]:
        """A request each."""
        return [await self._tell(one) for one in people]

    async def read(self, external_ids: Sequence[str]) -> Mapping[str, Record]:
        """A request each; nothing where the mapping does not say how."""
        found: dict[str, Record] = {}
        for external_id in external_ids if self._calls.read else ():
            said = await self._ask(self._calls.read, "", external_id)
            record = _found(self._calls.record, said) if said.ok else None
            if isinstance(record, dict):
                found[external_id] = record
        return found

    async def forget(self, people: Sequence[Told]) -> Sequence[Outcome]:
        """A request each. Where the mapping does not say how, that is the answer, and somebody has to do it there."""
        outcomes = []
        for one in people:
            if self._calls.forget is None:
                outcomes.append(Outcome(one.subject, None, None, "mapping_says_not_how"))
                continue
            said = await self._ask(self._calls.forget, one.subject, one.external_id)
            code = None if said.ok or said.status in _NOT_THERE else f"answered_{said.status}"
            outcomes.append(Outcome(one.subject, one.external_id, said.status, code))
        return outcomes

    async def _tell(self, one: Told) -> Outcome:
        making = one.external_id is None and self._calls.create is not None
        values = {**(self._mapping.always if one.external_id is None else {}), self._mapping.key: one.ours}
        what = "person" if isinstance(self._mapping, PersonMapping) else "organisation"
        about: dict[str, JsonValue] = {what: one.subject, "id": one.external_id, "fields": {**values, **one.fields}}
        body = evaluate(self._calls.body, about)
        said = await self._ask(self._calls.create if making else self._calls.tell, one.subject, one.external_id, body)
        if not said.ok:
            return Outcome(one.subject, None, said.status, f"answered_{said.status}")
        called = _found(self._calls.id, said) if one.external_id is None else one.external_id
        if not isinstance(called, str | int) or called == "":
            return Outcome(one.subject, None, said.status, "answer_has_no_id")
        return Outcome(one.subject, str(called), said.status)

    async def _ask(self, call: HttpCall | None, subject: str, external_id: str | None, body: object = None) -> Said:
        if call is None:
            raise CrmRefuses("mapping_says_not_how")
        said = await self._api.ask(call.method, call.at(subject, external_id), body)
        if said.status == 403:
            raise CrmRefuses("not_allowed", said.status)
        if said.status >= 500:
            raise CrmAway(f"answered_{said.status}", said.status)
        return said


def _found(expression: str, said: Said) -> JsonValue:
    """What is at a place of an answer; nothing where the answer has none."""
    try:
        return evaluate(expression, said.json())
    except (CannotEvaluate, CrmAway):
        return None
