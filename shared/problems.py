"""The one place where an exception becomes an AppError: FastAPI's, the router's, the database's, or unexpected."""

import re
import sqlite3
from collections.abc import Sequence

import psycopg
import sqlalchemy.exc
import structlog
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from shared.errors import AppError, BadRequest, DeadlinePassed, Fault, Invalid, NotFound, PayloadTooLarge, Unavailable
from shared.fields import View

_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}

_MEMBER = re.compile(r"<[\w.]+: ('[^']*')>")

_log = structlog.get_logger(__name__)


class ProblemFault(View):
    """One thing wrong with the input, and where."""

    pointer: str | None = Field(None, description="JSON pointer into the body, `?name` for the query")
    reason: str
    code: str | None = None
    row: int | None = Field(None, description="row of a file, the first after the header being 1")
    column: str | None = None


class Problem(View):
    """An error as RFC 9457 describes it, for the documentation; further members depend on the code."""

    type: str
    title: str
    status: int
    code: str = Field(description="stable: made to be compared with")
    detail: str | None = None
    instance: str | None = None
    errors: list[ProblemFault] | None = Field(None, description="the first 100 faults")
    errors_total: int | None = None


class MalformedJson(BadRequest):
    """The body is not JSON."""

    code, title = "malformed_json", "The body is not well-formed JSON"


class MethodNotAllowed(AppError):
    """The path exists, for other methods."""

    status, code, title = 405, "method_not_allowed", "This path does not have that method"


def translate(error: Exception, request_id: str) -> AppError:
    """What to tell the caller about any exception. What was not foreseen is logged, and told as no more than that."""
    if isinstance(error, AppError):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error.errors())
    if isinstance(error, HTTPException):
        return _from_router(error)
    if isinstance(error, ClientDisconnect):
        return BadRequest("the client went away")
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return Unavailable("every connection to the database is busy")
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    if isinstance(cause, psycopg.errors.QueryCanceled):
        return DeadlinePassed("the database was still at it")
    if isinstance(cause, psycopg.DataError | OverflowError):
        # A type let through what no column takes: a NUL character, a number beyond 64 bits.
        _log.error("value_cannot_be_stored", request_id=request_id, exc_info=error)
        return Invalid("a value is outside what can be stored")
    if _database_away(cause):
        _log.error("database_unavailable", request_id=request_id, exc_info=error)
        return Unavailable("the database does not answer")
    _log.error("unexpected_error", request_id=request_id, exc_info=error)
    return AppError()


def _database_away(error: BaseException | None) -> bool:
    """Whether the database, and not the statement, is at fault. A driver's own error comes from the hot statements."""
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode & 0xFF in _SQLITE_AWAY  # the low byte is the kind, the rest its variety
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def _from_router(error: HTTPException) -> AppError:
    headers = error.headers
    match error.status_code:
        case 404:
            return NotFound("no such path", headers=headers)
        case 405:
            return MethodNotAllowed(headers=headers)
        case 413:
            return PayloadTooLarge(headers=headers)
        case _:
            return BadRequest("the body cannot be read", headers=headers)


def _invalid(faults: Sequence[ErrorDetails]) -> AppError:
    """Every fault by its place. Only the kind and pydantic's sentence are told, never the input."""
    for fault in faults:
        if fault["type"] == "json_invalid":
            return MalformedJson(f"it stops being JSON at character {fault['loc'][-1]}")
    return Invalid(faults=[Fault(_pointer(fault["loc"]), _reason(fault), code=fault["type"]) for fault in faults])


def _reason(fault: ErrorDetails) -> str:
    # Pydantic's sentence for these repeats the input, or a pattern that says nothing to people.
    if fault["type"] == "string_pattern_mismatch":
        return "does not have the form that is documented for it"
    if fault["type"] == "model_attributes_type":
        whole = ", sent with Content-Type: application/json" if fault["loc"] == ("body",) else ""
        return f"should be a JSON object{whole}"
    if fault["type"] == "literal_error":  # of values that are members of an enumeration it shows how they are written
        return _MEMBER.sub(r"\1", fault["msg"])
    return fault["msg"]


def _pointer(place: tuple[int | str, ...]) -> str:
    """`/data/0/email` for the body; `?limit` for the query, `header:If-Match` for a header, `path:id` for the path."""
    where, *rest = (str(step) for step in place)
    if where == "body":
        return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in rest)
    name = ".".join(rest)
    return f"?{name}" if where == "query" else f"{where}:{name}"
