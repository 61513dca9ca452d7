"""The one OpenAPI document of the suite, merged from the services' own: generated, shipped, and not built at start.

Operation ids and schema names are prefixed by their service, so a collision is a fault of ours and fails the build. The
routes of jobs are the same in every service that has jobs, so they stand here once, for the ids of each.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from services.gateway import nouns
from services.gateway.examples import NoExample, example
from services.gateway.public import PREFIX
from shared import opened
from shared.asgi import SEALED_BY
from shared.errors import (
    AppError,
    BadRequest,
    Conflict,
    DeadlinePassed,
    Fault,
    Forbidden,
    Invalid,
    NotFound,
    PayloadTooLarge,
    PreconditionFailed,
    PreconditionRequired,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    problem,
)
from shared.selecting import FIELDS

FILE = Path(__file__).with_name("openapi.json")
"""Where the generated document is kept."""

Document = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_JOBS = f"/v1/{nouns.JOBS}/"
_COMMON = frozenset({"Problem", "ProblemFault", "Money", "Job", "JobFailure", "JobState"})
"""Schemas that are the same in every service, because they are the house's own."""

_OF_FASTAPI = frozenset({"HTTPValidationError", "ValidationError"})
"""What FastAPI says a fault looks like; ours look like Problem."""

_DESCRIPTION = """\
Members, shared measures and micro-grants of a movement, behind one API.

Send an API key or a session's token as `Authorization: Bearer …`. A platform key names its movement, by id or slug, in
`Backbone-Movement`. Errors are RFC 9457 problems with a stable `code`. Lists answer `{"data": […], "next_cursor": …}`.
A write may carry an `Idempotency-Key`, and answers `Backbone-Position`. Each credential has so many requests a minute:
`RateLimit-Policy` and `RateLimit` tell. `x-scope` is the scope that a route needs; where `x-user` is true it needs a
signed-in user as well. What is under `/open/` is for anybody, without a key and from any web page.
"""

_PROBLEMS = (
    BadRequest, Unauthenticated, Forbidden, NotFound, Conflict, PreconditionFailed, PayloadTooLarge, Invalid,
    PreconditionRequired, TooManyRequests, Unavailable, DeadlinePassed,
)  # fmt: skip
"""What any route may answer instead; its own codes are more particular and have the same status."""


def _described(error: type[AppError]) -> Document:
    """A problem of one status, with an example."""
    faults = [Fault("/name", "Field required", "missing")] if error is Invalid else ()
    told = json.loads(problem(error(faults=faults), "req_01j5x3m0e8f7v9q2k4t6w8y0ab"))
    content = {"schema": {"$ref": _SCHEMAS + "Problem"}, "example": told}
    return {"description": (error.__doc__ or "").strip(), "content": {"application/problem+json": content}}


_COMPONENTS: Document = {
    "responses": {
        "Problem": {
            "description": "A problem (RFC 9457), with a stable `code`.",
            "content": {"application/problem+json": {"schema": {"$ref": _SCHEMAS + "Problem"}}},
        }
    }
    | {error.__name__: _described(error) for error in _PROBLEMS},
    "parameters": {
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "maxLength": 255},
            "description": "Repeat a write with the same key and get the first answer again, for 24 hours.",
        },
        "Fields": {
            "name": FIELDS,
            "in": "query",
            "required": False,
            "schema": {"type": "string"},
            "description": "The fields that are wanted, with commas; of a page: of each thing on it. All if left out.",
        },
    },
}


class Collision(Exception):
    """Two services describe the same thing: a path and method, an operation id, or a common schema differently."""


def build(documents: Mapping[str, Document]) -> Document:
    """Merge the services' own documents, given by the service's name. Raises Collision."""
    paths: Document = {}
    schemas: Document = {}
    for service, document in documents.items():
        prefixed = _prefixed(document, service)
        for path, operations in prefixed["paths"].items():
            if path.startswith(_JOBS):
                _join(paths.setdefault(path, {}), operations, path)
            elif path.startswith(("/v1/", PREFIX)):
                _add(paths.setdefault(path, {}), operations, path)
        _add(schemas, prefixed.get("components", {}).get("schemas", {}), "the schemas")
    for path, operations in paths.items():
        for method, operation in operations.items():
            if operation.get("x-scope") == opened.SCOPE:
                operation["x-scope"] = ""
            _complete(operation, path, writes=method != "get")
            _show(operation, schemas)
    _refuse_repeated(paths)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Backbone", "version": "1", "description": _DESCRIPTION},
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": _security(paths),
            **_COMPONENTS,
            "schemas": dict(sorted(schemas.items())),
        },
    }


def _prefixed(document: Document, service: str) -> Document:
    """The document with each operation id and schema named after the service as well."""
    schemas: Document = document.get("components", {}).get("schemas", {})
    names = {name: name if name in _COMMON else f"{service}_{name}" for name in schemas}
    renamed: Document = _renamed(document, {_SCHEMAS + old: _SCHEMAS + new for old, new in names.items()})
    kept = renamed.get("components", {}).get("schemas", {})
    renamed["components"] = {
        "schemas": {names[name]: schema for name, schema in kept.items() if name not in _OF_FASTAPI}
    }
    for path, operations in renamed["paths"].items():
        for operation in operations.values():
            if not path.startswith(_JOBS):
                operation["operationId"] = f"{service}_{operation['operationId']}"
            operation["tags"] = [service]
    return renamed


def _renamed(node: Any, references: Mapping[str, str]) -> Any:
    """A copy of a part of a document, with every reference to a schema renamed."""
    if isinstance(node, dict):
        return {
            key: references.get(value, value) if isinstance(value, str) else _renamed(value, references)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [references.get(item, item) if isinstance(item, str) else _renamed(item, references) for item in node]
    return node


def _add(into: Document, more: Document, where: str) -> None:
    """Add named parts; the same name twice is a collision, unless it is a common schema and the same."""
    for name, part in more.items():
        if name in into and not (name in _COMMON and into[name] == part):
            raise Collision(f"{where}: {name} is described twice")
        into[name] = part


def _join(into: Document, more: Document, where: str) -> None:
    """Add operations that other services have as well, each for ids of its own; any other difference is a collision."""
    for method, operation in more.items():
        ids = _ids(operation)
        if method not in into:
            ids["schema"] = {"anyOf": [ids["schema"]]}
            into[method] = operation
            continue
        first: Document = into[method]
        kind, ids["schema"] = ids["schema"], _ids(first)["schema"]
        if operation | {"tags": first["tags"]} != first:
            raise Collision(f"{where}: {method} is described differently")
        first["tags"] += operation["tags"]
        ids["schema"]["anyOf"].append(kind)


def _ids(operation: Document) -> Document:
    """The parameter of an operation's path."""
    named: Document = next(parameter for parameter in operation["parameters"] if parameter["in"] == "path")
    return named


def _security(paths: Document) -> Document:
    """How callers sign in, and the scopes that there are."""
    scopes = sorted({each["x-scope"] for operations in paths.values() for each in operations.values()} - {""})
    flow = {"tokenUrl": "/v1/oauth/token", "scopes": {scope: _of_scope(scope) for scope in scopes}}
    return {
        "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or the token of a session."},
        "oauth2": {
            "type": "oauth2", "description": "A key as client credentials.", "flows": {"clientCredentials": flow},
        },
    }  # fmt: skip


def _of_scope(scope: str) -> str:
    resource, _, action = scope.partition(":")
    return f"{action} {resource.replace('_', ' ')}"


def _complete(operation: Document, path: str, *, writes: bool) -> None:
    """Say what holds for every route: who may call it, and what its problems look like."""
    scope = operation.get("x-scope")
    operation["security"] = [{"bearer": [scope]}, {"oauth2": [scope]}] if scope else []
    responses = operation["responses"]
    responses.pop("422", None)  # FastAPI's own shape of it; ours is a Problem
    if _answers_a_file(responses):
        del responses["200"]["content"]["application/json"]
    for error in _problems_of(operation, path, writes=writes):
        responses.setdefault(str(error.status), {"$ref": f"#/components/responses/{error.__name__}"})
    responses["default"] = {"$ref": "#/components/responses/Problem"}
    if writes and scope:
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
    if scope and not writes and responses.get("200", {}).get("content", {}).get("application/json", {}).get("schema"):
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/Fields"})


def _answers_a_file(responses: Document) -> bool:
    """Whether what succeeds is of another kind than the JSON of no model, which FastAPI takes any answer for."""
    content = responses.get("200", {}).get("content", {})
    return len(content) > 1 and content.get("application/json") == {"schema": {}}


def _problems_of(operation: Document, path: str, *, writes: bool) -> Iterator[type[AppError]]:
    """The kinds of problem that a route may answer, by what it takes."""
    takes = {parameter.get("name", "") for parameter in operation.get("parameters", ())}
    yield from (BadRequest, TooManyRequests, Invalid, Unavailable, DeadlinePassed)
    if operation.get("x-scope"):
        yield from (Unauthenticated, Forbidden)
    names = "{" in path or takes or "requestBody" in operation
    if names or SEALED_BY in operation:
        yield NotFound
    if names or writes:
        yield Conflict
    if "requestBody" in operation:
        yield PayloadTooLarge
    if "if-match" in {name.lower() for name in takes}:
        yield from (PreconditionFailed, PreconditionRequired)
    told = operation.get("description", "")
    yield from (error for error in _PROBLEMS if re.search(rf"\b{error.status}\b", told))


def _show(operation: Document, schemas: Document) -> None:
    """Give every JSON that it takes or answers an example, and every parameter that it cannot do without."""
    contents = [operation.get("requestBody", {}).get("content", {})]
    contents += [response.get("content", {}) for response in operation["responses"].values()]
    for content in contents:
        for kind, media in content.items():
            if kind == "application/json" and "schema" in media and "example" not in media:
                with suppress(NoExample):
                    media["example"] = example(media["schema"], schemas)
    for parameter in operation.get("parameters", ()):
        if parameter.get("required") and "example" not in parameter:
            with suppress(NoExample):
                parameter["example"] = example(parameter["schema"], schemas)


def _refuse_repeated(paths: Document) -> None:
    seen: set[str] = set()
    for operations in paths.values():
        for operation in operations.values():
            name = operation["operationId"]
            if name in seen:
                raise Collision(f"two operations are called {name}")
            seen.add(name)
