"""The agreement that stands behind a connection: asked before everything that leaves, and looked after in between."""

import asyncio
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.agreements import domain as agreements
from services.gateway.crm.mapping import mapping_of
from services.gateway.crm.models import LIVE, Connection
from services.gateway.crm.recording import disable
from shared.coverage import DataClass, NotCovered
from shared.parts import Parts

_SECONDS_BETWEEN_LOOKS = 15.0
_OF_ENGAGEMENT = frozenset({"rung", "joined_at"})


def hold_to_agreement(session: orm.Session, connection: Connection) -> None:
    """Raise NotCovered where no agreement lets the CRM's organisation have what it would be told, for its purpose."""
    agreements.refuse_uncovered(
        session, connection.movement, connection.organisation, _classes(connection), connection.purpose, "/organisation"
    )


async def watch_crm_agreements(parts: Parts) -> None:
    """Disable the connections that are covered no more, again and again. Killed, it goes on with the next look."""
    while True:
        for movement in await parts.db.read(_movements):
            await parts.acting_in(movement).write(stop_uncovered, movement)
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)


def stop_uncovered(session: orm.Session, movement: str) -> None:
    """Disable a movement's connections that are covered no more, each with the reason."""
    live = sa.select(Connection).where(Connection.movement == movement, Connection.status.in_(LIVE))
    for connection in session.scalars(live.order_by(Connection.id).with_for_update()).all():
        try:
            hold_to_agreement(session, connection)
        except NotCovered as refused:
            disable(session, connection, refused.code)


def _classes(connection: Connection) -> frozenset[DataClass]:
    person = mapping_of(connection.pack, connection.pack_version, connection.mapping).person
    engaged = any(each.ours in _OF_ENGAGEMENT for each in person.fields)
    return frozenset({DataClass.CONTACT, DataClass.ENGAGEMENT} if engaged else {DataClass.CONTACT})


def _movements(session: orm.Session) -> Sequence[str]:
    return session.scalars(sa.select(Connection.movement).where(Connection.status.in_(LIVE)).distinct()).all()
