"""A typed Python client, written from the shipped OpenAPI document: one file that needs nothing but Python.

Each schema becomes a `TypedDict`, each operation a method whose arguments are its parameters and whose body and answer
have those types. A partner fetches it from `/v1/client.py` and keeps it beside their own code.
"""

import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Document = Mapping[str, Any]

_HEAD = '''\
"""The API of Backbone, typed. Written from its OpenAPI document: fetch it anew rather than edit it."""

from __future__ import annotations

import json
from typing import Any, Literal, NotRequired, TypedDict
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen


class Refused(Exception):
    """What the API answered instead: `status`, its stable `code`, and the whole `problem` (RFC 9457)."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail") or problem.get("title") or problem.get("code"))
        self.problem = problem
        self.status: int = problem["status"]
        self.code: str = problem["code"]


class Client:
    """A caller with a key. `headers` of the last answer are kept: `Backbone-Position`, `RateLimit`, `ETag`."""

    def __init__(self, address: str, key: str, *, movement: str | None = None, timeout: float = 30.0) -> None:
        self._address = address.rstrip("/")
        self._sent = {"authorization": "Bearer " + key}
        if movement is not None:
            self._sent["backbone-movement"] = movement
        self._timeout = timeout
        self.headers: dict[str, str] = {}

    def call(self, method: str, path: str, query: dict[str, Any], headers: dict[str, Any], body: Any = None) -> Any:
        """One request; the answer's JSON, text where it is none, None where there is none. Raises Refused."""
        given = {name: value for name, value in query.items() if value is not None}
        target = self._address + path + ("?" + urlencode(given, doseq=True) if given else "")
        sent = self._sent | {name: str(value) for name, value in headers.items() if value is not None}
        content = None
        if isinstance(body, bytes):
            content = body
        elif body is not None:
            content, sent["content-type"] = json.dumps(body).encode(), "application/json"
        try:
            with urlopen(Request(target, content, sent, method=method), timeout=self._timeout) as answer:
                self.headers = {name.lower(): value for name, value in answer.headers.items()}
                read: bytes = answer.read()
        except HTTPError as error:
            with error:
                raise Refused(json.loads(error.read())) from None
        if not read:
            return None
        return json.loads(read) if "json" in self.headers.get("content-type", "") else read.decode()
'''


class _Argument(NamedTuple):
    """A parameter of an operation as a method has it."""

    name: str
    sent_as: str
    place: str
    kind: str
    required: bool


def source(document: Document) -> str:
    """The client's source text."""
    parts = [_HEAD]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parts.append("\n".join(_method(method, path, operation)))
    parts += [_typed_dict(name, schema) for name, schema in document["components"]["schemas"].items()]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _method(method: str, path: str, operation: Document) -> Iterator[str]:
    arguments = [_argument(each) for each in operation.get("parameters", ()) if "$ref" not in each]
    body = _body(operation)
    required = [each for each in arguments if each.required]
    optional = [each for each in arguments if not each.required]
    signature = ["self", *(f"{each.name}: {each.kind}" for each in required)]
    if body is not None:
        signature.append(f"body: {body}")
    named = [f"{each.name}: {each.kind} | None = None" for each in optional]
    if method != "get":
        named.append("idempotency_key: str | None = None")
    if named:
        signature += ["*", *named]
    yield f"    def {operation['operationId']}({', '.join(signature)}) -> {_answer(operation)}:"
    first = (operation.get("summary") or operation["operationId"]).strip().replace("\\", "/").replace('"', "'")
    yield f'        """{first}. Needs {operation.get("x-scope") or "no scope"}."""'
    filled = re.sub(r"\{(\w+)\}", lambda found: "{quote(str(" + _safe(found[1]) + "), safe='')}", path)
    headers = [f'"{each.sent_as}": {each.name}' for each in arguments if each.place == "header"]
    if method != "get":
        headers.append('"idempotency-key": idempotency_key')
    query = [f'"{each.sent_as}": {each.name}' for each in arguments if each.place == "query"]
    sent = f'"{method.upper()}", f"{filled}", {{{", ".join(query)}}}, {{{", ".join(headers)}}}'
    yield f"        answer: {_answer(operation)} = self.call({sent}{', body' if body else ''})"
    yield "        return answer"


def _argument(parameter: Document) -> _Argument:
    kind = _type(parameter.get("schema", {}))
    return _Argument(
        _safe(parameter["name"]), parameter["name"], parameter["in"], kind, parameter.get("required", False)
    )


def _body(operation: Document) -> str | None:
    content = operation.get("requestBody", {}).get("content")
    if not content:
        return None
    return _type(content["application/json"].get("schema", {})) if "application/json" in content else "bytes"


def _answer(operation: Document) -> str:
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            content = response.get("content", {})
            if "application/json" in content:
                return _type(content["application/json"].get("schema", {}))
            return "Any" if content else "None"
    return "Any"


def _typed_dict(name: str, schema: Document) -> str:
    """A schema by its name. What is no object is an alias."""
    if schema.get("type") != "object" or "properties" not in schema:
        return f"{_safe(name)} = {_type(schema, late=True)}"
    required = schema.get("required", ())
    fields = [
        f'"{field}": {_type(part)}' if field in required else f'"{field}": NotRequired[{_type(part)}]'
        for field, part in schema["properties"].items()
    ]
    return f'{_safe(name)} = TypedDict("{_safe(name)}", {{{", ".join(_quoted(each) for each in fields)}}})'


def _quoted(field: str) -> str:
    """A field whose type is written as text: it may name what stands further down."""
    name, _, kind = field.partition(": ")
    return f"{name}: {kind!r}"


def _type(schema: Document, *, late: bool = False) -> str:
    """The type of a schema as an annotation; ``late`` where it is not one, so that it may name nothing further down."""
    if "$ref" in schema:
        return "Any" if late else _safe(str(schema["$ref"]).rpartition("/")[2])
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " | ".join(dict.fromkeys(_type(each, late=late) for each in schema[choice]))
    match schema.get("type"):
        case "array":
            return f"list[{_type(schema.get('items', {}), late=late)}]"
        case "object":
            values = schema.get("additionalProperties")
            return f"dict[str, {_type(values if isinstance(values, dict) else {}, late=late)}]"
        case str(simple):
            return _SIMPLE.get(simple, "Any")
    return "Any"


_SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def _safe(name: str) -> str:
    """A name as Python takes it."""
    plain = re.sub(r"\W", "_", name)
    return f"{plain}_" if keyword.iskeyword(plain) or plain in {"self", "body"} else plain
