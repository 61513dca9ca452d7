"""Routes of hooks: what a CRM calls, how it shows that it is it, and the log of what came in."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.gateway.access.callers import last_seen
from services.gateway.crm.schemas import ConnectionId
from services.gateway.inbound import domain, hooks
from services.gateway.inbound.models import State
from services.gateway.inbound.receiving import receive
from services.gateway.inbound.schemas import Hook, HookWithSecret, Message, MessageId, NewHook, NewSecret, Taken
from services.gateway.inbound.signatures import Called
from services.gateway.inbound.worker import TakerOf
from services.gateway.unsigned import reached_at
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import anyone, needs
from shared.pages import Page, Paging
from shared.parts import Parts
from shared.routing import Router

router = Router(tags=["CRM"])

_READ, _WRITE = needs("crm_connections:read"), needs("crm_connections:write")
_CONNECTION = "/v1/crm-connections/{connection}"
_HOOK = _CONNECTION + "/hook"
_ANYONE = anyone()
_ANYONE["openapi_extra"]["requestBody"] = {
    "required": True,
    "content": {"application/json": {"schema": {"description": "whatever the CRM sends; the hook says where what is"}}},
}


@router.post("/v1/hooks/{connection}", status_code=202, response_model=Taken, **_ANYONE)
async def take_crm_call(connection: ConnectionId, request: Request, taker: TakerOf) -> Taken:
    """What a CRM calls when a record of its people changed. It is kept and answered at once, and taken up after that.

    No key is needed: the call is signed as its hook says, by Standard Webhooks (with its headers or with Svix's), by
    HubSpot's signature v3, or it has the secret in `Backbone-Hook-Secret`. 401 `not_verified` where it is not, or is
    older than five minutes. What is told again, by its `webhook-id` (`svix-id`) or else by what it says, is taken once.
    """
    parts: Parts = request.app.state.parts
    scope = request.scope
    root = (parts.settings.public_url or reached_at(scope)).rstrip("/")
    query = scope["query_string"].decode("latin-1")
    uri = f"{root}{scope['raw_path'].decode('latin-1')}{'?' if query else ''}{query}"
    called = Called(request.method, uri, dict(request.headers), await request.body())
    taken = await receive(parts, connection, called)
    taker.wake()
    return Taken(taken=taken)


@router.post(_HOOK, status_code=201, response_model=HookWithSecret, **_WRITE)
async def open_crm_hook(connection: ConnectionId, body: NewHook, call: Call) -> Response:
    """Let the CRM of a connection call us. The secret is shown this once, where it is made here.

    `scheme` is how it shows that it is it: `standard_webhooks` (a secret `whsec_…`, or the sender's public key
    `whpk_…`), `hubspot_v3` (the client secret of the app), or a `shared_secret` for CRMs that cannot sign. 409
    `has_hook` where there is one.
    """
    return tagged(await call.write(hooks.open_hook, connection, body, call.parts.secrets, answer=HookWithSecret.shown))


@router.get(_HOOK, response_model=Hook, **_READ)
async def read_crm_hook(connection: ConnectionId, call: Call, response: Response) -> Hook:
    """The hook of a connection."""
    found = Hook.of((await call.read_by_key(hooks.read, connection)).hook)
    response.headers["etag"] = tag_of(found.version)
    return found


@router.post(_HOOK + "/secret", response_model=HookWithSecret, **_WRITE)
async def replace_crm_hook_secret(connection: ConnectionId, body: NewSecret, call: Call) -> Response:
    """Take another secret. For 24 hours calls with the old one are taken too."""
    return tagged(
        await call.write(hooks.replace_secret, connection, body, call.parts.secrets, answer=HookWithSecret.shown)
    )


@router.delete(_HOOK, status_code=204, **_WRITE)
async def close_crm_hook(connection: ConnectionId, call: Call, expected: Expected) -> Response:
    """Take no more calls of this CRM. What it told until now is still taken up."""
    return await call.write(hooks.close, connection, expected, answer=None)


@router.get(_CONNECTION + "/messages", response_model=Page[Message], **_READ)
async def list_crm_messages(
    connection: ConnectionId, call: Call, paging: Paging, state: Annotated[State | None, Query()] = None
) -> Page[Message]:
    """What the CRM told, the newest first, and what became of each: the record, a state and a code, and no more."""
    rows = await call.read(domain.page, connection, state, last_seen(paging) or None, paging.fetch)
    return paging.page(rows, Message.of, lambda row: (row.id,))


@router.get(_CONNECTION + "/messages/{message}", response_model=Message, **_READ)
async def read_crm_message(connection: ConnectionId, message: MessageId, call: Call) -> Message:
    """One thing that the CRM told."""
    return Message.of(await call.read_by_key(domain.read, connection, message))


@router.post(_CONNECTION + "/messages/{message}/retry", status_code=202, response_model=Message, **_WRITE)
async def retry_crm_message(connection: ConnectionId, message: MessageId, call: Call, taker: TakerOf) -> Response:
    """Take up once more what was refused. 409 `message_gone` where what it said is not kept any more."""
    return await call.write(domain.retry, connection, message, taker.wake, answer=Message.of)
