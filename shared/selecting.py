"""What a query may say of any route: parameters that the route has, and which fields of the answer are wanted.

`fields=id,state` leaves of an object, or of each thing on a page, only these. A parameter or a field that there is not
is a fault and is not passed over: whoever misspelt a filter would take everything for what they asked for. Open routes
and hooks are spared, for strangers' tools and addresses bring parameters of their own.
"""

from collections.abc import Callable, Collection, Coroutine, Iterator, Sequence
from itertools import chain
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

import msgspec
from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from shared.errors import Fault, Invalid

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

FIELDS = "fields"
"""The parameter of every route that reads JSON."""
_HELD = "/v1/"
_JSON = "application/json"
_LISTED = "data"
"""Where a page has its things."""


def selecting(route: APIRoute, handler: Handler) -> Handler:
    """The handler of a route, held to what the query may say."""
    if not route.path.startswith(_HELD):
        return handler
    known = _parameters(route)
    shown, listed = _shown(route.response_model) if "GET" in (route.methods or ()) else (frozenset(), False)

    async def held(request: Request) -> Response:
        query: bytes = request.scope["query_string"]
        if not query:
            return await handler(request)
        given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        wanted = [value for name, value in given if name == FIELDS] if shown else []
        rest = [(name, value) for name, value in given if name != FIELDS or not shown]
        fields = _wanted(wanted, shown)
        faults = _unknown({name for name, _ in rest} - known) + _not_shown(fields - shown)
        if faults:
            raise Invalid(faults=faults)
        if not wanted:
            return await handler(request)
        request.scope["query_string"] = urlencode(rest).encode()
        return _selected(await handler(request), fields, listed=listed)

    return held


def _parameters(route: APIRoute) -> frozenset[str]:
    """The names of a route's parameters of the query: those of its function, and those that it only describes."""
    described = (route.openapi_extra or {}).get("parameters", ())
    return frozenset(chain(_taken(route.dependant), (each["name"] for each in described if each.get("in") == "query")))


def _taken(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from (each.alias or name for name, each in model.model_fields.items())
        else:
            yield field.alias
    for needed in dependant.dependencies:
        yield from _taken(needed)


def _shown(model: Any) -> tuple[frozenset[str], bool]:
    """The fields that an answer has, and whether they are those of the things on a page. None where it is no object."""
    found = _fields(model)
    if _LISTED not in found:
        return frozenset(found), False
    things: set[str] = set()
    for listed in (found[_LISTED], *get_args(found[_LISTED])):
        things |= _fields(listed).keys()
    return (frozenset(things), True) if things else (frozenset(found), False)


def _fields(kind: Any) -> dict[str, Any]:
    """The fields of a model, or of all those that an answer may be one of, by the names that they are sent under."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {field.serialization_alias or field.alias or name: field.annotation
                for name, field in kind.model_fields.items()}  # fmt: skip
    found: dict[str, Any] = {}
    for choice in get_args(kind):
        found |= _fields(choice)
    return found


def _wanted(given: Sequence[str], shown: Collection[str]) -> frozenset[str]:
    names = frozenset(name.strip() for value in given for name in value.split(","))
    if given and "" in names:
        raise Invalid(faults=[Fault(f"?{FIELDS}", f"names fields, with commas: {_named(shown)}", "empty_field")])
    return names


def _unknown(names: Collection[str]) -> list[Fault]:
    return [Fault(f"?{name}", "this route has no such parameter", "unknown_parameter") for name in sorted(names)]


def _not_shown(names: Collection[str]) -> list[Fault]:
    return [Fault(f"?{FIELDS}", f"the answer has no {name}", "unknown_field") for name in sorted(names)]


def _named(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


def _selected(answer: Response, fields: Collection[str], *, listed: bool) -> Response:
    """The answer with only these fields. What is no JSON, such as a stream of events, stays as it is."""
    if answer.status_code != 200 or answer.headers.get("content-type") != _JSON:
        return answer
    whole = msgspec.json.decode(answer.body)
    if listed:
        whole[_LISTED] = [_only(fields, thing) for thing in whole[_LISTED]]
    else:
        whole = _only(fields, whole)
    answer.body = msgspec.json.encode(whole)
    answer.headers["content-length"] = str(len(answer.body))
    return answer


def _only(fields: Collection[str], thing: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in thing.items() if name in fields}
