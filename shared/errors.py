"""The errors that reach a caller: each carries its HTTP status and a stable code, and becomes an RFC 9457 problem.

A service subclasses these with codes of its own (`class OverBudget(Conflict): code = "over_budget"`) and raises them
from verbs; nothing below the edge knows HTTP beyond that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import msgspec

_MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input.

    `pointer` is a JSON pointer into the body (`/data/0/email`), a parameter's name for a query or header fault, or
    None for a file, whose faults carry `row` (the first data row is 1, the header 0) and `column`. `reason` never
    repeats what was sent: it may be personal.
    """

    pointer: str | None
    reason: str
    code: str | None = None
    row: int | None = None
    column: str | None = None

    def at(self, place: str) -> Self:
        """The same fault of a part of the body, which stands at this JSON pointer."""
        return replace(self, pointer=f"{place}{self.pointer or ''}")

    def members(self) -> dict[str, str | int]:
        """What is known of the fault, for JSON."""
        known = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in known.items() if value is not None}


class AppError(Exception):
    """Something to tell the caller: a status, a stable code, a title, and what is particular to this time.

    `extra` becomes members of the problem; `headers` are sent with it. No detail may hold personal data.
    """

    status: int = 500
    code: str = "internal_error"
    title: str = "Something went wrong on our side"
    always_sent: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        detail: str = "",
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **extra: str | int,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = {**self.always_sent, **(headers or {})}
        self.extra = extra


class BadRequest(AppError):
    """The request cannot be read."""

    status, code, title = 400, "bad_request", "The request cannot be read"


class Unauthenticated(AppError):
    """It is not known who is calling."""

    status, code, title = 401, "unauthenticated", "It is not known who is calling"
    always_sent: ClassVar[Mapping[str, str]] = {"www-authenticate": "Bearer"}


class Forbidden(AppError):
    """It is known who is calling, and they may not."""

    status, code, title = 403, "forbidden", "This is not allowed for this caller"


class NeedsAUser(Forbidden):
    """A person answers for this: it needs somebody who is signed in, and a key is nobody."""

    code, title = "needs_a_user", "This needs a signed-in user, not a key"


class NotFound(AppError):
    """There is no such thing, or it belongs to another movement: the two look alike on purpose."""

    status, code, title = 404, "not_found", "There is no such thing here"


class Conflict(AppError):
    """The present state does not allow it."""

    status, code, title = 409, "conflict", "The present state does not allow this"


class PreconditionFailed(AppError):
    """It was changed since the caller read it."""

    status, code, title = 412, "precondition_failed", "It was changed since you read it"


class PayloadTooLarge(AppError):
    """The body is over the limit."""

    status, code, title = 413, "payload_too_large", "The body is too large"


class Invalid(AppError):
    """The request can be read, and is wrong; each fault says where."""

    status, code, title = 422, "invalid", "The request has faults"

    def within(self, place: str) -> Self:
        """The same of a request that is a part of another one, at this JSON pointer."""
        faults = [fault.at(place) for fault in self.faults]
        return type(self)(self.detail, faults=faults, headers=self.headers, **self.extra)


class PreconditionRequired(AppError):
    """An edit needs If-Match."""

    status, code, title = 428, "precondition_required", "An If-Match header is needed"


class TooManyRequests(AppError):
    """The caller is over its limit."""

    status, code, title = 429, "too_many_requests", "Too many requests"


class Unavailable(AppError):
    """Something that the answer needs is not there at the moment; trying again later is right."""

    status, code, title = 503, "unavailable", "Not available at the moment"
    always_sent: ClassVar[Mapping[str, str]] = {"retry-after": "1"}


class NotHeardOfYet(Unavailable):
    """It names what another service made a moment ago: word of it comes over the log, and may not be here yet."""

    code, title = "not_heard_of_yet", "What the request names was made a moment ago, and is not known here yet"


class DeadlinePassed(AppError):
    """No answer in time. A write may still have happened: repeat it with the same Idempotency-Key."""

    status, code, title = 504, "deadline_passed", "The deadline passed before there was an answer"


def problem(error: AppError, request_id: str) -> bytes:
    """The error as application/problem+json. Of very many faults the first 100 are listed, and their number is told."""
    members: dict[str, object] = {
        "type": f"urn:backbone:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
    }
    if error.detail:
        members["detail"] = error.detail
    if request_id:
        members["instance"] = f"urn:backbone:request:{request_id}"
    if error.faults:
        members["errors"] = [fault.members() for fault in error.faults[:_MOST_FAULTS]]
        members["errors_total"] = len(error.faults)
    return msgspec.json.encode(members | error.extra)
