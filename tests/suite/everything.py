"""Something of nearly every kind in a movement, made by what its document says: the least that each route takes.

What the document cannot say, such as which of two fields is wanted, stands in ``_SAID``. Whatever is refused is let be:
the tests that use this count how many kinds came of it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from services.gateway.examples import NoExample, example

Document = dict[str, Any]

ID = re.compile(r"\b([a-z_]+)_[0-7][0-9a-hjkmnp-tv-z]{25}\b")
_KIND = re.compile(r"^\^([a-z_]+)_\[0-7\]")
_LEAVES = re.compile(r"sessions|/users|second-factor|/oauth|/(end|withdraw|cancel|revoke|void|close|reverse|start)$|"
                     r"/movements|/erasures|/handovers|/merge$|/api-keys|/stop|/delegations")  # fmt: skip
"""What would end, move or hand on what the rest is made of."""

_MONEY = {"amount": "500.00", "currency": "GBP"}
_SAID: dict[str, dict[str, Any]] = {
    "/v1/agreements": {"kind": "sharing", "parties": ["<org>", "<org>"], "starts_on": "2026-01-01",
                       "review_on": "2027-01-01"},
    "/v1/asks": {"person": "<person>"},
    "/v1/applications": {"summary": "a bench"},
    "/v1/commitments": {"person": "<person>", "ends_on": "2027-11-22", "programme": "<programme>"},
    "/v1/connections": {"person": "<person>", "connector": "<person>"},
    "/v1/contact-log": {"person": "<person>"},
    "/v1/control": {"from": {"words": "the council"}, "to": {"organisation": "<org>"}},
    "/v1/controllers": {"fund": "<fund>"},
    "/v1/forms": {"preset": "one_question"},
    "/v1/kpis": {"source": "people_on_ladder"},
    "/v1/mandates": {"ends_on": "2027-11-22", "way": "self_appointed"},
    "/v1/memberships": {"organisation": "<org>"},
    "/v1/nominations": {"nominee": "<person>", "giver": "<person>"},
    "/v1/offers": {"person": "<person>"},
    "/v1/organisations": {"name": "Another group of walkers"},
    "/v1/pledges": {"person": "<person>"},
    "/v1/recognitions": {"organisation": "<org>"},
    "/v1/requests": {"person": "<person>"},
    "/v1/stewardships": {"about": "<org>"},
    "/v1/submissions": {"period": "2023/24"},
    "/v1/surveys": {"asks": [{"instrument": "ons4"}]},
    "/v1/targets": {"value": "10"},
    "/v1/ties": {"first": "<org>", "second": "<org>"},
    "/v1/time-credits": {"helper": {"person": "<person>"}, "helped": {"person": "<person>"}},
    "/v1/webhook-endpoints": {"types": ["person.created"]},
    "/v1/wins": {"made_by": [{"person": "<person>"}]},
}  # fmt: skip


class Everything:
    """What a movement has: ``ids`` by kind, in the order in which they were met."""

    def __init__(self, document: Document, met: str = "") -> None:
        self.document = document
        self.ids: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.meet(met)

    def meet(self, text: str) -> None:
        """Remember every id in a text."""
        for found in ID.finditer(text):
            self.ids[found[1]][found[0]] = None

    async def make(self, client: httpx.AsyncClient, rounds: int = 2) -> int:
        """Ask every route that makes something, again where another had to come first; answers how many did."""
        await client.post("/v1/organisations", json={"name": "The first group of walkers"})  # some things take two
        waiting = list(self._making())
        for _ in range(rounds):
            waiting = [each for each in waiting if not await self._made(client, *each)]
        return len(list(self._making())) - len(waiting)

    def _making(self) -> Iterator[tuple[str, str, Document]]:
        for path, operations in self.document["paths"].items():
            for method in operations.keys() & {"post", "put"}:
                if path.startswith("/v1/") and not _LEAVES.search(path):
                    yield method, path, operations[method]

    async def _made(self, client: httpx.AsyncClient, method: str, path: str, operation: Document) -> bool:
        try:
            target, query, body = self.filled(path, operation), self.queried(operation), self.body(path, operation)
        except NoExample:
            return False
        answer = await client.request(method, target, params=query, json=body, headers={"if-match": "*"})
        if answer.is_success:
            self.meet(answer.text)
        return answer.is_success

    def filled(self, path: str, operation: Document) -> str:
        """The path with ids that are there. Raises NoExample."""
        for parameter in operation.get("parameters", ()):
            if parameter.get("in") == "path":
                schema = parameter["schema"]
                path = path.replace(f"{{{parameter['name']}}}", str(self.least(schema.get("anyOf", [schema])[0])))
        return path

    def queried(self, operation: Document) -> dict[str, Any]:
        """The parameters of the query that cannot be left out."""
        wanted = [each for each in operation.get("parameters", ()) if each.get("in") == "query" and each["required"]]
        return {parameter["name"]: self.least(parameter["schema"]) for parameter in wanted}

    def body(self, path: str, operation: Document) -> Any:
        """The least body that the route takes, None where it takes no JSON. Raises NoExample."""
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return None
        body = self.least(schema)
        return body | self._there(_SAID.get(path, {})) if isinstance(body, dict) else body

    def least(self, schema: Mapping[str, Any]) -> Any:
        """What is required by a schema and no more, with ids that are there. Raises NoExample."""
        schemas = self.document["components"]["schemas"]
        if "$ref" in schema:
            return self.least(schemas[str(schema["$ref"]).rpartition("/")[2]])
        for choice in ("anyOf", "oneOf"):
            if choice in schema and not {"example", "examples"} & schema.keys():
                return self.least(next(each for each in schema[choice] if each.get("type") != "null"))
        if schema.get("type") == "object" and "properties" in schema:
            required = schema.get("required", ())
            return {name: self.least(part) for name, part in schema["properties"].items() if name in required}
        if schema.get("type") == "array" and "prefixItems" not in schema:
            return [self.least(schema["items"]) for _ in range(max(1, schema.get("minItems", 0)))]
        kind = kind_of(schema)
        return example(schema, schemas) if kind is None else self.one(kind)

    def one(self, kind: str) -> str:
        """An id of a kind, each time the next; where there is none, one that nothing has."""
        known = self.ids[kind]
        if not known:
            return f"{kind}_01j5x3m0e8f7v9q2k4t6w8y0ab"
        following = next(iter(known))
        known[following] = known.pop(following)  # to the end
        return following

    def _there(self, said: Any) -> Any:
        """What was said, with ids for the kinds in it."""
        if isinstance(said, dict):
            return {name: self._there(each) for name, each in said.items()}
        if isinstance(said, list):
            return [self._there(each) for each in said]
        return self.one(said[1:-1]) if isinstance(said, str) and said.startswith("<") else said


def kind_of(schema: Mapping[str, Any]) -> str | None:
    """The kind of id that a schema describes; None where it is no id."""
    found = _KIND.match(schema.get("pattern", ""))
    return None if found is None else found[1]
