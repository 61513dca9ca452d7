"""Looking names up: on threads of its own, one look-up a name at a time, the answers kept for a short while."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from shared.recent import Recent

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Answers every address of a host, in the order in which to try them. Raises OSError where there is none."""

Addresses = tuple[str, ...]
"""Addresses as text, each once."""

_KEPT, _KEPT_SECONDS = 4096, 30.0


class Names:
    """What names resolved to, for a short while; of each name at most one look-up is under way.

    A slow name server then holds one thread for each bad name, and not one for each request. To keep an answer for a
    while opens nothing: the addresses dialled are the ones that were judged.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._found: Recent[_LookUp] = Recent(_KEPT)

    def known(self, host: str, port: int) -> Addresses | None:
        """What a name resolved to a short while ago; None where it has to be looked up."""
        since, task = self._found.get((host, port), self._start, host, port)
        if not task.done():
            return None
        aged = asyncio.get_running_loop().time() - since > _KEPT_SECONDS
        if aged or task.cancelled() or task.exception() is not None:
            self._found.drop((host, port))
            return None
        return task.result()

    async def addresses(self, host: str, port: int) -> Addresses:
        """What a name resolves to; raises OSError where that is nothing."""
        _, task = self._found.get((host, port), self._start, host, port)
        return await asyncio.shield(task)

    def _start(self, host: str, port: int) -> "_LookUp":
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._look_up(host, port))
        task.add_done_callback(_observe)
        return loop.time(), task

    async def _look_up(self, host: str, port: int) -> Addresses:
        found = tuple(dict.fromkeys(await self._resolver(host, port)))
        if not found:
            raise OSError("the name has no address")
        return found


_LookUp = tuple[float, "asyncio.Task[Addresses]"]


def _observe(task: "asyncio.Task[Addresses]") -> None:
    """See a failure even where everybody who waited for it has given up: asyncio would complain that nobody did."""
    if not task.cancelled():
        task.exception()


_threads = ThreadPoolExecutor(32, thread_name_prefix="resolve")


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the system, on threads of its own: a look-up that hangs delays no other work."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _getaddrinfo, host, port)


def _getaddrinfo(host: str, port: int) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError:
        raise OSError("the name cannot be looked up") from None
