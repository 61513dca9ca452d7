"""Watching the events of a run from both sides: as a webhook receiver gets them, and as the feed lists them."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec

from services.cli.demo.client import Api
from services.cli.demo.receiver import Receiver, listening
from services.cli.errors import Refused

_DESCRIPTION = "The receiver of `make demo`"
_ENDPOINTS = "/v1/webhook-endpoints"
_LOOK_AGAIN_SECONDS = 0.1
_FIRST_SECONDS = 20.0
"""What the first delivery is given."""
_STILL_SECONDS = 60.0
"""How long nothing at all may move before what is missing counts as lost."""


class _Endpoint(msgspec.Struct):
    id: str
    description: str = ""
    secret: str = ""


class _Event(msgspec.Struct):
    id: str
    source: str
    subject: str
    sequence: int


class _Page(msgspec.Struct):
    data: list[_Event]
    next_cursor: str
    has_more: bool


class Watch:
    """The events of a run: those that the feed lists from the endpoint's test on, and those that were delivered."""

    def __init__(self, api: Api, receiver: Receiver) -> None:
        self._api = api
        self._receiver = receiver
        self._cursor = ""
        self._seen: dict[str, int] = {}
        self._earlier: set[str] = set()
        self._listed: set[str] = set()

    async def go_to_the_end(self) -> None:
        """Pass over what happened before."""
        while (page := await self._page()).has_more:
            pass
        self._earlier.update(event.id for event in page.data)

    async def begin(self, endpoint: str) -> None:
        """Have the endpoint tested: from that event on every event of the feed is to arrive. Raises Refused."""
        await self._api.write(f"{_ENDPOINTS}/{endpoint}/test", once=False)
        deadline = time.monotonic() + _FIRST_SECONDS
        while not self._listed or not self._receiver.events:
            if time.monotonic() > deadline:
                raise Refused("no webhook reaches this machine from where the suite runs: give --no-webhooks")
            await self._read(until=endpoint)
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def finish(self, expect: Callable[[int], None]) -> int:
        """Wait until the feed has every write that was answered and each of its events has arrived; how many those are.

        ``expect`` is told how many are known of. Raises Refused where some do not come, or were not signed rightly.
        """
        moved_at, known = time.monotonic(), 0
        while self._behind() or self._arrived() != self._listed:
            await self._read()
            expect(len(self._listed))
            if known < (known := len(self._listed) + len(self._arrived())):
                moved_at = time.monotonic()
            if time.monotonic() - moved_at > _STILL_SECONDS:
                missing = len(self._listed - self._arrived())
                raise Refused(f"{missing} events did not arrive, and {self._behind()} writes are not in the feed")
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        if self._receiver.refused:
            raise Refused(f"{self._receiver.refused} deliveries were not signed with the endpoint's secret")
        return len(self._listed)

    def _arrived(self) -> set[str]:
        return self._receiver.events - self._earlier

    def _behind(self) -> int:
        """How many of the subjects that we wrote about have an event that the feed has not listed yet."""
        return sum(self._seen.get(place, 0) < sequence for place, sequence in self._api.reached.items())

    async def _read(self, until: str | None = None) -> None:
        """Take what the feed has had since. Before the first event about ``until``, nothing counts."""
        more = True
        while more:
            page = await self._page()
            more = page.has_more
            for event in page.data:
                counts = self._listed or until is None or event.subject == until
                (self._listed if counts else self._earlier).add(event.id)

    async def _page(self) -> _Page:
        query: dict[str, str | int] = {"limit": 200} | ({"cursor": self._cursor} if self._cursor else {})
        page = await self._api.get("/v1/events", _Page, **query)
        self._cursor = page.next_cursor
        for event in page.data:
            self._seen[f"{event.source[1:]}/{event.subject}"] = event.sequence
        return page


@asynccontextmanager
async def watching(api: Api, advance: Callable[[], None]) -> AsyncIterator[Watch]:
    """Register a receiver for every event and watch while the block lasts; then its endpoint is deleted."""
    for left in await api.every(_ENDPOINTS, _Endpoint):
        if left.description == _DESCRIPTION:  # by a run that was killed
            await api.delete(f"{_ENDPOINTS}/{left.id}")
    receiver = Receiver(advance)
    watch = Watch(api, receiver)
    async with listening(receiver) as url:
        await watch.go_to_the_end()
        endpoint = await _register(api, url)
        receiver.secret = endpoint.secret
        try:
            await watch.begin(endpoint.id)
            yield watch
        finally:
            await api.delete(f"{_ENDPOINTS}/{endpoint.id}")


async def _register(api: Api, url: str) -> _Endpoint:
    asked = {"url": url, "types": ["*"], "description": _DESCRIPTION}
    try:
        answer = await api.write(_ENDPOINTS, asked, once=False)
    except Refused as refused:
        way_out = "start the suite with BACKBONE_WEBHOOKS_TO_LOOPBACK=true, as `make run` does, or give --no-webhooks"
        raise Refused(f"{refused}; {way_out}") from None
    return msgspec.json.decode(answer.content, type=_Endpoint)
