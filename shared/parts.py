"""What a running service is made of, opened by the application's lifespan and handed to whoever needs a part."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field

from shared.bus import Bus
from shared.consumer import Apply, Consumer, Handlers, each
from shared.consumer.projection import Projection
from shared.cpu import Cpu
from shared.db import Bound, Context, Database
from shared.relay import Relay
from shared.secrets import Secrets
from shared.settings import Settings
from shared.upstream import Upstream


@dataclass(frozen=True, slots=True)
class FrontendParts:
    """The parts of an application that owns no data: it asks others."""

    service: str
    settings: Settings
    secrets: Secrets
    upstreams: Mapping[str, Upstream]


@dataclass(frozen=True, slots=True)
class Parts(FrontendParts):
    """The parts of a service."""

    db: Database
    bus: Bus
    relay: Relay
    cpu: Cpu
    consumers: Mapping[str, Consumer]

    def acting_in(self, movement: str, cause: str | None = None) -> Bound:
        """The database, for what the service does by itself in a movement; ``cause`` is what it is done for."""
        return self.db.on_behalf(Context(movement, f"service:{self.service}", cause))


Work = Callable[[Parts], Coroutine[None, None, None]]
"""Something that a service does until it is cancelled."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A consumer of a service: a handler for each type of event, or one function (`apply`) for whole batches.

    `services` are those whose events are read; it follows from the handlers where there are some. `projection` says how
    what it keeps is made anew; None where it does more than keep what events say. `prompt`: somebody waits for it.
    """

    name: str
    handlers: Handlers = field(default_factory=dict)
    apply: Apply | None = None
    services: Sequence[str] = ()
    projection: Projection | None = None
    prompt: bool = False

    def consumer(self, db: Database, bus: Bus) -> Consumer:
        """The consumer, not yet running."""
        services = self.services or sorted({event.event_service for event in self.handlers})
        apply = self.apply or each(self.handlers)
        return Consumer(self.name, db, bus, services, apply, self.projection, prompt=self.prompt)
