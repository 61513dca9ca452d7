"""The agreement that stands behind a connection: asked before everything that leaves, and looked at in between."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.agreements import domain as agreements
from services.gateway.crm.mapping import mapping_of
from services.gateway.crm.models import LIVE, Call, Connection
from services.gateway.crm.recording import disable
from shared import clock
from shared.coverage import DataClass, NotCovered
from shared.parts import Parts

_SECONDS_BETWEEN_LOOKS = 15.0
_FORGOTTEN_AT_ONCE = 1000
_OF_ENGAGEMENT = frozenset({"rung", "joined_at"})


def hold_to_agreement(session: orm.Session, connection: Connection) -> None:
    """Raise NotCovered where no agreement lets the CRM's organisation have what it would be told, for its purpose."""
    agreements.refuse_uncovered(
        session, connection.movement, connection.organisation, _classes(connection), connection.purpose, "/organisation"
    )


async def look_after_crms(parts: Parts) -> None:
    """Disable the connections that are covered no more, and forget calls that were kept for long enough; again and
    again. Killed, it goes on with the next look."""
    kept = timedelta(days=parts.settings.crm_calls_kept_days)
    while True:
        for movement in await parts.db.read(_movements):
            await parts.acting_in(movement).write(stop_uncovered, movement)
        await parts.db.write(_forget_calls, clock.now() - kept)
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)


def stop_uncovered(session: orm.Session, movement: str) -> None:
    """Disable a movement's connections that are covered no more, each with the reason."""
    live = sa.select(Connection).where(Connection.movement == movement, Connection.status.in_(LIVE))
    for connection in session.scalars(live.order_by(Connection.id).with_for_update()).all():
        try:
            hold_to_agreement(session, connection)
        except NotCovered as refused:
            disable(session, connection, refused.code)


def _forget_calls(session: orm.Session, before: datetime) -> None:
    old = sa.select(Call.id).where(Call.at < before).order_by(Call.id).limit(_FORGOTTEN_AT_ONCE)
    session.execute(sa.delete(Call).where(Call.id.in_(old)))


def _classes(connection: Connection) -> frozenset[DataClass]:
    person = mapping_of(connection.pack, connection.pack_version, connection.mapping).person
    engaged = any(each.ours in _OF_ENGAGEMENT for each in person.fields)
    return frozenset({DataClass.CONTACT, DataClass.ENGAGEMENT} if engaged else {DataClass.CONTACT})


def _movements(session: orm.Session) -> Sequence[str]:
    return session.scalars(sa.select(Connection.movement).where(Connection.status.in_(LIVE)).distinct()).all()
