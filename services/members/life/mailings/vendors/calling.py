"""One request to a tool's API through the guarded dialler: JSON there and back, and what its status means to us."""

from collections.abc import Mapping
from typing import Self

import msgspec

from services.members.life.mailings.vendors.tool import ToolAway, ToolRefuses
from shared.dialler import DialFailed, Dialler
from shared.said import Said

Json = Mapping[str, object]

_SECONDS, _MOST = 30.0, 8 * 1024 * 1024
_AWAY = frozenset({408, 425, 429})


class Told(Said):
    """What a tool answered: a status below 500, and the JSON object that came with it."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(status, body, _not_understood)

    def done(self, what: str) -> Self:
        """The answer itself where it was done. Raises ToolRefuses."""
        if not self.ok:
            raise self.refusal(what)
        return self

    def refusal(self, what: str) -> ToolRefuses:
        """The problem for an answer that is no success. The tool's own words may repeat an address: they stay here."""
        return ToolRefuses(f"{what}: it answered {self.status}", tool_status=self.status)


class Caller:
    """The API of one account. ``base`` is its address without a slash at the end, ``headers`` carry the key."""

    def __init__(self, dialler: Dialler, base: str, headers: Mapping[str, str]) -> None:
        self._dialler = dialler
        self._base = base
        self._headers = {"accept": "application/json", "content-type": "application/json", **headers}

    async def ask(self, method: str, path: str, body: Json | None = None) -> Told:
        """Send one request. Raises ToolAway where there is no answer, or one that says "later", and ToolRefuses where
        the key is not taken."""
        content = b"" if body is None else msgspec.json.encode(body)
        try:
            answer = await self._dialler.request(
                method, self._base + path, headers=self._headers, body=content, seconds=_SECONDS, most=_MOST
            )
        except DialFailed as failure:
            if failure.reason.startswith("address_refused"):
                raise ToolRefuses(failure.reason) from None
            raise ToolAway(failure.reason.partition(":")[0]) from None
        if answer.status >= 500 or answer.status in _AWAY:
            raise ToolAway(f"it answered {answer.status}")
        said = Told(answer.status, answer.body)
        if answer.status in (401, 403):
            raise said.refusal("the key is not taken")
        return said


def _not_understood(status: int) -> ToolRefuses:
    return ToolRefuses("it answered what its documentation does not know", tool_status=status)
