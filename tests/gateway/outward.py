"""The gateway's outward side alone: feed and webhooks on each database, with a log to publish on and a receiver."""

from collections import Counter
from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
import pytest
import sqlalchemy as sa

from services.gateway.feed.api import router as feed
from services.gateway.feed.arrivals import Arrivals
from services.gateway.feed.filters import SOURCES
from services.gateway.feed.handlers import subscribed
from services.gateway.feed.streams import Streams
from services.gateway.nouns import SERVICES
from services.gateway.webhooks.api import router as webhooks
from services.gateway.webhooks.completeness.api import router as completeness
from services.gateway.webhooks.dry_runs.api import router as dry_runs
from services.gateway.webhooks.models import Delivery
from services.gateway.webhooks.sender import Sender
from shared import clock
from shared.app import Parts, create_app
from shared.auth import Principal, sign
from shared.bus.records import Outgoing
from shared.db import Database, open_database
from shared.db.types import microseconds
from shared.dialler import Dialler
from shared.events.base import Event
from shared.events.envelope import headers, topic
from shared.ids import new_id
from shared.settings import Settings
from shared.testing.eventually import eventually
from tests.gateway.receiver import Got, Receiver

Json = dict[str, Any]


@dataclass
class Caller:
    """A caller with a scope in one movement."""

    client: httpx.AsyncClient
    movement: str

    async def get(self, path: str, **parameters: str | int) -> Json:
        answered = await self.client.get(path, params=parameters)
        assert answered.status_code == 200, answered.text
        body: Json = answered.json()
        return body

    async def post(self, path: str, body: Mapping[str, object] | None = None) -> Json:
        answered = await self.client.post(path, json=body)
        assert answered.is_success, answered.text
        made: Json = answered.json()
        return made

    async def endpoint(self, url: str, *types: str) -> Json:
        """A new endpoint, with its secret."""
        return await self.post("/v1/webhook-endpoints", {"url": url, "types": list(types or ("*",))})

    async def deliveries(self, endpoint: Json, **parameters: str | int) -> list[Json]:
        """What was to be delivered to an endpoint, the newest first."""
        page = await self.get(f"/v1/webhook-endpoints/{endpoint['id']}/deliveries", **parameters)
        listed: list[Json] = page["data"]
        return listed

    async def log(self, endpoint: Json, delivery: Json) -> list[Json]:
        """The attempts at a delivery."""
        read = await self.get(f"/v1/webhook-endpoints/{endpoint['id']}/deliveries/{delivery['id']}")
        log: list[Json] = read["log"]
        return log

    async def change(self, endpoint: Json, **changes: object) -> Json:
        """Edit an endpoint, whatever its version."""
        path = f"/v1/webhook-endpoints/{endpoint['id']}"
        answered = await self.client.patch(path, json=changes, headers={"if-match": "*"})
        assert answered.is_success, answered.text
        changed: Json = answered.json()
        return changed


@dataclass
class Outward:
    """The running application, its receiver, and the log."""

    parts: Parts
    sender: Sender
    receiver: Receiver
    us: Caller
    them: Caller
    sequences: Counter[str] = field(default_factory=Counter)

    async def publish(self, *events: Event, movement: str | None = None, traceparent: str | None = None) -> None:
        """Put events on the log, as the services that own them do."""
        by_topic: dict[str, list[Outgoing]] = {}
        for event in events:
            self.sequences[event.subject] += 1
            of = headers(
                event_id=new_id("evt"),
                event_type=event.event_type,
                service=event.event_service,
                key=event.subject,
                sequence=self.sequences[event.subject],
                movement=movement or self.us.movement,
                actor="key_of_somebody",
                occurred_at=microseconds(clock.now()) // 1000,
                causation=None,
                origin=None,
                traceparent=traceparent,
            )
            record = Outgoing(event.subject.encode(), of, msgspec.json.encode(event))
            by_topic.setdefault(topic(event.event_service), []).append(record)
        for name, records in by_topic.items():
            assert not any(await self.parts.bus.append(name, records))

    async def received(self, path: str, count: int = 1) -> list[Got]:
        """Wait until so many requests have arrived at a path of the receiver, and no more."""
        await eventually(lambda: len(self.receiver.at(path)) >= count)
        assert len(self.receiver.at(path)) == count
        return self.receiver.at(path)

    async def fed(self, count: int) -> None:
        """Wait until so many events are in our feed: their deliveries are in the queue then."""

        async def look() -> bool:
            page = await self.us.get("/v1/events", limit=200)
            return len(page["data"]) == count

        await eventually(look)

    async def settled(self, endpoint: Json, status: str, count: int = 1) -> list[Json]:
        """Wait until so many deliveries to an endpoint of ours have this status, with an attempt each."""

        async def look() -> list[Json] | None:
            listed = [one for one in await self.us.deliveries(endpoint, status=status) if one["attempts"]]
            return listed if len(listed) == count else None

        found = await eventually(look)
        assert found is not None
        return found

    async def nothing_pending(self, endpoint: Json) -> None:
        """Wait until every delivery to an endpoint of ours is recorded as succeeded or given up."""

        async def look() -> bool:
            return not await self.us.deliveries(endpoint, status="pending")

        await eventually(look)

    def sends_to(self, endpoint: Json) -> str:
        """The address to which what the sender holds for an endpoint would go now."""
        running = self.sender._running
        assert running is not None
        return running.lanes[endpoint["id"]].destination.url

    async def leased(self) -> int:
        """How many deliveries the sender holds, of all endpoints."""
        wanted = sa.select(sa.func.count()).select_from(Delivery).where(Delivery.worker.is_not(None))
        return await self.parts.db.read(lambda session: session.scalar(wanted) or 0)

    async def attempts(self, endpoint: Json, count: int) -> Json:
        """Wait until the only delivery to an endpoint of ours has had so many attempts recorded; the delivery."""

        async def look() -> Json | None:
            listed = await self.us.deliveries(endpoint)
            assert len(listed) == 1
            return listed[0] if listed[0]["attempts"] == count else None

        found = await eventually(look)
        assert found is not None
        return found


@pytest.fixture
async def outward(gateway_settings: Settings) -> AsyncIterator[Outward]:
    """Feed and webhooks, running."""
    async with Receiver().running() as receiver, running(gateway_settings, receiver) as outward:
        yield outward
        receiver.let_go()  # the sender waits for what is under way


@asynccontextmanager
async def running(settings: Settings, receiver: Receiver, movement: str | None = None) -> AsyncIterator[Outward]:
    """Feed and webhooks on what the settings name; our movement is a new one unless given."""
    arrivals, sender = Arrivals(), Sender(Dialler(to_loopback=True, resolver=_no_names), spread=lambda: 0.5)
    app = create_app(
        "gateway",
        settings,
        routers=[feed, webhooks, completeness, dry_runs],
        subscriptions=[subscribed(arrivals, sender)],
        workers=[sender.send_webhooks],
        upstreams=SERVICES,
        title="Gateway",
        description="Its outward side.",
    )
    app.state.streams, app.state.sender = Streams(arrivals), sender
    async with app.router.lifespan_context(app):
        parts: Parts = app.state.parts
        await parts.bus.ensure_topics([topic(service) for service in SOURCES])
        await eventually(lambda: sender.worker)
        async with _caller(app, parts, movement) as us, _caller(app, parts) as them:
            yield Outward(parts, sender, receiver, us, them)


async def _no_names(host: str, port: int) -> Sequence[str]:
    raise OSError("tests ask no name server")


@asynccontextmanager
async def _caller(app: Any, parts: Parts, given: str | None = None) -> AsyncIterator[Caller]:
    movement = given or new_id("movement")
    principal = Principal(id="key_of_a_test", movement=movement, scopes=frozenset("*"))

    class InternalToken(httpx.Auth):
        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            request.headers["authorization"] = f"Bearer {sign(principal, 'gateway', parts.secrets)}"
            yield request

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway", auth=InternalToken()) as client:
        yield Caller(client, movement)


@asynccontextmanager
async def offline(settings: Settings) -> AsyncIterator[Database]:
    """The gateway's database while no gateway runs."""
    db = open_database(settings.database_url("gateway"))
    await db.open()
    yield db
    await db.close()
