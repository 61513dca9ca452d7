"""What is done with endpoints and their deliveries, on somebody's request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict, TypeVar

from sqlalchemy import orm

from services.gateway.access.audit import domain as audit
from services.gateway.feed import domain as feed
from services.gateway.feed import store as feed_store
from services.gateway.feed.cloudevents import Item
from services.gateway.webhooks import chains, queue, signing, store
from services.gateway.webhooks.models import Delivery, DeliveryStatus, Endpoint, Ordering, Recovery
from services.gateway.webhooks.outcomes import answer_place
from services.gateway.webhooks.queue import Queued
from services.gateway.webhooks.signing import Key, Kind
from services.gateway.webhooks.stopping import hold_to_agreements
from services.gateway.webhooks.store import Listed
from shared import clock, outbox
from shared.db import after_commit
from shared.db.types import microseconds
from shared.editing import hold_to
from shared.errors import Conflict, NotFound
from shared.events.gateway import WebhookEndpointTested
from shared.ids import new_id
from shared.secrets import Secrets

T = TypeVar("T")

MOST_ENDPOINTS = 100
"""Endpoints of a movement: each event is matched against all of them."""

Wake = Callable[[], None]
"""Has the sender look for what is due."""


class TooManyEndpoints(Conflict):
    """The movement has as many endpoints as it may have."""

    code, title = "too_many_endpoints", f"A movement has at most {MOST_ENDPOINTS} webhook endpoints"


class EndpointNotEnabled(Conflict):
    """Nothing is sent to the endpoint at present."""

    code, title = "endpoint_not_enabled", "The endpoint is not enabled"


class NothingBehind(Conflict):
    """The delivery is not one that others wait for."""

    code, title = "nothing_behind", "Nothing waits in order behind this delivery"


class Settings(TypedDict, total=False):
    """What a partner says of an endpoint, as it is stored."""

    url: str
    types: str
    payload_filter: str | None
    mapping: str | None
    enrichment: str | None
    description: str
    purpose: str | None
    ordering: Ordering
    in_flight: int
    per_second: int | None
    handshake: bool


class Changes(Settings, total=False):
    """What is to change of an endpoint."""

    status: Literal["enabled", "paused"]


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt as its owner may see it."""

    at: datetime
    status: int | None
    duration_ms: int
    error: str | None
    answer: bytes
    address: str | None


def create(
    session: orm.Session,
    movement: str,
    settings: Settings,
    *,
    organisation: str | None,
    signature: Kind,
    secrets: Secrets,
) -> tuple[Endpoint, Key]:
    """Subscribe a URL to events from now on; answers the endpoint and its key, which is shown this once.

    An organisation's is covered by an agreement wherever what it takes is about people. Raises NotCovered.
    """
    if store.count_endpoints(session, movement) >= MOST_ENDPOINTS:
        raise TooManyEndpoints
    id_, keys, at = new_id("hook"), signing.new_keys(signature), clock.now()
    made = Endpoint(
        movement=movement,
        id=id_,
        status="enabled",
        secrets=signing.seal(secrets, movement, id_, keys),
        public_key=signing.public(keys[0]),
        organisation=organisation,
        subscribed_after=feed_store.head(session, movement),
        probed=False,
        version=1,
        created_at=at,
        updated_at=at,
        **settings,
    )
    hold_to_agreements(session, made)
    session.add(made)
    audit.note(session, movement, "webhook_endpoint.created", id_, types=made.types)
    return made, keys[0]


def get(session: orm.Session, movement: str, id_: str) -> Endpoint:
    """An endpoint of this movement, or NotFound."""
    return _found(store.endpoint(session, movement, id_))


def change(
    session: orm.Session, movement: str, id_: str, expected: int | None, changes: Changes, wake: Wake
) -> Endpoint:
    """Edit an endpoint, pause it or resume it. Raises PreconditionFailed where it is not at the expected version, and
    NotCovered where no agreement covers what it is to have."""
    endpoint = _editable(session, movement, id_, expected)
    match changes.get("status"):
        case "paused":
            endpoint.pause()
        case "enabled":
            endpoint.resume()
    for name, value in changes.items():
        if name != "status":
            setattr(endpoint, name, value)
    if endpoint.status == "enabled":
        hold_to_agreements(session, endpoint)
    endpoint.touch(clock.now())
    audit.note(session, movement, "webhook_endpoint.changed", id_, status=endpoint.status)
    after_commit(session, wake)
    return endpoint


def delete(session: orm.Session, movement: str, id_: str, expected: int | None, wake: Wake) -> None:
    """Delete an endpoint: nothing is sent to it any more, and nobody sees it or its deliveries."""
    _editable(session, movement, id_, expected).forget(clock.now())
    audit.note(session, movement, "webhook_endpoint.deleted", id_)
    after_commit(session, wake)


def rotate_secret(
    session: orm.Session, movement: str, id_: str, signature: Kind | None, secrets: Secrets
) -> tuple[Endpoint, Key]:
    """Give an endpoint a new key, of the kind it had unless given; the old one goes on signing beside it for a day."""
    endpoint = _found(store.endpoint(session, movement, id_, lock=True))
    keys = signing.unseal(secrets, movement, id_, endpoint.secrets)
    fresh = signing.rotated(keys, microseconds(clock.now()), signature or endpoint.signature)
    endpoint.public_key = signing.public(fresh[0])
    endpoint.secrets = signing.seal(secrets, movement, id_, fresh)
    endpoint.touch(clock.now())
    audit.note(session, movement, "webhook_endpoint.secret_rotated", id_)
    return endpoint, fresh[0]


def send_test(session: orm.Session, movement: str, id_: str) -> Endpoint:
    """Send a test event to an endpoint, the way that every event takes, whatever types the endpoint takes."""
    endpoint = get(session, movement, id_)
    if endpoint.status != "enabled":
        raise EndpointNotEnabled(f"it is {endpoint.status}")
    outbox.record(session, WebhookEndpointTested(endpoint=id_))
    return endpoint


def resend(session: orm.Session, movement: str, id_: str, delivery: str, wake: Wake) -> Listed:
    """Deliver an event once more, as a delivery of its own: no receiver takes it for a repetition of the first."""
    endpoint = get(session, movement, id_)
    original = _found(store.delivery(session, movement, id_, delivery)).delivery
    item = _item(session, movement, original)
    again, now = Queued(item, original.previous_sequence, resend_of=delivery), microseconds(clock.now())
    queue.put(session, queue.destination(endpoint), [again], now)
    chains.line_up(session, movement, id_, [chains.chain_of(endpoint.ordering, item)], now)
    after_commit(session, wake)
    return _found(store.delivery(session, movement, id_, again.id))


def skip(session: orm.Session, movement: str, id_: str, delivery: str, wake: Wake) -> Listed:
    """Give up a delivery that fails, so that what waits in order behind it goes. Raises NotFound and NothingBehind."""
    get(session, movement, id_)
    chains.hold(session, movement, id_)
    listed = _found(store.delivery(session, movement, id_, delivery))
    given_up = listed.delivery
    if given_up.chain is None or given_up.status != "pending":
        raise NothingBehind
    given_up.status, given_up.worker = "exhausted", None
    session.flush()
    chains.let_go(session, movement, id_, [given_up.chain], microseconds(clock.now()))
    audit.note(session, movement, "webhook_delivery.skipped", delivery, endpoint=id_)
    after_commit(session, wake)
    return listed


def recover(session: orm.Session, movement: str, id_: str, since: datetime, wake: Wake) -> Recovery:
    """Have everything resent that an endpoint did not get since a moment, but not since before it was made."""
    endpoint = get(session, movement, id_)
    job = Recovery(
        movement=movement,
        id=new_id("recovery"),
        endpoint=id_,
        since=since,
        reached=max(feed.position_at(session, movement, since), endpoint.subscribed_after),
        through=feed_store.head(session, movement),
        resent=0,
        done=False,
        created_at=clock.now(),
    )
    session.add(job)
    after_commit(session, wake)
    return job


def get_recovery(session: orm.Session, movement: str, id_: str, recovery: str) -> Recovery:
    """A recovery of this endpoint, or NotFound."""
    get(session, movement, id_)
    return _found(store.recovery(session, movement, id_, recovery))


def list_deliveries(
    session: orm.Session, movement: str, id_: str, status: DeliveryStatus | None, before: str | None, most: int
) -> Sequence[Listed]:
    """Deliveries to an endpoint of this movement, the newest first, before the one with the id `before`."""
    get(session, movement, id_)
    return store.deliveries(session, movement, id_, status, before, most)


def get_delivery(
    session: orm.Session, movement: str, id_: str, delivery: str, secrets: Secrets
) -> tuple[Listed, Sequence[Attempted]]:
    """A delivery to this endpoint with its attempts, or NotFound."""
    get(session, movement, id_)
    listed = _found(store.delivery(session, movement, id_, delivery))
    place = answer_place(movement, delivery)
    attempts = [
        Attempted(
            at=attempt.at,
            status=attempt.status,
            duration_ms=attempt.duration_ms,
            error=attempt.error,
            answer=b"" if attempt.answer is None else secrets.open(attempt.answer, bound_to=place),
            address=attempt.address,
        )
        for attempt in store.attempts(session, movement, delivery)
    ]
    return listed, attempts


def _editable(session: orm.Session, movement: str, id_: str, expected: int | None) -> Endpoint:
    endpoint = _found(store.endpoint(session, movement, id_, lock=True))
    hold_to(endpoint.version, expected)
    return endpoint


def _item(session: orm.Session, movement: str, delivery: Delivery) -> Item:
    ((item, _),) = feed_store.matching(session, movement, delivery.position - 1, delivery.position, None, 1)
    return item


def _found(what: T | None) -> T:
    if what is None:
        raise NotFound
    return what
