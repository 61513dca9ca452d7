"""Routing for services of hundreds of routes: they are looked into when first asked for, and found by their noun.

FastAPI reads a route's parameters and makes the validators of its models where it is declared, some three milliseconds
each; a start would take seconds, for routes that mostly nobody asks for that day. It then compares each request with
one route after the other, more than a microsecond each: four times the rest of its work for the last of three hundred.
"""

from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, compile_path, get_name
from starlette.types import Receive, Scope, Send

from shared.selecting import selecting


class LateRoute(APIRoute):
    """A route that knows its path, its methods and its name; the rest is made when something first needs it."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Iterable[str] | None = None,
        include_in_schema: bool = True,
        openapi_extra: dict[str, Any] | None = None,
        **declared: Any,
    ) -> None:
        known = {"methods": methods, "include_in_schema": include_in_schema, "openapi_extra": openapi_extra}
        self._declared = declared | known
        self.path, self.endpoint, self.name = path, endpoint, get_name(endpoint)
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self.methods = set(methods or ("GET",))
        self.include_in_schema, self.openapi_extra = include_in_schema, openapi_extra

    def __getattr__(self, name: str) -> Any:
        declared = self.__dict__.pop("_declared", None)
        if declared is None:
            raise AttributeError(name)
        super().__init__(self.path, self.endpoint, **declared)
        return getattr(self, name)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request, held to the parameters that there are and to the fields that are wanted."""
        return selecting(self, super().get_route_handler())


class Router(APIRouter):
    """The routes of one noun. What is declared wrongly is found when the OpenAPI documents are made, not at a start."""

    def __init__(self, **shared: Any) -> None:
        super().__init__(**shared, route_class=LateRoute, generate_unique_id_function=operation_id)


class ByNoun:
    """An application of routes, each request's found among those whose path begins with the same two words.

    Where a parameter follows the first word, as in `/open/{movement}`, the first word alone decides.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        of_noun: defaultdict[tuple[str, ...], list[BaseRoute]] = defaultdict(list)
        for route in routes:
            first, second = _words(getattr(route, "path", "/"))
            of_noun[(first,) if not second or second.startswith("{") else (first, second)].append(route)
        self._routers = {noun: APIRouter(routes=of, redirect_slashes=False) for noun, of in of_noun.items()}
        self._none = APIRouter(redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first, second = _words(scope["path"])
        router = self._routers.get((first, second)) or self._routers.get((first,)) or self._none
        await router(scope, receive, send)


def _words(path: str) -> tuple[str, str]:
    """The first two segments of a path; empty where it has fewer."""
    _, first, second, *_ = (*path.split("/", 3), "", "")
    return first, second


def operation_id(route: APIRoute) -> str:
    """The name that a generated client gives to the call: that of the function."""
    return route.name
