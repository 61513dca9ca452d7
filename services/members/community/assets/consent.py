"""Whose permission an asset needs to be published: its person's, or the word of whoever speaks for it.

A person's own permission is asked of the permissions' store, by the rule that every path goes by; the person is named
by a foreign key, so never by an id that was merged. What
belongs to nobody of the movement, such as a group with a secretary whom the movement does not know, is published on
the word of whoever speaks for it, recorded with the asset. Nothing is public of a child, a
resident or a connector's client.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.community.assets.models import Asset
from services.members.engagement.ladder import decisions
from services.members.engagement.ladder.models import Reason
from services.members.trust.permissions import store as permissions
from services.members.trust.permissions.models import Channel
from shared.errors import Conflict

PURPOSE = "asset_map"
CHANNEL = Channel.PUBLICATION
"""What a person allows who agrees to what they offer being shown on the map."""

_SHELTERED = (Reason.CHILD, Reason.RESIDENT, Reason.CLIENT)
"""Of whom nothing is public, whatever anybody allowed. Objecting to the ladder keeps nobody off the map."""


class NotPermitted(Conflict):
    """Whom the asset concerns has not agreed to its publication, or no longer does."""

    code = "not_permitted"
    title = "Not published without permission of whom it concerns"


def permitted(session: Session, movement: str, asset: Asset, at: datetime) -> bool:
    """Whether the asset may be published at a moment."""
    if asset.person is None:
        return asset.agreed_at is not None
    if any(exclusion.reason in _SHELTERED for exclusion in decisions.exclusions(session, movement, asset.person)):
        return False
    return permissions.permitted(session, movement, asset.person, PURPOSE, CHANNEL, at)


def publishable(movement: str, at: datetime) -> sa.ColumnElement[bool]:
    """The condition that an asset may be published at a moment, for a query over many."""
    allowing = permissions.holders(movement, PURPOSE, CHANNEL, at)
    sheltered = decisions.excluded(movement, _SHELTERED)
    agreed = sa.and_(Asset.person.is_(None), Asset.agreed_at.is_not(None))
    return sa.or_(agreed, sa.and_(Asset.person.in_(allowing), Asset.person.not_in(sheltered)))


def refuse_unpermitted(session: Session, movement: str, asset: Asset, at: datetime) -> None:
    """Raise NotPermitted where the asset may not be published."""
    if not permitted(session, movement, asset, at):
        raise NotPermitted
