"""Asking every service what it wrote and what it applied; one that cannot be asked is named, and the rest is told."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from shared.auth import sign
from shared.calls import CallOf
from shared.errors import AppError
from shared.tracing import Applied, Written, applied, written
from shared.upstream import read_json

T = TypeVar("T")
_KEPT_FOR_ANSWERING = 0.5


class Told(NamedTuple):
    """What services answered, the gateway among them, and why others did not."""

    writes: Sequence[tuple[str, Written]]
    missing: Mapping[str, str]


async def who_wrote(call: CallOf, subject: str) -> Told:
    """What each service wrote under an id, with the service's name."""
    found, missing = await _ask_all(call, f"/internal/trace/written/{quote(subject, safe='')}", "", list[Written])
    ours = await call.read(written, subject)
    writes = [(service, each) for service, told in found.items() for each in told]
    return Told([*writes, *((call.parts.service, each) for each in ours)], missing)


async def who_applied(
    call: CallOf, keys: Sequence[tuple[str, str]]
) -> tuple[list[tuple[str, Applied]], Mapping[str, str]]:
    """How far the consumers of each service are with these keys; and who could not be asked."""
    query = urlencode([("of", f"{service}/{key}") for service, key in keys])
    found, missing = await _ask_all(call, "/internal/trace/applied", query, list[Applied])
    ours = await call.read(applied, call.parts.consumers, keys)
    told = [(service, each) for service, told in found.items() for each in told]
    return [*told, *((call.parts.service, each) for each in ours)], missing


async def _ask_all(call: CallOf, path: str, query: str, to: type[T]) -> tuple[dict[str, T], dict[str, str]]:
    async def ask(service: str) -> T | str:
        token = sign(call.principal, service, call.parts.secrets)
        headers = [("authorization", f"Bearer {token}"), ("backbone-request-id", call.request_id)]
        deadline = call.deadline - _KEPT_FOR_ANSWERING
        try:
            return await read_json(
                call.parts.upstreams[service], path, to, headers=headers, query=query, deadline=deadline
            )
        except AppError as error:
            return error.detail or error.title

    services = list(call.parts.upstreams)
    answers = dict(zip(services, await asyncio.gather(*map(ask, services)), strict=True))
    found = {service: told for service, told in answers.items() if not isinstance(told, str)}
    return found, {service: told for service, told in answers.items() if isinstance(told, str)}
