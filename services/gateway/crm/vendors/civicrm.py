"""CiviCRM's API v4 over HTTP, by https://docs.civicrm.org/dev/en/latest/api/v4/rest.

Many calls go in one request, each with an answer of its own: so one record that is refused keeps no other back. `save`
matches a record by our id, or by CiviCRM's own where that is known.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import msgspec

from services.gateway.crm.mapping import RecordMapping
from services.gateway.crm.vendors.calling import Caller, Dials
from services.gateway.crm.vendors.vendor import CrmAway, CrmRefuses, Outcome, Told

_FORM = "application/x-www-form-urlencoded"
_PATH = "/civicrm/ajax/api4"


class _Answer(msgspec.Struct):
    """Of one call: the records, or its code and what the status would be. The text may repeat what we sent: unread."""

    values: list[dict[str, object]] = []
    error_code: int | str | None = None
    status: int = 200


class CiviCrm:
    """One site, as the user whose API key it is."""

    most_at_once = 50

    def __init__(self, dialler: Dials, base: str, api_key: str, mapping: RecordMapping) -> None:
        # X-Requested-With is what tells its AJAX endpoint that no form of another site sent this.
        headers = {"x-civi-auth": f"Bearer {api_key}", "x-requested-with": "XMLHttpRequest"}
        self._api = Caller(dialler, base, headers)
        self._mapping = mapping

    async def tell(self, people: Sequence[Told]) -> Sequence[Outcome]:
        """A call each, in one request."""
        match = [self._mapping.key]
        calls = [(self._mapping.object, "save", {"records": [self._record(one)], "match": match}) for one in people]
        return [_outcome(one, answer) for one, answer in zip(people, await self._call(calls), strict=True)]

    async def read(self, external_ids: Sequence[str]) -> Mapping[str, Mapping[str, object]]:
        """One call; contacts in the trash are not there."""
        select = ["*", *(each.theirs for each in self._mapping.fields if "." in each.theirs)]
        where = [["id", "IN", [int(each) for each in external_ids]], ["is_deleted", "=", False]]
        (answer,) = await self._call([(self._mapping.object, "get", {"select": select, "where": where})])
        if answer.error_code is not None:
            raise CrmAway(f"civicrm_{answer.error_code}", answer.status)
        return {str(contact["id"]): contact for contact in answer.values if "id" in contact}

    async def forget(self, people: Sequence[Told]) -> Sequence[Outcome]:
        """For good, and not into the trash. Who is not there any more is forgotten as well."""
        calls = []
        for one in people:
            where = [["id", "=", int(one.external_id or 0)]]
            calls.append((self._mapping.object, "delete", {"where": where, "useTrash": False}))
        answers = await self._call(calls)
        return [
            Outcome(one.subject, one.external_id, answer.status, _code(answer))
            for one, answer in zip(people, answers, strict=True)
        ]

    def _record(self, one: Told) -> Mapping[str, object]:
        """By its own id where that is known, so that our id may be put on a contact that was there before us."""
        known = {} if one.external_id is None else {"id": int(one.external_id)}
        always = self._mapping.always if one.external_id is None else {}
        return {**always, **known, self._mapping.key: one.ours, **one.fields}

    async def _call(self, calls: Sequence[tuple[str, str, Mapping[str, object]]]) -> Sequence[_Answer]:
        numbered = {str(number): call for number, call in enumerate(calls)}
        form = urlencode({"calls": msgspec.json.encode(numbered).decode()})
        said = await self._api.send("POST", _PATH, form.encode(), _FORM)
        if said.status == 401:
            raise CrmRefuses("credentials_refused", said.status)
        if said.status == 403 and len(calls) > 1:  # none of them was allowed: it is not about one person
            raise CrmRefuses("not_allowed", said.status)
        if said.status in (400, 405):
            raise CrmRefuses(f"civicrm_{said.status}", said.status)
        answers = said.read(list[_Answer])  # PHP writes an array whose keys count from 0 as a JSON list
        if len(answers) != len(calls):
            raise CrmAway("answer_not_understood", said.status)
        return answers


def _outcome(one: Told, answer: _Answer) -> Outcome:
    if answer.values and "id" in answer.values[0]:
        return Outcome(one.subject, str(answer.values[0]["id"]), answer.status)
    return Outcome(one.subject, None, answer.status, _code(answer) or "civicrm_empty")


def _code(answer: _Answer) -> str | None:
    return None if answer.error_code is None else f"civicrm_{answer.error_code}"
