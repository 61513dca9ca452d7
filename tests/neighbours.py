"""The other services as one service's tests have it hear them: what members and the gateway tell of their subjects."""

import threading
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.orm import Session

from shared import clock, looking
from shared.events.base import Event
from shared.events.members.organisations import OrganisationCreated
from shared.ids import first_of, new_id
from shared.partners import store
from shared.partners.tables import movement_zones, partners
from shared.testing.eventually import eventually
from tests.gateway.log import Log


def nobody() -> str:
    """The id of an organisation that nobody ever made, of long ago: word of a new one would be waited for."""
    return _of_moment(0)


def made(seconds_ago: int = 0) -> str:
    """An organisation's id of this moment, or of another by the same clock."""
    return _of_moment(clock.milliseconds() - seconds_ago * 1000)


def _of_moment(milliseconds: int) -> str:
    return first_of("org", milliseconds) + new_id("org")[-16:]


class WhenAsked:
    """Whether anybody has been asked for yet: what is told from then on comes in the midst of a request."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._asked, known = threading.Event(), store.is_known

        def is_known(session: Session, movement: str, organisation: str) -> bool:
            found = known(session, movement, organisation)
            self._asked.set()
            return found

        monkeypatch.setattr(store, "is_known", is_known)
        monkeypatch.setattr(looking, "_LONGEST_SECONDS", 60.0)  # however busy the machine is: the deadline ends it

    async def wait(self) -> None:
        """Until an organisation was looked up."""
        await eventually(self._asked.is_set)


class Neighbours:
    """The other services as this one hears them."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._log = Log(app.state.parts.bus)

    async def organisation(self, movement: str) -> str:
        """An organisation of a movement, known here."""
        organisation = new_id("org")
        await self.tell(movement, OrganisationCreated(organisation=organisation))
        return organisation

    async def tell(self, movement: str, event: Event) -> None:
        """Publish what changes something here, as its service does, and wait until it has."""
        before = await self._kept()
        await self._log.publish(movement, event)

        async def heard() -> bool:
            return await self._kept() != before

        await eventually(heard)

    async def _kept(self) -> Sequence[object]:
        kept: Sequence[object] = await self._app.state.parts.db.read(_everything)
        return kept


def _everything(session: Session) -> Sequence[object]:
    tables = (partners, movement_zones)
    return [tuple(row) for table in tables for row in session.execute(sa.select(table).order_by(*table.primary_key))]
