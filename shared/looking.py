"""Looking again for what will be there in a moment, because it is on its way over the log."""

import asyncio

from shared import clock

_LONGEST_SECONDS = 2.0
_KEPT_FOR_ANSWERING = 0.5
_FIRST_PAUSE, _LONGEST_PAUSE = 0.005, 0.1


class Looking:
    """The patience of one request: 2 seconds, and never longer than leaves time for an answer."""

    __slots__ = ("_pause", "_until")

    def __init__(self, deadline: float) -> None:
        """From now on; ``deadline`` is in unix seconds."""
        self._until = min(clock.timestamp() + _LONGEST_SECONDS, deadline - _KEPT_FOR_ANSWERING)
        self._pause = _FIRST_PAUSE

    async def again(self) -> bool:
        """Wait, each time for longer; False at once where there is no time left for another look."""
        left = self._until - clock.timestamp()
        if left <= 0:
            return False
        await asyncio.sleep(min(self._pause, left))
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        return True
