"""Routes of webhook endpoints, their deliveries and recoveries."""

from typing import Annotated

from fastapi import Query, Response

from services.gateway.access.callers import organisation_for
from services.gateway.webhooks import domain, store
from services.gateway.webhooks.handshake import shake_hands
from services.gateway.webhooks.models import DeliveryStatus
from services.gateway.webhooks.requests import SenderOf, refuse_faults
from services.gateway.webhooks.schemas import (
    Delivery,
    DeliveryId,
    DeliveryWithAttempts,
    Endpoint,
    EndpointChanges,
    EndpointId,
    EndpointWithSecret,
    NewEndpoint,
    NewRecovery,
    NewSecret,
    Recovery,
    RecoveryId,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import InvalidCursor, Page, Paging, Position
from shared.routing import Router

router = Router(tags=["webhooks"])

_READ, _WRITE = needs("webhooks:read"), needs("webhooks:write")
_ENDPOINTS = "/v1/webhook-endpoints"
_ENDPOINT = _ENDPOINTS + "/{endpoint}"


@router.post(_ENDPOINTS, status_code=201, response_model=EndpointWithSecret, **_WRITE)
async def create_webhook_endpoint(body: NewEndpoint, call: Call, sender: SenderOf) -> Response:
    """Subscribe a URL to events from now on. The secret is shown this once; with it you check each signature.

    Signed by Standard Webhooks. Deliveries come at least once and in parallel: a repetition has the same `webhook-id`,
    and `sequence` and `previous_sequence` in the body tell the order of a subject's events. An organisation's endpoint
    that takes events about people says its purpose, and an agreement covers it: it is disabled when that expires.
    """
    await refuse_faults(sender, call.principal, body)
    settings = body.settings()
    if body.handshake:
        asked = shake_hands(sender.dialler, body.url, call.parts.settings.public_url, body.per_second)
        settings["per_second"] = await asked
    return tagged(
        await call.write(
            domain.create,
            settings,
            organisation=organisation_for(call.principal, body.organisation),
            signature=body.signature,
            secrets=call.parts.secrets,
            answer=EndpointWithSecret.with_secret,
        )
    )


@router.get(_ENDPOINTS, response_model=Page[Endpoint], **_READ)
async def list_webhook_endpoints(call: Call, paging: Paging) -> Page[Endpoint]:
    """The movement's endpoints, the oldest first."""
    rows = await call.read(store.endpoints, _id(paging.after), paging.fetch)
    return paging.page(rows, Endpoint.of, lambda row: (row.id,))


@router.get(_ENDPOINT, response_model=Endpoint, **_READ)
async def get_webhook_endpoint(endpoint: EndpointId, call: Call, response: Response) -> Endpoint:
    """One endpoint."""
    found = Endpoint.of(await call.read_by_key(domain.get, endpoint))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch(_ENDPOINT, response_model=Endpoint, **_WRITE)
async def change_webhook_endpoint(
    endpoint: EndpointId, body: EndpointChanges, call: Call, sender: SenderOf, expected: Expected
) -> Response:
    """Edit, pause or resume an endpoint. Enabling a disabled one sends what was held; `recover` finds the rest."""
    await refuse_faults(sender, call.principal, body)
    changes = body.given()
    if body.url is not None or body.handshake:
        now = Endpoint.of(await call.read_by_key(domain.get, endpoint))
        if now.handshake if body.handshake is None else body.handshake:
            wished = changes.get("per_second", now.per_second)
            asked = shake_hands(sender.dialler, body.url or now.url, call.parts.settings.public_url, wished)
            changes["per_second"] = await asked
    return tagged(await call.write(domain.change, endpoint, expected, changes, sender.wake, answer=Endpoint.of))


@router.delete(_ENDPOINT, status_code=204, **_WRITE)
async def delete_webhook_endpoint(endpoint: EndpointId, call: Call, sender: SenderOf, expected: Expected) -> Response:
    """Delete an endpoint: what waits for it is not sent any more."""
    return await call.write(domain.delete, endpoint, expected, sender.wake, answer=None)


@router.post(_ENDPOINT + "/secret", response_model=EndpointWithSecret, **_WRITE)
async def rotate_webhook_secret(endpoint: EndpointId, call: Call, body: NewSecret | None = None) -> Response:
    """Replace the secret, or the kind of key. For 24 hours deliveries are signed with the old one too.

    The new one signs from the moment that you read it, and before: change over at any time of the day.
    """
    signature = None if body is None else body.signature
    secrets, answer = call.parts.secrets, EndpointWithSecret.with_secret
    return tagged(await call.write(domain.rotate_secret, endpoint, signature, secrets, answer=answer))


@router.post(_ENDPOINT + "/test", status_code=202, response_model=Endpoint, **_WRITE)
async def test_webhook_endpoint(endpoint: EndpointId, call: Call) -> Response:
    """Send a `webhook_endpoint.tested` event to this endpoint, whatever types it takes. See its deliveries."""
    return await call.write(domain.send_test, endpoint, answer=Endpoint.of)


@router.post(_ENDPOINT + "/recover", status_code=202, response_model=Recovery, **_WRITE)
async def recover_webhook_endpoint(endpoint: EndpointId, body: NewRecovery, call: Call, sender: SenderOf) -> Response:
    """Resend every event since a moment that matches now and was not delivered. A job: it survives a restart."""
    return await call.write(domain.recover, endpoint, body.since, sender.wake, answer=Recovery.of)


@router.get(_ENDPOINT + "/recoveries/{recovery}", response_model=Recovery, **_READ)
async def get_webhook_recovery(endpoint: EndpointId, recovery: RecoveryId, call: Call) -> Recovery:
    """How far a recovery has come."""
    return Recovery.of(await call.read_by_key(domain.get_recovery, endpoint, recovery))


@router.get(_ENDPOINT + "/deliveries", response_model=Page[Delivery], **_READ)
async def list_webhook_deliveries(
    endpoint: EndpointId, call: Call, paging: Paging, status: Annotated[DeliveryStatus | None, Query()] = None
) -> Page[Delivery]:
    """Deliveries to an endpoint, the newest first. Those that are `exhausted` were given up, and can be resent."""
    rows = await call.read(domain.list_deliveries, endpoint, status, _id(paging.after), paging.fetch)
    return paging.page(rows, Delivery.of, lambda row: (row.delivery.id,))


@router.get(_ENDPOINT + "/deliveries/{delivery}", response_model=DeliveryWithAttempts, **_READ)
async def get_webhook_delivery(endpoint: EndpointId, delivery: DeliveryId, call: Call) -> DeliveryWithAttempts:
    """One delivery, with the log of its attempts."""
    listed, attempts = await call.read(domain.get_delivery, endpoint, delivery, call.parts.secrets)
    return DeliveryWithAttempts.with_log(listed, attempts)


@router.post(_ENDPOINT + "/deliveries/{delivery}/resend", status_code=202, response_model=Delivery, **_WRITE)
async def resend_webhook_delivery(endpoint: EndpointId, delivery: DeliveryId, call: Call, sender: SenderOf) -> Response:
    """Deliver an event again, as a new delivery with a `webhook-id` of its own."""
    return await call.write(domain.resend, endpoint, delivery, sender.wake, answer=Delivery.of)


@router.post(_ENDPOINT + "/deliveries/{delivery}/skip", status_code=202, response_model=Delivery, **_WRITE)
async def skip_webhook_delivery(endpoint: EndpointId, delivery: DeliveryId, call: Call, sender: SenderOf) -> Response:
    """Give up a delivery that fails, so that what waits in order behind it is sent. It can be resent.

    409 `nothing_behind` where it is not sent in order, or is settled or itself behind another.
    """
    return await call.write(domain.skip, endpoint, delivery, sender.wake, answer=Delivery.of)


def _id(position: Position | None) -> str | None:
    if position is None:
        return None
    match position:
        case (str(last),):
            return last
    raise InvalidCursor
