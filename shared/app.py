"""The application factory: what all services have in common, from the first byte of a request to the last worker.

`create_app` is for a service that owns data; `create_frontend` for an application that only asks others.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared import cpu, metrics
from shared.asgi import Edge, Limits
from shared.bus import open_bus
from shared.db import open_database
from shared.guarded import Guarded
from shared.health import health
from shared.housekeeping import keep_house
from shared.needs import large_bodies
from shared.parts import FrontendParts, Parts, Subscribed, Work
from shared.problems import Problem
from shared.relay import Relay
from shared.routing import ByNoun, Router
from shared.secrets import Secrets
from shared.settings import Settings
from shared.upstream import Upstream, open_upstream, register, unregister
from shared.workers import Worker, running

__all__ = ["FrontendParts", "Parts", "Service", "Subscribed", "create_app", "create_frontend"]

Dispatcher = Callable[[ASGIApp, FastAPI], ASGIApp]
"""Wraps the routes in something that may answer before them; it stands within the edge (the gateway's forwarding)."""

_Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_BACKGROUND_AFTER_SECONDS = 0.3


class Service(FastAPI):
    """FastAPI with one middleware, ours: errors leave the routes as exceptions and become problems there."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        routers: Sequence[Router],
        title: str,
        description: str,
        lifespan: _Lifespan,
        dispatcher: Dispatcher | None = None,
        around: Dispatcher | None = None,
        large: Collection[tuple[str, str]] = (),
    ) -> None:
        super().__init__(
            title=title,
            description=description,
            lifespan=lifespan,
            openapi_url="/openapi.json",
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        )
        self._name = name
        self._settings = settings
        self._dispatcher = dispatcher
        self._around = around
        self._passed_on_large = large
        self.router.routes.extend(chain.from_iterable(router.routes for router in routers))
        self.add_route("/metrics", _metrics, include_in_schema=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Requests go to the edge at once; FastAPI's own way there is only for its lifespan and its telemetry."""
        if scope["type"] == "http" and self.middleware_stack is not None:
            scope["app"] = self
            await self.middleware_stack(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """The routes, the dispatcher if there is one, and the edge around them."""
        inner: ASGIApp = AsyncExitStackMiddleware(ByNoun(self.router.routes))
        if self._around is not None:
            inner = self._around(inner, self)
        if self._dispatcher is not None:
            inner = self._dispatcher(inner, self)
        settings = self._settings
        return Edge(
            inner,
            service=self._name,
            limits=Limits(settings.request_timeout, settings.max_body),
            uploads=Limits(settings.upload_timeout, settings.max_upload),
            large=large_bodies(self).union(self._passed_on_large),
            public=self._dispatcher is not None,
        )

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, with the one schema that every problem has."""
        schema = super().openapi()
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.setdefault("components", {}).setdefault("schemas", {}).update(problem.pop("$defs"), Problem=problem)
        return schema


def create_app(
    service: str,
    settings: Settings,
    *,
    routers: Sequence[Router],
    subscriptions: Sequence[Subscribed] = (),
    workers: Sequence[Work] = (),
    upstreams: Sequence[str] = (),
    dispatcher: Dispatcher | None = None,
    around: Dispatcher | None = None,
    large: Collection[tuple[str, str]] = (),
    title: str,
    description: str,
) -> Service:
    """The application of a service. Its lifespan opens `app.state.parts` and runs relay, consumers and workers.

    `upstreams` names the services that it calls; `workers` are run until shutdown, and again when they fail. `large`
    are the routes by which it passes large files on; its own routes declare it (`needs(…, large_body=…)`).
    `around` looks at what its routes answer before it leaves.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            parts = await _open(stack, service, settings, subscriptions, upstreams)
            app.state.parts = parts
            app.state.workers = _workers(parts, workers)
            register(service, app)
            stack.callback(unregister, service, app)
            await stack.enter_async_context(running(app.state.workers))
            yield

    app = Service(
        service,
        settings,
        routers=routers,
        title=title,
        description=description,
        lifespan=lifespan,
        dispatcher=dispatcher,
        around=around,
        large=large,
    )
    app.state.subscriptions, app.state.background = subscriptions, workers
    app.add_route("/health", _health, include_in_schema=False)
    return app


def create_frontend(
    service: str,
    settings: Settings,
    *,
    routers: Sequence[Router],
    upstreams: Sequence[str],
    around: Dispatcher | None = None,
    title: str,
    description: str,
) -> Service:
    """An application without data of its own: `app.state.parts` is a FrontendParts.

    `around` stands within the edge and tells people what goes wrong.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            opened = await _upstreams(stack, settings, upstreams)
            app.state.parts = FrontendParts(service, settings, Secrets.load(settings, service), opened)
            register(service, app)
            stack.callback(unregister, service, app)
            yield

    app = Service(
        service, settings, routers=routers, title=title, description=description, lifespan=lifespan, around=around
    )
    app.add_route("/health", _frontend_health, include_in_schema=False)
    return app


async def _open(
    stack: AsyncExitStack,
    service: str,
    settings: Settings,
    subscriptions: Sequence[Subscribed],
    upstreams: Sequence[str],
) -> Parts:
    """Open the parts; the stack closes them in the opposite order, and those already open if one cannot be."""
    secrets = Secrets.load(settings, service)
    db = open_database(settings.database_url(service), pool=settings.database_pool)
    db.entrust(secrets.rings)
    await db.open()
    stack.push_async_callback(db.close)
    bus = open_bus(settings.bus_url)
    stack.push_async_callback(bus.close)
    return Parts(
        service=service,
        settings=settings,
        secrets=secrets,
        upstreams=await _upstreams(stack, settings, upstreams),
        db=db,
        bus=bus,
        relay=Relay(service, db, bus),
        cpu=await stack.enter_async_context(cpu.opened(settings.cpu_idle)),
        consumers={subscribed.name: subscribed.consumer(db, bus) for subscribed in subscriptions},
    )


async def _upstreams(stack: AsyncExitStack, settings: Settings, names: Sequence[str]) -> dict[str, Upstream]:
    opened: dict[str, Upstream] = {}
    for name in names:
        opened[name] = Guarded(name, open_upstream(settings.upstream_url(name)))
        stack.push_async_callback(opened[name].close)
    return opened


def _workers(parts: Parts, works: Sequence[Work]) -> list[Worker]:
    retention = timedelta(days=parts.settings.outbox_retention_days)
    return [
        Worker(parts.service, "relay", parts.relay.run),
        *(Worker(parts.service, consumer.name, consumer.run) for consumer in parts.consumers.values()),
        Worker(parts.service, "housekeeping", partial(keep_house, parts.db, retention)),
        *(Worker(parts.service, work.__name__, partial(_after_the_start, work, parts)) for work in works),
    ]


async def _after_the_start(work: Work, parts: Parts) -> None:
    """Begin what goes on in the background a moment after the start, which is for those who wait for an answer."""
    await asyncio.sleep(_BACKGROUND_AFTER_SECONDS)
    await work(parts)


async def _health(request: Request) -> Response:
    found = await health(request.app.state.parts, request.app.state.workers)
    return Response(
        found.model_dump_json(exclude_none=True), 503 if found.status == "down" else 200, media_type="application/json"
    )


async def _frontend_health(request: Request) -> Response:
    return JSONResponse({"service": request.app.state.parts.service, "status": "ok", "parts": []})


async def _metrics(request: Request) -> Response:
    parts = request.app.state.parts
    if isinstance(parts, Parts):
        await health(parts, request.app.state.workers)  # which measures how far each consumer is behind
    return Response(metrics.exposition(), headers={"content-type": metrics.CONTENT_TYPE})
