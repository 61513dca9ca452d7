"""Something of nearly every kind in a movement, made by what its document says: the least that each route takes.

What the document cannot say, such as which of two fields is wanted, stands in :mod:`tests.suite.least_said`. Whatever
is refused is let be: the tests that use this count how many kinds came of it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import httpx

from services.gateway.examples import NoExample, example
from shared import clock
from tests.suite.least_said import DAY_TO_COME, SAID

Document = dict[str, Any]

ID = re.compile(r"\b([a-z_]+)_[0-7][0-9a-hjkmnp-tv-z]{25}\b")
_KIND = re.compile(r"^\^([a-z_]+)_\[0-7\]")
_LEAVES = re.compile(
    r"sessions|/users|second-factor|/oauth|/movements|/erasures|/handovers|/merge$|/api-keys|/stop|/delegations|"
    r"/(end|withdraw|cancel|revoke|void|close|reverse|start|archive|child-record|complete|decline|dissolve|refuse)$|"
    r"/(skip|succession|objection|objections|restrictions)$|/people/\{person\}/export$"
)
"""What would end, move or hand on what the rest is made of, or keep people out of it."""
_AT_LAST = re.compile(
    r"^/v1/(people/\{person\}/(stops|objections|restrictions|export)|erasures|handovers|delegations|api-keys)$"
)
"""Those of them that are things themselves: made once all the rest is there."""


class Everything:
    """What a movement has: ``ids`` by kind, in the order in which they were met."""

    def __init__(self, document: Document, met: str = "") -> None:
        self.document = document
        self.ids: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._round = 0
        self._used: Counter[str] = Counter()
        self.meet(met)

    def meet(self, text: str) -> None:
        """Remember every id in a text."""
        for found in ID.finditer(text):
            self.ids[found[1]][found[0]] = None

    async def make(self, client: httpx.AsyncClient, rounds: int = 3) -> int:
        """Ask every route that makes something, again where another had to come first; answers how many did."""
        first = await client.post("/v1/organisations", json={"name": "The first group of walkers"})
        self.meet(first.text)  # some things take two
        asked = list(self._making(lambda path, operation: not (_LEAVES.search(path) or is_sealed(operation))))
        waiting = asked
        for self._round in range(rounds):
            waiting = [each for each in waiting if not await self._made(client, *each)]
        self._round = 0
        for each in self._making(lambda path, _: _AT_LAST.search(path) is not None):
            await self._made(client, *each)
        for path, operations in self.document["paths"].items():  # what came about by itself
            if "get" in operations and path.startswith("/v1/") and "{" not in path:
                self.meet((await client.get(path, params=self.queried(operations["get"]))).text)
        return len(asked) - len(waiting)

    async def make_sealed(self, lead: httpx.AsyncClient) -> None:
        """The same of what the lead of safeguarding alone may."""
        for each in self._making(lambda _, operation: is_sealed(operation)):
            await self._made(lead, *each)

    def _making(self, wanted: Callable[[str, Document], bool]) -> Iterator[tuple[str, str, Document]]:
        for path, operations in self.document["paths"].items():
            for method in operations.keys() & {"post", "put"}:
                if path.startswith("/v1/") and wanted(path, operations[method]):
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
        """The path with ids that are there: with it a request begins. Raises NoExample."""
        self._used.clear()
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
        return body | self._there(SAID.get(path, {})) if isinstance(body, dict) else body

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
        """An id of a kind, in one request each time the next; where there is none, one that nothing has.

        A round keeps to one of each kind, so that what opens something and what takes place in it are about the same.
        """
        known = list(self.ids[kind])
        if not known:
            return f"{kind}_01j5x3m0e8f7v9q2k4t6w8y0ab"
        self._used[kind] += 1
        return known[(self._round + self._used[kind] - 1) % len(known)]

    def _there(self, said: Any) -> Any:
        """What was said, with ids for the kinds in it."""
        if isinstance(said, dict):
            return {name: self._there(each) for name, each in said.items()}
        if isinstance(said, list):
            return [self._there(each) for each in said]
        if isinstance(said, str) and DAY_TO_COME in said:
            return said.replace(DAY_TO_COME, (clock.now().date() + timedelta(days=300)).isoformat())
        return self.one(said[1:-1]) if isinstance(said, str) and said.startswith("<") else said


def kind_of(schema: Mapping[str, Any]) -> str | None:
    """The kind of id that a schema describes; None where it is no id."""
    found = _KIND.match(schema.get("pattern", ""))
    return None if found is None else found[1]


def is_sealed(operation: Document) -> bool:
    """Whether only the lead of safeguarding may."""
    return "x-sealed" in operation
