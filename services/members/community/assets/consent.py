"""Whose permission an asset needs to be published: its person's, or the word of whoever speaks for it.

A person's own permission is asked of :func:`services.members.trust.permissions.domain.permitted`, as everywhere. What
belongs to nobody of the movement, such as a group with a secretary whom the movement does not know, is published on
the word of whoever speaks for it, recorded with the asset. Nothing is public of a child, a
resident or a connector's client.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from services.members.community.assets.models import Asset
from services.members.community.assets.publishable import CHANNEL, PURPOSE, SHELTERED
from services.members.engagement.ladder import decisions
from services.members.trust.permissions import domain as permissions


def permitted(session: Session, movement: str, asset: Asset, at: datetime) -> bool:
    """Whether the asset may be published at a moment."""
    if asset.person is None:
        return asset.agreed_at is not None
    if any(exclusion.reason in SHELTERED for exclusion in decisions.exclusions(session, movement, asset.person)):
        return False
    return permissions.permitted(session, movement, asset.person, PURPOSE, CHANNEL, at)


def refuse_unpermitted(session: Session, movement: str, asset: Asset, at: datetime) -> None:
    """Raise NotPermitted where the asset may not be published."""
    if not permitted(session, movement, asset, at):
        raise permissions.NotPermitted
