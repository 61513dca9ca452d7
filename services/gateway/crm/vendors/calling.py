"""One request to a CRM's API through the guarded dialler, and what its status means to us."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from services.gateway.crm.vendors.vendor import CrmAway, CrmFailed, CrmLimited, CrmRefuses
from shared.dialler import DialFailed, Dialler

T = TypeVar("T")

_SECONDS, _MOST = 30.0, 8 * 1024 * 1024
_LATER = frozenset({408, 425, 502, 503, 504})


class Said:
    """What a CRM answered: its status, and the JSON that came with it."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self._body = body

    @property
    def ok(self) -> bool:
        """Whether it was done, or a part of it."""
        return 200 <= self.status < 300

    def read(self, kind: type[T]) -> T:
        """The answer, as far as we need it. Raises CrmAway where it is not what the vendor documents."""
        try:
            return msgspec.json.decode(self._body, type=kind)
        except msgspec.MsgspecError:
            raise CrmAway("answer_not_understood", self.status) from None


class Caller:
    """The API of one account: ``base`` is its address without a slash at the end."""

    def __init__(self, dialler: Dialler, base: str, headers: Mapping[str, str]) -> None:
        self._dialler = dialler
        self._base = base
        self._headers = {"accept": "application/json", "user-agent": "Backbone-CRM/1", **headers}

    async def send(self, method: str, path: str, body: bytes = b"", content_type: str = "application/json") -> Said:
        """Send one request. Raises CrmAway where there is no answer or one that says "later", CrmLimited where there
        were too many, and CrmRefuses where the credentials are not taken or the address may not be dialled."""
        headers = {**self._headers, "content-type": content_type} if body else self._headers
        try:
            answer = await self._dialler.request(
                method, self._base + path, headers=headers, body=body, seconds=_SECONDS, most=_MOST
            )
        except DialFailed as failure:
            code = failure.reason.partition(":")[0]
            raise (CrmRefuses if code == "address_refused" else CrmAway)(code) from None
        if failed := _failure(answer.status, _seconds(answer.retry_after)):
            raise failed
        return Said(answer.status, answer.body)

    async def ask(self, method: str, path: str, body: object = None) -> Said:
        """The same with JSON."""
        return await self.send(method, path, b"" if body is None else msgspec.json.encode(body))


def _failure(status: int, wait: float | None) -> CrmFailed | None:
    if status == 429:
        return CrmLimited("rate_limited", status, wait)
    if status == 401:
        return CrmRefuses("credentials_refused", status)
    if status in _LATER or 300 <= status < 400:
        return CrmAway(f"answered_{status}", status, wait)
    return None


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds, the only form that these vendors send."""
    text = (retry_after or "").strip()
    return float(text[:9]) if text.isascii() and text.isdigit() else None
