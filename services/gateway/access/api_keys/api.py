"""Routes of API keys."""

from datetime import timedelta

from fastapi import Response

from services.gateway.access.api_keys import domain, store
from services.gateway.access.api_keys.schemas import CreatedKey, Key, KeyId, NewKey, Rotation
from services.gateway.access.callers import CallerOf, PlatformKeyNeeded, last_seen, organisation_for
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["access"])


@router.post("/v1/api-keys", status_code=201, response_model=CreatedKey, **needs("keys:write"))
async def create_key(body: NewKey, call: Call, caller: CallerOf) -> Response:
    """Make a key with scopes that you hold yourself. Its token is shown this once.

    One for an organisation, with scopes to personal data, says its purpose, and an agreement with that organisation
    covers each class of it: 403 `agreement_missing`, `agreement_expired` or `agreement_not_begun` names those that none
    does. At every later request it is asked again.
    """
    if body.platform and caller.kind != "platform":
        raise PlatformKeyNeeded()
    return await call.write(
        domain.create_key,
        platform=body.platform,
        name=body.name,
        wanted=body.scopes,
        granting=call.principal.scopes,
        created_by=call.principal.id,
        pepper=call.parts.secrets.pepper,
        organisation=organisation_for(caller.principal, body.organisation),
        purpose=body.purpose,
        expires_at=body.expires_at,
        addresses=body.addresses,
        allowance=body.allowance.within(caller.allowance),
        answer=CreatedKey.with_token,
    )


@router.get("/v1/api-keys", response_model=Page[Key], **needs("keys:read"))
async def list_keys(call: Call, caller: CallerOf, paging: Paging) -> Page[Key]:
    """Every key of the movement, revoked and expired ones too; for a platform key also those of the platform."""
    rows = await call.read(store.page, last_seen(paging), paging.fetch, platform=caller.kind == "platform")
    return paging.page(rows, Key.of, lambda row: (row.id,))


@router.get("/v1/api-keys/{key}", response_model=Key, **needs("keys:read"))
async def get_key(key: KeyId, call: Call, caller: CallerOf) -> Key:
    """One key."""
    return Key.of(await call.read_by_key(domain.get_key, key, platform=caller.kind == "platform"))


@router.post("/v1/api-keys/{key}/rotate", status_code=201, response_model=CreatedKey, **needs("keys:write"))
async def rotate_key(key: KeyId, body: Rotation, call: Call, caller: CallerOf) -> Response:
    """Get another token for a key, shown this once. The token in use stays good for `overlap_hours` beside it.

    At most two are good at a time: rotating again within the overlap ends the older one. 409 `key_ended` for a key
    that was revoked or has expired.
    """
    return await call.write(
        domain.rotate_key,
        key,
        granting=call.principal.scopes,
        organisation=caller.principal.organisation,
        overlap=timedelta(hours=body.overlap_hours),
        pepper=call.parts.secrets.pepper,
        platform=caller.kind == "platform",
        answer=CreatedKey.with_token,
    )


@router.delete("/v1/api-keys/{key}", status_code=204, **needs("keys:write"))
async def revoke_key(key: KeyId, call: Call, caller: CallerOf) -> Response:
    """Revoke a key: it is refused from now on."""
    return await call.write(domain.revoke_key, key, platform=caller.kind == "platform", answer=None)
