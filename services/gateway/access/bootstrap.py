"""The first start of an empty suite: a first movement, a platform key and an admin, shown once and stored as hashes."""

from dataclasses import dataclass

from sqlalchemy import orm

from services.gateway.access import passwords, tokens
from services.gateway.access.api_keys.models import ApiKey
from services.gateway.access.audit import domain as audit
from services.gateway.access.movements import domain as movements
from services.gateway.access.movements import store
from services.gateway.access.movements.domain import SlugTaken, slug_of
from services.gateway.access.users import domain as users
from shared import clock
from shared.ids import new_id

ADMIN_EMAIL = "admin@example.org"


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What can be told this once. ``key`` is None where the owner chose it and knows it."""

    movement: str
    key: str | None
    email: str
    password: str


def bootstrap(session: orm.Session, *, movement_name: str, given_key: str | None, pepper: bytes) -> FirstStart | None:
    """Set up an empty suite; None where it has a movement already, or another replica is doing it.

    ``given_key`` is BACKBONE_BOOTSTRAP_KEY, any text of 32 characters or more; it becomes the platform key as it is.
    """
    if not store.is_empty(session):
        return None
    try:
        # The slug does not depend on chance, so that of two replicas that start at once one finds it taken.
        movement = movements.create_movement(session, name=movement_name, slug=slug_of(movement_name) or "first")
    except SlugTaken:
        return None
    record = new_id("key")
    made = tokens.mint("live", record, pepper)
    digest = made.digest if given_key is None else tokens.digest(given_key.strip().encode(), pepper)
    session.add(
        ApiKey(id=record, name="First key", digest=digest, scopes="*", created_by="bootstrap", created_at=clock.now())
    )
    audit.note(session, "", "key.created", record, scopes="*")
    password = passwords.generated()
    users.create_user(
        session,
        movement.id,
        email=ADMIN_EMAIL,
        name="Admin",
        role="admin",
        password_hash=passwords.hashed(password),
        granting=frozenset({"*"}),
    )
    return FirstStart(movement.name, None if given_key is not None else made.text, ADMIN_EMAIL, password)
