"""Whatever happens to a process each is told in the end, of the newest, once; a CRM is filled with who was there."""

from datetime import timedelta

from sqlalchemy.orm import Session
from starlette.responses import Response

from services.gateway.crm import queue
from services.gateway.crm.models import Connection
from shared import clock
from shared.db.types import microseconds
from shared.testing.eventually import eventually
from tests.gateway.crm.civicrm_server import CiviCrmServer
from tests.gateway.crm.connecting import CONNECTIONS, Connected
from tests.gateway.crm.servers import Json
from tests.gateway.running import ON_ONE_DATABASE


class Watched(CiviCrmServer):
    """Keeps every name that a contact ever had there, and is at times away."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.requests = 0
        self.before = self._away

    async def _away(self, asked: str) -> Response | None:
        self.requests += 1
        return Response(status_code=503, headers={"retry-after": "0"}) if self.requests % 3 == 0 else None

    def _save(self, records: list[Json], match: list[str]) -> Json:
        self.names += [record["first_name"] for record in records if "first_name" in record]
        return super()._save(records, match)


async def test_a_crm_that_is_away_at_times_hears_of_no_older_state_after_a_newer_one(crm: Connected) -> None:
    there = Watched()
    async with crm.to(there) as connection:
        (ada,) = await crm.knows("Ada")
        names = [f"Ada {number:02}" for number in range(12)]
        for name in names:
            await crm.edits(ada, given_name=name)
            if name.endswith(("3", "7")):
                await _until_told(crm, connection)
        await _until_told(crm, connection)
        assert there.names == sorted(there.names)
        assert [record["first_name"] for record in there.records.values()] == names[-1:]


async def test_who_was_told_by_a_process_that_died_is_told_by_the_next_and_is_there_once(crm: Connected) -> None:
    there = CiviCrmServer()
    async with crm.to(there) as connection:
        (ada,) = await crm.knows("Ada")
        await crm.told(connection, 1)
        contact = dict(there.records)
        await crm.gateway.parts.db.write(_forget_the_link, crm.movement, connection["id"], ada)
        await crm.told(connection, 1)
        assert there.records == contact


async def test_what_a_dead_process_holds_is_another_s_once_its_lease_is_over(crm: Connected) -> None:
    db, there = crm.gateway.parts.acting_in(crm.movement), CiviCrmServer()
    made = await crm.us.made(CONNECTIONS, crm.body(there, "http://127.0.0.1:9"))
    held = await db.write(queue.claim, crm.movement, made["id"], "teller_of_the_dead")
    assert held is not None
    assert await db.write(queue.claim, crm.movement, made["id"], "teller_of_another") is None
    with clock.frozen(clock.now() + queue.LEASE + timedelta(seconds=1)):
        assert await db.write(queue.claim, crm.movement, made["id"], "teller_of_another") is not None
        assert not await db.read(queue.holds, held)
        await db.write(queue.renew, crm.movement, made["id"], "teller_of_the_dead")
        assert not await db.read(queue.holds, held)


@ON_ONE_DATABASE
async def test_a_slow_crm_keeps_no_other_waiting(crm: Connected) -> None:
    slow, quick = CiviCrmServer(), CiviCrmServer()
    released = slow.holds()
    async with crm.to(slow) as first, crm.to(quick) as second:
        await crm.knows("Ada")
        await crm.told(second, 1)
        assert (await crm.read(first))["linked"] == 0
        released.set()
        await crm.told(first, 1)


async def test_everybody_who_was_there_before_is_told_of_by_a_job(crm: Connected) -> None:
    there = CiviCrmServer()
    people = {crm.members.knows(f"Ada {number}") for number in range(230)}
    crm.members.withheld.add(min(people))
    async with crm.to(there) as connection:
        asked = await crm.us.post(f"{CONNECTIONS}/{connection['id']}/backfill", {})
        assert asked.status_code == 202, asked.text

        async def done() -> Json | None:
            job: Json = (await crm.us.get(f"/v1/jobs/{asked.json()['id']}")).json()
            return job if job["state"] == "succeeded" else None

        job = await eventually(done)
        assert job is not None
        assert job["done"] == 229
        await crm.told(connection, 229)
        held = {record["external_identifier"] for record in there.records.values()}
        assert held == people - {min(people)}


@ON_ONE_DATABASE
async def test_another_movement_s_connection_is_not_there(crm: Connected) -> None:
    made = await crm.us.made(CONNECTIONS, crm.body(CiviCrmServer(), "http://127.0.0.1:9"))
    reader = await crm.gateway.key("people:read")
    them, path = await crm.gateway.other_movement(), f"{CONNECTIONS}/{made['id']}"
    assert (await them.get(CONNECTIONS)).json()["data"] == []
    asked = [("GET", ""), ("GET", "/calls"), ("GET", "/waiting"), ("POST", "/retry"), ("POST", "/backfill"),
             ("POST", "/removal"),
             ("PATCH", ""), ("DELETE", "")]  # fmt: skip
    for method, below in asked:
        body: Json | None = {} if method in ("PATCH", "POST") else None
        answered = await them.ask(method, path + below, json=body, headers={"if-match": "*"})
        assert answered.status_code == 404, (method, below)
    assert (await reader.get(path)).status_code == 403


@ON_ONE_DATABASE
async def test_what_ended_is_not_there_and_its_credentials_and_links_are_gone(crm: Connected) -> None:
    there = CiviCrmServer()
    async with crm.to(there) as connection:
        await crm.knows("Ada")
        await crm.told(connection, 1)
        path = f"{CONNECTIONS}/{connection['id']}"
        assert (await crm.us.ask("DELETE", path)).status_code == 428
        ended = await crm.us.ask("DELETE", path, headers={"if-match": "*"})
        assert (ended.status_code, ended.json()) == (200, {"made": 1, "found": 0, "erased": 0}), "what stays there"
        assert (await crm.us.get(path)).status_code == 404
        stored = await crm.gateway.parts.db.read(lambda s: s.get(Connection, (crm.movement, connection["id"])))
        assert stored is not None
        assert stored.sealed == b""
        assert (
            await crm.gateway.parts.db.read(queue.links, crm.movement, connection["id"], list(crm.members.people)) == {}
        )


async def _until_told(crm: Connected, connection: Json) -> None:
    """Have it tried again until nobody waits to be told of."""

    async def told() -> bool:
        if (await crm.read(connection))["waiting"] == 0 and await crm.noted():
            return True
        await crm.change(connection, status="enabled")
        return False

    await eventually(told, within=60)


def _forget_the_link(session: Session, movement: str, connection: str, person: str) -> None:
    """As if a process had died between telling and keeping that it did."""
    for link in queue.links(session, movement, connection, [person]).values():
        session.delete(link)
    queue.put(session, movement, connection, [person])


@ON_ONE_DATABASE
async def test_a_crm_whose_credentials_cannot_be_read_is_left_alone_for_a_time_and_says_why(crm: Connected) -> None:
    async with crm.to(CiviCrmServer()) as connection:
        await crm.gateway.parts.db.write(_spoil_the_credentials, crm.movement, connection["id"])
        await crm.knows("Ada")
        await crm.troubled(connection, "credentials_unreadable")
        found = await crm.gateway.parts.db.read(
            lambda session: session.get(Connection, (crm.movement, connection["id"]))
        )
        assert found is not None
        assert found.resume_at > microseconds(clock.now())


def _spoil_the_credentials(session: Session, movement: str, connection: str) -> None:
    session.get_one(Connection, (movement, connection)).sealed = b"of a key that is gone"
