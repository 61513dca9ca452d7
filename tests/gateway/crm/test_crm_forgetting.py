"""Who is erased is deleted in every CRM, whatever state its connection is in; one can be left with nothing of ours."""

from datetime import timedelta
from functools import partial

from services.gateway.crm.coverage import stop_uncovered
from services.gateway.crm.erasing import have_crms_forget
from shared import clock
from shared.erasure.counting import Counted
from shared.erasure.marks import Marks
from shared.events.gateway import CrmForgot, CrmKept, CrmToForget
from shared.testing.eventually import eventually
from tests.gateway.crm.civicrm_server import CiviCrmServer
from tests.gateway.crm.connecting import CONNECTIONS, Connected
from tests.gateway.crm.everywhere import There
from tests.gateway.crm.servers import Json
from tests.gateway.running import ON_ONE_DATABASE

ERASURE = "erasure_1"
Receipt = type[CrmToForget] | type[CrmForgot] | type[CrmKept]


async def erase(crm: Connected, person: str) -> None:
    """Members has forgotten somebody, and the gateway is about to."""
    crm.members.people.pop(person, None)
    acting = crm.gateway.parts.acting_in(crm.movement, ERASURE)
    counted = Counted(acting, lambda session, records: None)
    await have_crms_forget(crm.gateway.parts, counted, crm.movement, Marks([person]))


async def receipts(crm: Connected, kind: Receipt) -> list[str]:
    """The connections that gave receipts of a kind, each as often as it did."""
    feed = (await crm.us.get("/v1/events", params={"types": kind.event_type})).json()["data"]
    assert {event["data"]["erasure"] for event in feed} <= {ERASURE}
    return sorted(event["data"]["connection"] for event in feed)


async def test_a_connection_that_is_paused_or_disabled_still_forgets_who_is_erased_and_tells_of_nobody(
    crm: Connected,
) -> None:
    servers = (CiviCrmServer(), CiviCrmServer())
    async with crm.to(servers[0]) as one, crm.to(servers[1], system="another") as other:
        ada, ben, cy = await crm.knows("Ada", "Ben", "Cy")
        for connection in (one, other):
            await crm.told(connection, 3)
        await crm.change(one, status="paused")
        await crm.edits(ada, given_name="Adah")
        await crm.told(other, 3)
        await erase(crm, ben)
        await eventually(lambda: [len(there.records) for there in servers] == [2, 2])
        await crm.cover(until=clock.now().date() - timedelta(days=1))
        await crm.gateway.parts.acting_in(crm.movement).write(stop_uncovered, crm.movement)
        assert {(await crm.read(each))["status"] for each in (one, other)} == {"disabled"}
        await erase(crm, cy)
        await eventually(lambda: [len(there.records) for there in servers] == [1, 1])
        assert [record["first_name"] for there in servers for record in there.records.values()] == ["Ada", "Adah"]
        twice = sorted([one["id"], other["id"]] * 2)
        for kind, given in ((CrmToForget, twice), (CrmForgot, twice), (CrmKept, [])):
            await eventually(partial(_gave, crm, kind, given))


async def _gave(crm: Connected, kind: Receipt, connections: list[str]) -> bool:
    return await receipts(crm, kind) == connections


@ON_ONE_DATABASE
async def test_a_connection_is_not_ended_over_somebody_who_is_still_to_be_deleted_unless_that_is_said(
    crm: Connected,
) -> None:
    there = CiviCrmServer()
    async with crm.to(there) as connection:
        await crm.knows("Ben")
        (ada,) = await crm.knows("Ada")
        await crm.told(connection, 2)
        await crm.change(connection, credentials={"api_key": "another-that-is-refused"}, status="paused")
        await erase(crm, ada)
        await crm.troubled(connection, "credentials_refused")
        assert (await crm.read(connection))["to_forget"] == 1
        path, headers = f"{CONNECTIONS}/{connection['id']}", {"if-match": "*"}
        refused = await crm.us.ask("DELETE", path, headers=headers)
        assert (refused.status_code, refused.json()["code"], refused.json()["erasures"]) == (409, "erasures_wait", 1)
        ended = await crm.us.ask("DELETE", f"{path}?leave_erased=true", headers=headers)
        assert ended.json() == {"made": 2, "found": 0, "erased": 1}
        await eventually(partial(_gave, crm, CrmKept, [connection["id"]]))
        assert await receipts(crm, CrmForgot) == []


@ON_ONE_DATABASE
async def test_what_was_made_for_us_is_removed_and_what_was_there_before_us_has_our_id_no_more(
    crm: Connected, everywhere: list[There]
) -> None:
    before = {there.server.vendor: [there.server.made()] for there in everywhere}
    ada = crm.members.knows("Ada", external_ids=before)
    await crm.edits(ada)
    await crm.knows("Ben")
    for there in everywhere:
        await crm.told(there.connection, 2)
        path = f"{CONNECTIONS}/{there.connection['id']}"
        if there.server.vendor == "hubspot":
            await crm.change(there.connection, status="paused")
        asked = await crm.us.post(f"{path}/removal", {})
        assert (asked.status_code, asked.json()["kind"]) == (202, "crm_removal"), asked.text
        await eventually(partial(_gone, crm, path), within=20)
        job: Json = (await crm.us.get(f"/v1/jobs/{asked.json()['id']}")).json()
        assert (job["state"], job["done"]) == ("succeeded", 2)
        assert list(there.server.records) == before[there.server.vendor]
        (record,) = there.server.records.values()
        assert (record[there.key] or None, record[there.name].split()[0]) == (None, "Ada")


async def _gone(crm: Connected, path: str) -> bool:
    return (await crm.us.get(path)).status_code == 404


@ON_ONE_DATABASE
async def test_a_connection_that_is_leaving_is_told_of_nobody_and_not_enabled_again(crm: Connected) -> None:
    there = CiviCrmServer()
    async with crm.to(there) as connection:
        (ada,) = await crm.knows("Ada")
        await crm.told(connection, 1)
        there.answers(*[503] * 50)
        await crm.us.post(f"{CONNECTIONS}/{connection['id']}/removal", {})
        await crm.edits(ada, given_name="Adah")
        await crm.troubled(connection, "answered_503")
        found = await crm.read(connection)
        assert (found["status"], found["waiting"], found["to_forget"]) == ("leaving", 0, 1)
        path = f"{CONNECTIONS}/{connection['id']}"
        again = await crm.us.ask("PATCH", path, json={"status": "enabled"}, headers={"if-match": "*"})
        assert again.status_code == 409, again.text
