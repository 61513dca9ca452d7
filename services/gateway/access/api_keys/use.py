"""When keys were last used: remembered in memory at each request, written in one go every quarter of a minute."""

import asyncio

from services.gateway.access.api_keys import store
from shared.parts import Parts

_EVERY_SECONDS = 15.0


class KeyUse:
    """The uses that are not written yet: at most one a key, so that it stays small whatever the traffic."""

    def __init__(self) -> None:
        self._unwritten: dict[str, int] = {}

    def note(self, key: str, at: float) -> None:
        """The key was used, at this unix second."""
        self._unwritten[key] = int(at)

    async def write_key_use(self, parts: Parts) -> None:
        """Write them until cancelled, and once more at the end."""
        try:
            while True:
                await asyncio.sleep(_EVERY_SECONDS)
                await self.write_now(parts)
        finally:
            await self.write_now(parts)

    async def write_now(self, parts: Parts) -> None:
        """Write what is not written yet."""
        used, self._unwritten = self._unwritten, {}
        if used:
            await parts.db.write(store.mark_used, [(key, at * 1_000_000) for key, at in used.items()])
