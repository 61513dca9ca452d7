"""The condition that an asset may be published, for queries over many: what :mod:`.consent` answers for one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.community.assets.models import Asset
from services.members.engagement.ladder import decisions
from services.members.engagement.ladder.models import Reason
from services.members.trust.permissions.models import Channel
from services.members.trust.permissions.verdicts import permitting
from services.members.trust.purposes.standard import ASSET_MAP

PURPOSE = ASSET_MAP
CHANNEL = Channel.PUBLICATION
"""What a person allows who agrees to what they offer being shown on the map."""

SHELTERED = (Reason.CHILD, Reason.RESIDENT, Reason.CLIENT)
"""Of whom nothing is public, whatever anybody allowed. Objecting to the ladder keeps nobody off the map."""


def publishable(session: Session, movement: str, at: datetime) -> sa.ColumnElement[bool]:
    """The condition that an asset may be published at a moment."""
    allowing = permitting(session, movement, Asset.person, PURPOSE, CHANNEL, at)
    sheltered = decisions.excluded(movement, SHELTERED)
    agreed = sa.and_(Asset.person.is_(None), Asset.agreed_at.is_not(None))
    return sa.or_(agreed, sa.and_(Asset.person.is_not(None), allowing, Asset.person.not_in(sheltered)))
