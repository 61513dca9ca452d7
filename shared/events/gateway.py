"""What the gateway publishes: how a movement's webhook endpoints fare."""

from shared.events.base import Event


class WebhookEndpointTested(Event, type="webhook_endpoint.tested", service="gateway", key="endpoint"):
    """Somebody asked for a test event: it goes to this endpoint whatever types it takes."""

    endpoint: str


class WebhookEndpointDisabled(Event, type="webhook_endpoint.disabled", service="gateway", key="endpoint"):
    """Nothing is sent to the endpoint any more. `reason`: gone (it answered 410) or failing (for five days)."""

    endpoint: str
    reason: str
