"""What is done with API keys: made, with scopes that their maker holds, rotated, and revoked."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import orm

from services.gateway.access import scopes, tokens
from services.gateway.access.api_keys import store
from services.gateway.access.api_keys.models import ApiKey
from services.gateway.access.audit import domain as audit
from services.gateway.access.callers import OtherOrganisation
from services.gateway.agreements.domain import refuse_uncovered
from services.gateway.limits import EVERYBODYS, Allowance
from shared import clock
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.ids import new_id


class KeyEnded(Conflict):
    """The key was revoked or has expired: a new token would let nobody in."""

    code, title = "key_ended", "This key has ended: make another"


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
    addresses: Sequence[str] = (),
    allowance: Allowance = EVERYBODYS,
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
        addresses=" ".join(addresses),
        per_minute=allowance.per_minute,
        per_day=allowance.per_day,
        organisation=organisation,
        purpose=purpose,
        created_by=created_by,
        created_at=at,
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    audit.note(session, key.movement or "", "key.created", record, scopes=key.scopes)
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
    audit.note(session, found.movement or "", "key.revoked", key)
    return found


def rotate_key(
    session: orm.Session,
    movement: str,
    key: str,
    *,
    granting: Collection[str],
    organisation: str | None,
    overlap: timedelta,
    pepper: bytes,
    platform: bool,
) -> tuple[ApiKey, str]:
    """Give a key another token, answered this once; the one in use stays good for the overlap.

    Whoever gets it may do what the key may: so it takes as much as making the key anew would, the scopes that it has
    (``granting``) and its organisation. Raises KeyEnded, ScopeNotHeld, OtherOrganisation.
    """
    found = store.find(session, movement, key, platform=platform, lock=True)
    if found is None:
        raise NotFound("there is no such key")
    scopes.refuse_ungrantable(granting, found.scopes.split(), "/key")
    if organisation not in (None, found.organisation):
        raise OtherOrganisation
    at = clock.now()
    if found.revoked_at is not None or (found.expires_at is not None and found.expires_at <= at):
        raise KeyEnded
    token = tokens.mint("live", key, pepper)
    found.rotate(token.digest, at, overlap)
    audit.note(session, found.movement or "", "key.rotated", key)
    return found, token.text
