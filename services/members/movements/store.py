"""Every SQL statement about the movements' time zones. They are hot: nearly every verb asks what day it is."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.movements.models import MovementZone
from shared.db.hot import hot

_keep = hot(
    sa.text(
        "INSERT INTO movement_zones (movement, time_zone) VALUES (:movement, :time_zone)"
        " ON CONFLICT (movement) DO UPDATE SET time_zone = excluded.time_zone"
    )
)
_zone = hot(sa.select(MovementZone.time_zone).where(MovementZone.movement == sa.bindparam("movement")))


def keep(session: Session, movement: str, time_zone: str) -> None:
    """Store the movement's zone, in place of the one before."""
    _keep.run(session, {"movement": movement, "time_zone": time_zone})


def zone(session: Session, movement: str) -> str | None:
    """The movement's zone; None where the gateway's announcement has not come yet."""
    row = _zone.one(session, {"movement": movement})
    return None if row is None else row[0]
