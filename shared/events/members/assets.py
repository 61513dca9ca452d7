"""The asset map: that something happened to an asset, and nothing of what it is about."""

from shared.events.base import Event


class AssetCreated(Event, type="asset.created", service="members", key="asset"):
    """An asset was drafted. Readers do not see it yet."""

    asset: str


class AssetChanged(Event, type="asset.changed", service="members", key="asset"):
    """What is said of the asset was changed."""

    asset: str


class AssetVerified(Event, type="asset.verified", service="members", key="asset"):
    """Somebody looked whether what is said of the asset is still so."""

    asset: str


class AssetStateChanged(Event, type="asset.state_changed", service="members", key="asset"):
    """The asset was published, went stale, was unpublished (to draft) or archived."""

    asset: str
    from_state: str
    to_state: str
