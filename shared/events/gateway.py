"""What the gateway publishes: movements and their time zones, how webhook endpoints fare, whose access ended."""

from shared.events.base import Event


class MovementCreated(Event, type="movement.created", service="gateway", key="movement"):
    """A workspace was opened. Days, periods and due dates are reckoned in its IANA time zone."""

    movement: str
    time_zone: str


class MovementChanged(Event, type="movement.changed", service="gateway", key="movement"):
    """The movement was edited; `time_zone` is the one that holds from now on, changed or not."""

    movement: str
    time_zone: str


class WebhookEndpointTested(Event, type="webhook_endpoint.tested", service="gateway", key="endpoint"):
    """Somebody asked for a test event: it goes to this endpoint whatever types it takes."""

    endpoint: str


class WebhookEndpointDisabled(Event, type="webhook_endpoint.disabled", service="gateway", key="endpoint"):
    """Nothing is sent to the endpoint any more. `reason`: gone (it answered 410) or failing (for five days)."""

    endpoint: str
    reason: str


class WebhookEndpointHeldUp(Event, type="webhook_endpoint.held_up", service="gateway", key="endpoint"):
    """A delivery failed ten times, and what is to come after it in order waits. It is tried once a day from now on."""

    endpoint: str
    delivery: str


class CrmConnectionDisabled(Event, type="crm_connection.disabled", service="gateway", key="connection"):
    """The CRM is told nothing any more. `reason`: no agreement covers it, or a code by which it refused us for long."""

    connection: str
    reason: str


class AccessEnded(Event, type="access.ended", service="gateway", key="user"):
    """The user's sessions and the keys that they made are refused from now on: they left, through this handover."""

    user: str
    handover: str


class ErasureReceiptGiven(Event, type="gateway_receipt.given", service="gateway", key="receipt"):
    """The gateway has erased somebody: their account and sessions, and `records` that spoke of them."""

    receipt: str
    erasure: str
    records: int


class ErasureObjectedTo(Event, type="gateway_receipt.refused", service="gateway", key="receipt"):
    """Somebody's access cannot end, and so they cannot be erased yet. `reason`: last_admin."""

    receipt: str
    erasure: str
    reason: str


class ErasureAccessEnded(Event, type="gateway_receipt.access_ended", service="gateway", key="receipt"):
    """Whoever is to be erased has no access any more: what is theirs may be taken out everywhere."""

    receipt: str
    erasure: str


class CrmToForget(Event, type="gateway_receipt.crm_to_forget", service="gateway", key="receipt"):
    """A partner's CRM has somebody who is erased, and is to delete them: until it says that it has, this is open."""

    receipt: str
    erasure: str
    connection: str


class CrmKept(Event, type="gateway_receipt.crm_kept", service="gateway", key="receipt"):
    """The connection to a partner's CRM ended before it had deleted somebody who is erased: they are still there."""

    receipt: str
    erasure: str
    connection: str


class CrmForgot(Event, type="gateway_receipt.crm_forgot", service="gateway", key="receipt"):
    """A partner's CRM has deleted what it had of somebody who is erased."""

    receipt: str
    erasure: str
    connection: str


class StopObeyed(Event, type="gateway_receipt.stop_obeyed", service="gateway", key="receipt"):
    """Somebody said stop, and no other organisation's webhook is sent anything of theirs: `ended` are such webhooks."""

    receipt: str
    stop: str
    ended: int
