"""Directus on an SQLite database, as it comes: a generic backend, which makes a REST API of a table.

Whoever has the token of a collection has a policy for it, as our keys have scopes. Each write leaves its activity and
its revision, as each of ours leaves an event. It counts no requests against a limit.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from shared.testing.ports import free_ports
from tests.bench import npm
from tests.bench.ground import DidNotStart, Ground, program
from tests.bench.rows import Missing
from tests.bench.suite import Started

VERSION = "11.3.5"
"""The last that runs on Node.js 18 and 20 too; from 11.4 on it wants 22."""

_INSTALLED_WITHIN = 900
"""Seconds: a thousand packages, and a compiler's work where nothing compiled for this machine can be had."""
_ADMIN = "the-token-of-whoever-sets-it-up"
_FILLED = {"id": "uuid", "created_at": "date-created", "updated_at": "date-updated"}
"""What Directus fills itself in each row, and by which of its rules."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Rows that a process answers for over HTTP: at which address, which ids they have, and to whose headers."""

    url: str
    ids: Sequence[str]
    headers: Mapping[str, str]
    process: int


def started(ground: Ground) -> Started:
    """Directus without a collection. Raises Missing, with the reason, where it cannot be installed or does not run."""
    node = program("node")
    modules = npm.installed(f"directus-{VERSION}", [f"directus@{VERSION}"], within=_INSTALLED_WITHIN)
    command = [node, str(modules / "node_modules" / "directus" / "cli.js")]
    (port,) = free_ports(1)
    environment = _environment(ground.folder / "directus", port)
    try:
        ground.run([*command, "bootstrap"], environment)
        return Started(f"http://127.0.0.1:{port}", ground.start("directus", [*command, "start"], port, environment))
    except DidNotStart as said:
        raise Missing(f"Directus {VERSION} does not run here: {str(said).strip().splitlines()[-1]}") from said


def collection(of: Started, name: str, like: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> Collection:
    """A collection with these rows, and with the fields of the one that is shown; whoever has the headers of what is
    answered may read it and add to it."""
    token = uuid.uuid4().hex
    fields = [_field(field, value) for field, value in like.items()]
    with httpx.Client(base_url=of.url, headers=_bearing(_ADMIN), timeout=60) as admin:
        _made(admin, "/collections", {"collection": name, "schema": {}, "meta": {}, "fields": fields})
        _made(admin, "/users", {"token": token, "policies": _with_it({"policy": _policy(name)})})
    with httpx.Client(base_url=of.url, headers=_bearing(token), timeout=60) as partner:
        made = _made(partner, f"/items/{name}", rows)
    return Collection(f"{of.url}/items/{name}", [row["id"] for row in made], _bearing(token), of.process)


def _environment(folder: Path, port: int) -> Mapping[str, str]:
    """All that it keeps in a folder of its own, and nothing written to a log for each request."""
    for kept in ("uploads", "extensions"):
        (folder / kept).mkdir(parents=True)
    return {
        "CONFIG_PATH": str(folder / "none.env"), "NODE_ENV": "production", "TELEMETRY": "false", "LOG_LEVEL": "error",
        "HOST": "127.0.0.1", "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}", "SECRET": uuid.uuid4().hex,
        "DB_CLIENT": "sqlite3", "DB_FILENAME": str(folder / "directus.db"),
        "STORAGE_LOCAL_ROOT": str(folder / "uploads"), "EXTENSIONS_PATH": str(folder / "extensions"),
        "ADMIN_EMAIL": "admin@example.org", "ADMIN_PASSWORD": uuid.uuid4().hex, "ADMIN_TOKEN": _ADMIN,
    }  # fmt: skip


def _field(name: str, value: object) -> Mapping[str, object]:
    """A field that can hold such a value, in the words of Directus' API."""
    kind, special = "string", _FILLED.get(name)
    if name in _FILLED:
        kind = "uuid" if name == "id" else "timestamp"
    elif isinstance(value, list | dict):
        kind, special = "json", "cast-json"
    elif isinstance(value, bool):
        kind, special = "boolean", "cast-boolean"
    elif isinstance(value, int):
        kind = "integer"
    schema = {"is_primary_key": name == "id"} | ({"default_value": value} if kind == "integer" else {})
    return {"field": name, "type": kind, "schema": schema, "meta": {"special": [special] if special else None}}


def _policy(name: str) -> Mapping[str, object]:
    allowed = [{"collection": name, "action": action, "fields": ["*"]} for action in ("create", "read")]
    return {"name": name, "app_access": False, "admin_access": False, "permissions": _with_it(*allowed)}


def _with_it(*rows: Mapping[str, object]) -> Mapping[str, object]:
    """Rows that are to be made with the one that they hang on."""
    return {"create": rows, "update": [], "delete": []}


def _bearing(token: str) -> Mapping[str, str]:
    return {"authorization": f"Bearer {token}"}


def _made(client: httpx.Client, path: str, body: object) -> Sequence[Mapping[str, str]]:
    answer = client.post(path, json=body)
    if answer.is_error:
        raise DidNotStart(f"Directus refused {path}: {answer.text[:2000]}")
    made: Sequence[Mapping[str, str]] = answer.json()["data"]
    return made
