"""CloudEvents' handshake: a receiver is asked by OPTIONS whether it wants our events before any is sent.

HTTP 1.1 Web Hooks for Event Delivery 1.0, section 4: the permission is an answer with `WebHook-Allowed-Origin`, and
where it names a rate, a number of requests a minute, we keep to it.
"""

from urllib.parse import urlsplit

from shared.dialler import DialFailed, Dialler
from shared.errors import Fault, Invalid

_REQUEST_ORIGIN, _REQUEST_RATE = "webhook-request-origin", "webhook-request-rate"
_ALLOWED_ORIGIN, _ALLOWED_RATE = "webhook-allowed-origin", "webhook-allowed-rate"
_SECONDS, _ANSWER_READ = 10, 1024
_CODE = "handshake_refused"


async def shake_hands(dialler: Dialler, url: str, public_url: str, per_second: int | None) -> int | None:
    """Ask a receiver; answers how many requests a second it allows, None for as many as we like.

    We are who the gateway's public address says, and wish for `per_second` requests if any number. Raises Invalid.
    """
    origin = urlsplit(public_url).hostname or "localhost"
    headers = {_REQUEST_ORIGIN: origin}
    if per_second is not None:
        headers[_REQUEST_RATE] = str(per_second * 60)
    try:
        answer = await dialler.request(
            "OPTIONS", url, headers=headers, body=b"", seconds=_SECONDS, most=_ANSWER_READ,
            keep=(_ALLOWED_ORIGIN, _ALLOWED_RATE),
        )  # fmt: skip
    except DialFailed as failure:
        raise _refused(f"the receiver could not be asked: {failure.reason}") from None
    allowed = answer.headers.get(_ALLOWED_ORIGIN, "").strip().lower()
    if not 200 <= answer.status < 300 or allowed not in ("*", origin.lower()):
        raise _refused(f"the receiver answered {answer.status} and did not allow {origin} by WebHook-Allowed-Origin")
    return _slower(per_second, answer.headers.get(_ALLOWED_RATE, "*").strip())


def _slower(wished: int | None, allowed: str) -> int | None:
    if allowed == "*":
        return wished
    if not (allowed.isascii() and allowed.isdigit()) or int(allowed) < 60:
        raise _refused("the receiver allows fewer requests than one a second (WebHook-Allowed-Rate), or not a number")
    return min(wished or 10_000, int(allowed[:9]) // 60, 10_000)


def _refused(why: str) -> Invalid:
    return Invalid(faults=[Fault("/url", why, _CODE)])
