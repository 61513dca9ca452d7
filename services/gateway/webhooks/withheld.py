"""Which events an endpoint may be sent, whatever it asks for: asked as they are queued, and again as they are sent."""

from collections.abc import Sequence

from sqlalchemy import orm

from services.gateway.agreements.employers import without_own_staff
from services.gateway.agreements.sharing import without_withheld
from services.gateway.feed.cloudevents import Item
from services.gateway.webhooks import chains, queue
from services.gateway.webhooks.queue import Destination, Handed


def allowed(session: orm.Session, to: Destination, items: Sequence[Item]) -> Sequence[Item]:
    """What an endpoint may be sent of these: no organisation whether its own staff came, or of who said stop."""
    items = without_own_staff(session, to.movement, to.organisation, items)
    return without_withheld(session, to.movement, to.organisation, to.purpose, items)


def lease(session: orm.Session, to: Destination, worker: str, most: int, now: int) -> Handed:
    """Take due deliveries of an endpoint out of the queue; what it may not be sent any more is withheld for good."""
    handed = queue.lease(session, to, worker, most, now)
    may = {item.position for item in allowed(session, to, [one.item for one in handed.leased])}
    never = [one for one in handed.leased if one.item.position not in may]
    if not never:
        return handed
    chains.hold(session, to.movement, to.id)
    queue.withhold(session, never, worker)
    freed = chains.let_go(session, to.movement, to.id, [one.chain for one in never if one.chain is not None], now)
    return Handed(to, [one for one in handed.leased if one.item.position in may], handed.more or freed)
