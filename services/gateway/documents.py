"""Routes of the documentation: the generated contracts as they are shipped, a client made of one, a page to try it."""

import asyncio
import base64
import hashlib
import html
import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from fastapi import Response
from fastapi.responses import HTMLResponse

from services.gateway.client import source
from services.gateway.openapi import FILE
from shared.events import contract
from shared.needs import anyone
from shared.routing import Router

router = Router(tags=["documentation"])

_SCRIPT = Path(__file__).with_name("try_it.js")


@router.get("/v1/openapi.json", **anyone(file="application/json"))
async def openapi_document() -> Response:
    """This document."""
    return Response(_shipped(FILE), media_type="application/json")


@router.get("/v1/asyncapi.json", **anyone(file="application/json"))
async def asyncapi_document() -> Response:
    """The events: AsyncAPI 3, with every payload's schema."""
    return Response(await asyncio.to_thread(_asyncapi), media_type="application/json")


@router.get("/v1/client.py", **anyone(file="text/x-python"))
async def python_client() -> Response:
    """A typed client for Python, written from this document: one file that needs nothing else."""
    return Response(await asyncio.to_thread(_client), media_type="text/x-python")


@router.get("/docs", include_in_schema=False)
async def list_of_routes() -> HTMLResponse:
    """A page for people: every route, what it does and the scope it needs, and a form to send a request of one's own.

    All of it comes from here: the page may load nothing from elsewhere, and asks nobody but this gateway.
    """
    return HTMLResponse(_page(), headers={"content-security-policy": _policy()})


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
def _client() -> bytes:
    return source(json.loads(_shipped(FILE))).encode()


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_shipped(_SCRIPT)).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


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
    script = _shipped(_SCRIPT).decode()
    return _FRAME.format(title=html.escape(document["info"]["title"]), body=body, script=script)


def _row(method: str, path: str, operation: dict[str, Any]) -> str:
    does = operation.get("description") or operation.get("summary", "")
    route, address = f"{method.upper()} {html.escape(path)}", html.escape(path)
    button = f'<button type="button" data-method="{method}" data-path="{address}" title="Try {route}">Try</button>'
    cells = (f"<code>{route}</code> {button}", html.escape(does), html.escape(operation["x-scope"]))
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
  form {{ border: 1px solid #767676; display: grid; gap: .5rem; margin: 1rem 0; padding: 1rem; }}
  form[hidden] {{ display: none; }}
  input, textarea {{ font: inherit; width: 100%; box-sizing: border-box; }}
  pre {{ overflow: auto; white-space: pre-wrap; }}
</style>
<h1>{title}: the API</h1>
<p>The whole contract is <a href="/v1/openapi.json">/v1/openapi.json</a>; the events are in
<a href="/v1/asyncapi.json">/v1/asyncapi.json</a>, and a typed client for Python is
<a href="/v1/client.py">/v1/client.py</a>.</p>
<form id="try" aria-labelledby="trying" hidden>
<h2 id="trying">Try it</h2>
<p>What you send here is carried out: use a movement of your own.</p>
<label>Method <input name="method" readonly></label>
<label>Path and query <input name="path" required></label>
<label>Key or token <input name="key" type="password" autocomplete="off"></label>
<label>Backbone-Movement, for platform keys <input name="movement"></label>
<label>Body <textarea name="body" rows="8" spellcheck="false"></textarea></label>
<button>Send</button>
<pre id="answer" role="status" aria-label="The answer" tabindex="0"></pre>
</form>
{body}
<script>{script}</script>
</html>
"""
