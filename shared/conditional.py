"""Documents that a reader may have already: an ETag of what they say, and 304 to whoever names it."""

import hashlib
from datetime import datetime
from email.utils import format_datetime

from fastapi import Request, Response


def conditional(
    request: Request, content: bytes, media_type: str = "application/json", *, modified: datetime | None = None
) -> Response:
    """The document, or 304 without it where the reader's If-None-Match has its ETag.

    ``modified``, in UTC, is told as Last-Modified. It decides nothing: two changes may fall into one of its seconds.
    """
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "public, max-age=0, must-revalidate"}
    if modified is not None:
        headers["last-modified"] = format_datetime(modified, usegmt=True)
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


def is_known(request: Request, tag: str) -> bool:
    """Whether the reader's If-None-Match has this ETag, by the weak comparison (RFC 9110, 13.1.2)."""
    known = request.headers.get("if-none-match", "").strip()
    return known == "*" or tag.removeprefix("W/") in (each.strip().removeprefix("W/") for each in known.split(","))
