"""The steps that tests of CRM connections begin with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.gateway.agreements import store
from services.gateway.crm.handlers import CONSUMER
from shared import clock
from shared.consumer import inbox
from shared.events.base import Event
from shared.events.members.directory import PersonCreated, PersonUpdated
from shared.testing.eventually import eventually
from shared.testing.serving import served
from tests.gateway.crm.directory import Directory
from tests.gateway.crm.servers import CrmServer, Json
from tests.gateway.log import Log
from tests.gateway.running import Caller, Gateway

THEIRS = "org_01j5x3m0e8f7v9q2k4t6w8y0ac"
PURPOSE = "introductions"
CONNECTIONS = "/v1/crm-connections"


@dataclass
class Connected:
    """A movement whose people are kept in CRMs."""

    gateway: Gateway
    us: Caller
    members: Directory
    log: Log
    movement: str

    async def cover(self, until: date | None = None, data_class: str = "contact") -> None:
        """Let an agreement cover the organisation, as the gateway keeps it once members has told."""
        today = clock.now().date()
        expires_on = today + timedelta(days=100) if until is None else until
        term = {"organisation": THEIRS, "data_class": data_class, "purpose": PURPOSE}
        dates = {"starts_on": today - timedelta(days=100), "expires_on": expires_on}

        def put(session: Session) -> None:
            store.put_terms(session, self.movement, f"agreement_{data_class}", [{**term, **dates}])

        await self.gateway.parts.db.write(put)

    def body(self, there: CrmServer, url: str, **more: object) -> Json:
        """What connects a CRM."""
        return {
            "vendor": there.vendor, "name": "A partner's CRM", "url": url, "organisation": THEIRS, "purpose": PURPOSE,
            "credentials": there.credentials, **more,
        }  # fmt: skip

    @asynccontextmanager
    async def to(self, there: CrmServer, **more: object) -> AsyncIterator[Json]:
        """A connection to a CRM, which runs while the block lasts."""
        async with served(there.app) as port:
            made = await self.us.made(CONNECTIONS, self.body(there, f"http://127.0.0.1:{port}", **more))
            yield made
            path = f"{CONNECTIONS}/{made['id']}"  # nobody calls a server that is gone
            await self.us.ask("PATCH", path, json={"status": "paused"}, headers={"if-match": "*"})

    async def change(self, connection: Json, **changes: object) -> Json:
        """Edit a connection, whatever its version."""
        path = f"{CONNECTIONS}/{connection['id']}"
        answered = await self.us.ask("PATCH", path, json=changes, headers={"if-match": "*"})
        assert answered.status_code == 200, answered.text
        changed: Json = answered.json()
        return changed

    async def read(self, connection: Json) -> Json:
        """How a connection stands."""
        answered = await self.us.get(f"{CONNECTIONS}/{connection['id']}")
        assert answered.status_code == 200, answered.text
        found: Json = answered.json()
        return found

    async def calls(self, connection: Json) -> list[Json]:
        """The log of a connection, the newest first."""
        answered = await self.us.get(f"{CONNECTIONS}/{connection['id']}/calls")
        listed: list[Json] = answered.json()["data"]
        return listed

    async def waiting(self, connection: Json) -> list[Json]:
        """Whom a CRM is still to be told of, and why it could not be."""
        answered = await self.us.get(f"{CONNECTIONS}/{connection['id']}/waiting")
        assert answered.status_code == 200, answered.text
        listed: list[Json] = answered.json()["data"]
        return listed

    async def troubled(self, connection: Json, code: str) -> None:
        """Wait until the last call of a connection came to nothing, for this reason."""

        async def look() -> bool:
            found: str | None = (await self.read(connection))["trouble"]
            return found == code

        await eventually(look)

    async def publish(self, *events: Event, origin: str | None = None) -> None:
        """Put events of our movement on the log."""
        await self.log.publish(self.movement, *events, origin=origin)

    async def knows(self, *given_names: str) -> list[str]:
        """People become known; their ids."""
        people = [self.members.knows(name) for name in given_names]
        await self.publish(*(PersonCreated(person=person) for person in people))
        return people

    async def edits(self, person: str, **changes: object) -> None:
        """Somebody's record is edited."""
        record = self.members.people[person]
        record.update(changes, version=record["version"] + 1)
        await self.publish(PersonUpdated(person=person, version=record["version"]))

    async def told(self, connection: Json, linked: int) -> Json:
        """Wait until all that was published is noted, a CRM has so many people and is to be told of nobody."""

        async def look() -> Json | None:
            if not await self.noted():
                return None
            found = await self.read(connection)
            return found if (found["linked"], found["waiting"]) == (linked, 0) else None

        found = await eventually(look)
        assert found is not None
        return found

    async def noted(self) -> bool:
        """Whether all that was published is."""
        published = {("members", key): number for key, number in self.log.sequences.items()}
        reached = await self.gateway.parts.db.read(inbox.sequences, CONSUMER, published.keys())
        return all(reached[key] == number for key, number in published.items())
