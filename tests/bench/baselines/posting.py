"""pyreqwest by itself: posting bodies, so many in flight."""

import asyncio
import time
from collections.abc import Sequence

from pyreqwest.client import ClientBuilder


async def post(url: str, bodies: Sequence[bytes], in_flight: int) -> float:
    """Bodies a second."""
    waiting = iter(bodies)
    async with ClientBuilder().build() as client:

        async def work() -> None:
            for body in waiting:
                request = client.post(url).header("content-type", "application/cloudevents+json").body_bytes(body)
                answer = await request.build().send()
                await answer.bytes()

        began = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(in_flight)))
        return len(bodies) / (time.perf_counter() - began)
