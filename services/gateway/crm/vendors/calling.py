"""One request to a CRM's API through the guarded dialler, and what its status means to us."""

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from services.gateway.crm.vendors.vendor import CrmAway, CrmLimited, CrmRefuses
from shared.dialler import Answer, DialFailed
from shared.said import Said

_SECONDS, _MOST = 30.0, 8 * 1024 * 1024
_LATER = frozenset({408, 425, 502, 503, 504})


def _not_understood(status: int) -> CrmAway:
    return CrmAway("answer_not_understood", status)


def _limited(said: Said, wait: float | None) -> CrmLimited:
    return CrmLimited("rate_limited", said.status, wait)


class Dials(Protocol):
    """What sends a request; the guarded dialler, or one that keeps a CRM's limits besides."""

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes, seconds: float, most: int
    ) -> Answer:
        """Send one request. Raises DialFailed."""


class Caller:
    """The API of one account: ``base`` is its address without a slash at the end. ``limited`` reads a 429."""

    def __init__(
        self,
        dialler: Dials,
        base: str,
        headers: Mapping[str, str],
        limited: Callable[[Said, float | None], CrmLimited] = _limited,
    ) -> None:
        self._dialler = dialler
        self._base = base
        self._headers = {"accept": "application/json", "user-agent": "Backbone-CRM/1", **headers}
        self._limited = limited

    async def send(self, method: str, path: str, body: bytes = b"", content_type: str = "application/json") -> Said:
        """Send one request. Raises CrmAway where there is no answer or one that says "later", CrmLimited where there
        were too many, and CrmRefuses where the address may not be dialled."""
        headers = {**self._headers, "content-type": content_type} if body else self._headers
        try:
            answer = await self._dialler.request(
                method, self._base + path, headers=headers, body=body, seconds=_SECONDS, most=_MOST
            )
        except DialFailed as failure:
            code = failure.reason.partition(":")[0]
            raise (CrmRefuses if code == "address_refused" else CrmAway)(code) from None
        said, wait = Said(answer.status, answer.body, _not_understood), _seconds(answer.retry_after)
        if said.status == 429:
            raise self._limited(said, wait)
        if said.status in _LATER or 300 <= said.status < 400:
            raise CrmAway(f"answered_{said.status}", said.status, wait)
        return said

    async def ask(self, method: str, path: str, body: object = None) -> Said:
        """The same with JSON. Raises CrmRefuses besides, where the credentials are not taken."""
        said = await self.send(method, path, b"" if body is None else msgspec.json.encode(body))
        if said.status == 401:
            raise CrmRefuses("credentials_refused", said.status)
        return said


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds, the only form that these vendors send."""
    text = (retry_after or "").strip()
    return float(text[:9]) if text.isascii() and text.isdigit() else None
