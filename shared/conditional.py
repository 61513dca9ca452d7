"""Documents that a reader may have already: an ETag of what they say, and 304 to whoever names it."""

import hashlib

from fastapi import Request, Response


def conditional(request: Request, content: bytes, media_type: str = "application/json") -> Response:
    """The document, or 304 without it where the reader's If-None-Match has its ETag (RFC 9110, 13.1.2)."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "public, max-age=0, must-revalidate"}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)
