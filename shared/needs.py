"""What a route declares of itself beside its path: the scope that it needs, what it shows people for, how large it is.

    @router.post("/v1/rounds", status_code=201, response_model=Round, **needs("rounds:write"))

It stands in the route's part of the OpenAPI document, so that callers read what :mod:`shared.calls` holds them to.
"""

from typing import Any, NotRequired, TypedDict

from fastapi import FastAPI, Response
from fastapi.routing import iter_route_contexts

from shared.asgi import SEALED_BY
from shared.deprecation import DEPRECATED, Deprecation
from shared.uses import RECORD

SCOPE, USER, PLATFORM, _LARGE = "x-scope", "x-user", "x-platform", "x-large-body"
PURPOSE, CHANNEL = "x-purpose", "x-channel"
_PROBLEM = {
    "description": "A problem (RFC 9457), with a stable `code`.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class Needs(TypedDict):
    """What `needs` adds to a route."""

    openapi_extra: dict[str, Any]
    responses: dict[int | str, dict[str, Any]]
    response_class: NotRequired[type[Response]]


def needs(
    scope: str,
    *,
    user: bool = False,
    platform: bool = False,
    large_body: str | None = None,
    sealed: str | None = None,
    shows: str | None = None,
    over: str = RECORD,
    deprecated: Deprecation | None = None,
    file: str | None = None,
) -> Needs:
    """What a caller needs for this route: a scope such as `rounds:write`; to be a person, not a key (`user`); or to
    have a platform key (`platform`), for what the route changes is shared by all movements.

    `large_body` is the media type of a large file that the route takes as it comes, by `call.upload()`.
    `sealed` names the ring of keys under which alone anything of its calls is kept: metrics do not count them by route,
    and an answer that may have to be given again says nothing of whose it was and to what.
    `deprecated` says since when it is, until when it is answered and where to read what replaces it: its callers are
    told by headers, and the document says so.
    `file` is the media type of what it answers where that is no JSON of a model: a table, a picture, a document.
    `shows` is the purpose that it shows people for, `over` a channel: who does not permit that is not in the answer.
    """
    extra: dict[str, Any] = {SCOPE: scope, USER: user} | ({PLATFORM: True} if platform else {})
    if sealed is not None:
        extra[SEALED_BY] = sealed
    if shows is not None:
        extra |= {PURPOSE: shows, CHANNEL: over}
    if deprecated is not None:
        extra |= {"deprecated": True, DEPRECATED: deprecated}
    if large_body is not None:
        content = {large_body: {"schema": {"type": "string", "format": "binary"}}}
        extra |= {_LARGE: True, "requestBody": {"required": True, "content": content}}
    return _declared_as(extra, file)


def anyone(*, file: str | None = None) -> Needs:
    """The route is for everybody, such as signing in. It has no `Call`. `file` is as in :func:`needs`."""
    return _declared_as({SCOPE: "", USER: False}, file)


def _declared_as(extra: dict[str, Any], file: str | None) -> Needs:
    if file is None:
        return {"openapi_extra": extra, "responses": {"default": _PROBLEM}}
    media = {"schema": {"type": "object"}} if file == "application/json" else {}  # 3.1: bytes have no schema
    answered = {"description": "The file.", "content": {file: media}}
    return {"openapi_extra": extra, "responses": {200: answered, "default": _PROBLEM}, "response_class": Response}


def scopes(app: FastAPI) -> dict[str, str | None]:
    """Each route of an application, `POST /v1/rounds`, and the scope that it needs; None where it declares none."""
    return _declared(app, SCOPE)


def purposes(app: FastAPI) -> dict[str, str | None]:
    """Each route of an application, `GET /v1/rounds`, and the purpose that it shows people for; None: it shows none."""
    return _declared(app, PURPOSE)


def large_bodies(app: FastAPI) -> frozenset[tuple[str, str]]:
    """The routes of an application that take large files, by method and path."""
    found: set[tuple[str, str]] = set()
    for context in iter_route_contexts(app.routes):
        if context.include_in_schema and (context.openapi_extra or {}).get(_LARGE):
            found |= {(method, str(context.path_format)) for method in context.methods or ()}
    return frozenset(found)


def _declared(app: FastAPI, what: str) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for context in iter_route_contexts(app.routes):
        if context.include_in_schema:
            for method in sorted(context.methods or ()):
                found[f"{method} {context.path_format}"] = (context.openapi_extra or {}).get(what)
    return found
