"""Documents that a reader may have already: an ETag of what they say, and 304 to whoever names it."""

import hashlib
from datetime import datetime
from email.utils import format_datetime

from fastapi import Request, Response


def conditional(
    request: Request, content: bytes, media_type: str = "application/json", *, modified: datetime | None = None
) -> Response:
    """The document, or 304 without it where the reader's If-None-Match has its ETag (RFC 9110, 13.1.2).

    ``modified``, in UTC, is told as Last-Modified. It decides nothing: two changes may fall into one of its seconds.
    """
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "public, max-age=0, must-revalidate"}
    if modified is not None:
        headers["last-modified"] = format_datetime(modified, usegmt=True)
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)
