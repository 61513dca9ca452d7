"""Events for measuring the log: what the outbox of members holds after people have signed up, four events each."""

from collections.abc import Sequence

import sqlalchemy as sa

from shared import outbox
from shared.bus.records import Outgoing
from shared.db import Context, Session, open_database
from shared.db.hot import Row
from shared.db.infrastructure import outbox as outbox_table
from shared.events.envelope import topic
from shared.events.members.directory import MembershipJoined, PersonCreated
from shared.events.members.pledges import PledgeMade
from shared.events.members.trust import PermissionGiven
from shared.ids import new_id
from shared.relay import _columns, _outgoing
from shared.testing.postgres import PostgresServer
from tests.bench import things
from tests.bench.one_service import MOVEMENT

COUNT = 40_000
SERVICE = "members"
TOPIC = topic(SERVICE)
_EACH = 4
_PEOPLE_A_VERB = 125
_CONTEXT = Context(MOVEMENT, "key_1", "req_1", None, "00-" + "1" * 32 + "-" + "2" * 16 + "-01")


async def filled(postgres: PostgresServer) -> str:
    """A database whose outbox holds every event, not yet published."""
    url = postgres.new_database()
    await things.prepare(url)
    database = open_database(url, pool=1)
    await database.open()
    for _ in range(COUNT // _EACH // _PEOPLE_A_VERB):
        await database.on_behalf(_CONTEXT).write(_sign_up)
    await database.write(settle)
    await database.close()
    return url


async def records(url: str) -> Sequence[Outgoing]:
    """The events of such a database as they go onto the log."""
    database = open_database(url, pool=1)
    await database.open()
    rows = await database.read(_every)
    await database.close()
    return [_outgoing(SERVICE, row) for row in rows]


def settle(session: Session) -> None:
    """Let the planner know how large the tables are, as it does in a database that has been in use."""
    session.execute(sa.text("ANALYZE"))


def _sign_up(session: Session) -> None:
    for _ in range(_PEOPLE_A_VERB):
        person = new_id("person")
        given = PermissionGiven(person=person, permission=new_id("permission"), purpose="news", channel="email")
        outbox.record(session, PersonCreated(person=person))
        outbox.record(session, MembershipJoined(person=person, membership=new_id("membership"), brought_by=None))
        outbox.record(session, given)
        outbox.record(session, PledgeMade(person=person, pledge=new_id("pledge"), campaign=None))


def _every(session: Session) -> list[Row]:
    return [tuple(row) for row in session.execute(sa.select(*_columns).order_by(outbox_table.c.id))]
