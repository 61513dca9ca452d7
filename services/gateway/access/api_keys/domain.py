"""What is done with API keys: made, with scopes that their maker holds, and revoked."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import orm

from services.gateway.access import scopes, tokens
from services.gateway.access.api_keys import store
from services.gateway.access.api_keys.models import ApiKey
from services.gateway.agreements.domain import refuse_uncovered
from shared import clock
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id


def create_key(
    session: orm.Session,
    movement: str,
    *,
    name: str,
    wanted: Sequence[str],
    granting: Collection[str],
    created_by: str,
    pepper: bytes,
    organisation: str | None = None,
    purpose: str | None = None,
    expires_at: datetime | None = None,
    platform: bool = False,
) -> tuple[ApiKey, str]:
    """Make a key and answer it with its token, which is stored nowhere. A platform key stands in no movement.

    One that acts for an organisation has no scope to personal data that no agreement covers. Raises NotCovered.
    """
    scopes.refuse_ungrantable(granting, wanted, "/scopes")
    refuse_uncovered(session, movement, organisation, scopes.classes_of(wanted), purpose, "/scopes")
    at = clock.now()
    if expires_at is not None and expires_at <= at:
        raise Invalid(faults=[Fault("/expires_at", "lies in the past", "in_the_past")])
    record = new_id("key")
    token = tokens.mint("live", record, pepper)
    key = ApiKey(
        id=record,
        movement=None if platform else movement,
        name=name,
        digest=token.digest,
        scopes=" ".join(sorted(set(wanted))),
        organisation=organisation,
        purpose=purpose,
        created_by=created_by,
        created_at=at,
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    return key, token.text


def get_key(session: orm.Session, movement: str, key: str, *, platform: bool) -> ApiKey:
    """A key of this movement, or NotFound; platform keys are there for platform keys alone."""
    found = store.find(session, movement, key, platform=platform)
    if found is None:
        raise NotFound("there is no such key")
    return found


def revoke_key(session: orm.Session, movement: str, key: str, *, platform: bool) -> ApiKey:
    """Refuse a key from now on."""
    found = get_key(session, movement, key, platform=platform)
    found.revoke(clock.now())
    return found
