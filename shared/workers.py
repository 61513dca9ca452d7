"""Work in the background that outlives its own failures: restarted with a growing pause, its state known to health."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager

import structlog

from shared import metrics

_log = structlog.get_logger(__name__)
_SHORTEST, _LONGEST = 0.1, 30.0


class Worker:
    """One piece of work: run until cancelled; when it fails, run again after a pause that doubles up to 30 s."""

    def __init__(self, service: str, name: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        self.name = name
        self.trouble: str | None = None
        """The failure after which it waits, or that it has ended; None while it runs."""
        self._service = service
        self._work = work

    async def run(self) -> None:
        """Run it until cancelled, or until it ends by itself."""
        pause = _SHORTEST
        while True:
            started = asyncio.get_running_loop().time()
            try:
                await self._work()
                self.trouble = "ended"
                return
            except Exception as error:  # whatever it was: the next attempt may do better
                if asyncio.get_running_loop().time() - started > _LONGEST:
                    pause = _SHORTEST
                self.trouble = f"failed ({type(error).__name__}), runs again in {pause:g} s"
                metrics.worker_failed(self._service, self.name)
                _log.error("worker_failed", service=self._service, worker=self.name, exc_info=error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST)
            self.trouble = None


@asynccontextmanager
async def running(workers: Iterable[Worker]) -> AsyncIterator[None]:
    """Run workers while the block lasts; then cancel them and wait until each has ended."""
    tasks = [asyncio.create_task(worker.run(), name=worker.name) for worker in workers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
