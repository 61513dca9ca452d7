"""The body of a webhook: the event as a CloudEvent, with its subject's record and in the shape that an endpoint wants.

Both are made as it is sent, and kept nowhere: what is stored of a delivery is where its event stands in the feed.
"""

import msgspec

from services.gateway.feed.cloudevents import Item, cloud_event, encode
from services.gateway.webhooks.enriching import Record
from services.gateway.webhooks.queue import Destination
from shared.expressions import evaluate

_NULL = msgspec.Raw(b"null")


def body_of(item: Item, previous: int | None, to: Destination, record: Record | None) -> bytes:
    """The bytes that are signed and sent. Raises CannotEvaluate where the mapping does not fit the event."""
    event = cloud_event(item, previous)
    if record is not None:
        told = msgspec.json.decode(event.data, type=dict[str, msgspec.Raw])
        told |= {"record": record.content or _NULL, "record_missing": msgspec.Raw(encode(record.missing))}
        event = msgspec.structs.replace(event, data=msgspec.Raw(encode(told)))
    if to.mapping is not None:
        shaped = evaluate(to.mapping, msgspec.json.decode(encode(event)))
        event = msgspec.structs.replace(event, data=msgspec.Raw(encode(shaped)))
    return encode(event)
