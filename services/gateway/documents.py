"""Routes of the documentation: the two generated contracts as they are shipped, and a page that lists the routes."""

import asyncio
import html
import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from fastapi import Response
from fastapi.responses import HTMLResponse

from services.gateway.openapi import FILE
from shared.events import contract
from shared.needs import anyone
from shared.routing import Router

router = Router(tags=["documentation"])


@router.get("/v1/openapi.json", **anyone())
async def openapi_document() -> Response:
    """This document."""
    return Response(_shipped(FILE), media_type="application/json")


@router.get("/v1/asyncapi.json", **anyone())
async def asyncapi_document() -> Response:
    """The events: AsyncAPI 3, with every payload's schema."""
    return Response(await asyncio.to_thread(_asyncapi), media_type="application/json")


@router.get("/docs", include_in_schema=False)
async def list_of_routes() -> HTMLResponse:
    """A page for people: every route, what it does and the scope it needs."""
    return HTMLResponse(_page(), headers={"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"})


@cache
def _shipped(file: Path) -> bytes:
    return file.read_bytes()


@cache
def _asyncapi() -> bytes:
    """The shipped document, with the schemas that it refers to in their places: over HTTP they have no files."""
    document = yaml.safe_load(_shipped(contract.HERE / "asyncapi.yaml"))
    for message in document["components"]["messages"].values():
        message["payload"] = json.loads(_shipped(contract.HERE / message["payload"]["$ref"]))
    return json.dumps(document).encode()


@cache
def _page() -> str:
    document = json.loads(_shipped(FILE))
    sections: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            sections.setdefault(operation["tags"][0], []).append(_row(method, path, operation))
    body = "".join(
        f'<h2>{html.escape(service)}</h2><table><thead><tr><th scope="col">route<th scope="col">what it does'
        f'<th scope="col">scope</thead><tbody>{"".join(rows)}</tbody></table>'
        for service, rows in sections.items()
    )
    return _FRAME.format(title=html.escape(document["info"]["title"]), body=body)


def _row(method: str, path: str, operation: dict[str, Any]) -> str:
    does = operation.get("description") or operation.get("summary", "")
    cells = (f"<code>{method.upper()} {html.escape(path)}</code>", html.escape(does), html.escape(operation["x-scope"]))
    return "<tr>" + "".join(f"<td>{cell}" for cell in cells)


_FRAME = """\
<!doctype html>
<html lang="en-GB">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: the API</title>
<style>
  body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }}
  table {{ border-collapse: collapse; width: 100%; }}
  th, td {{ border-bottom: 1px solid #ccc; padding: .4rem .6rem; text-align: left; vertical-align: top; }}
  code {{ overflow-wrap: anywhere; }}
</style>
<h1>{title}: the API</h1>
<p>The whole contract is <a href="/v1/openapi.json">/v1/openapi.json</a>; the events are in
<a href="/v1/asyncapi.json">/v1/asyncapi.json</a>.</p>
{body}
</html>
"""
