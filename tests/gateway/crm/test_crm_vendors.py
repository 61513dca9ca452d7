"""Four vendors' CRMs at once, over real HTTP: who becomes known, is edited and erased, what is refused and limited."""

from services.gateway.crm.erasing import have_crms_forget
from services.gateway.crm.models import Connection
from shared.erasure.counting import Counted
from shared.erasure.marks import Marks
from shared.events.gateway import CrmForgot
from shared.testing.eventually import eventually
from tests.gateway.crm.connecting import CONNECTIONS, Connected
from tests.gateway.crm.everywhere import There
from tests.gateway.crm.generic_server import MAPPING, GenericServer
from tests.gateway.crm.servers import Json
from tests.gateway.running import ON_ONE_DATABASE

pytestmark = ON_ONE_DATABASE


async def test_people_are_there_by_our_ids_as_they_are_edited_and_until_they_are_erased(
    crm: Connected, everywhere: list[There]
) -> None:
    ada, ben = await crm.knows("Ada", "Ben")
    for there in everywhere:
        await crm.told(there.connection, 2)
        assert there.held == {ada: "Ada", ben: "Ben"}
        called = {each: person for (of, each), person in crm.members.called.items() if of == there.server.vendor}
        assert {each: record[there.key] for each, record in there.server.records.items()} == called
    await crm.edits(ada, given_name="Adah", email=None)
    for there in everywhere:
        await crm.told(there.connection, 2)
        assert there.held == {ada: "Adah", ben: "Ben"}
    del crm.members.people[ben]
    acting = crm.gateway.parts.acting_in(crm.movement, "erasure_1")
    counted = Counted(acting, lambda session, records: None)
    await have_crms_forget(crm.gateway.parts, counted, crm.movement, Marks([ben]))
    for there in everywhere:
        await crm.told(there.connection, 1)
        assert there.held == {ada: "Adah"}
        assert ben not in str(await crm.calls(there.connection))

    async def receipts() -> bool:
        feed = (await crm.us.get("/v1/events", params={"types": CrmForgot.event_type})).json()["data"]
        given = {(event["data"]["erasure"], event["data"]["connection"]) for event in feed}
        return given == {("erasure_1", there.connection["id"]) for there in everywhere}

    await eventually(receipts)


async def test_whom_its_rules_refuse_is_stuck_with_its_code_and_nobody_else(
    crm: Connected, everywhere: list[There]
) -> None:
    for there in everywhere:
        there.server.refuses.add("Ben")
    _, ben, _ = await crm.knows("Ada", "Ben", "Cy")
    codes = []
    for there in everywhere:
        assert (await crm.told(there.connection, 2))["stuck"] == 1
        (refused,) = [call for call in await crm.calls(there.connection) if call["code"]]
        assert refused["person"] == ben
        codes.append(refused["code"])
        there.server.refuses.clear()
        await crm.us.post(f"/v1/crm-connections/{there.connection['id']}/retry", {})
        assert (await crm.told(there.connection, 3))["stuck"] == 0
    assert codes == ["civicrm_1", "FIELD_CUSTOM_VALIDATION_EXCEPTION", "VALIDATION_ERROR", "answered_422"]


async def test_somebody_whom_it_knew_before_us_is_found_by_its_own_id_and_no_second_time(
    crm: Connected, everywhere: list[There]
) -> None:
    before = {there.server.vendor: [there.server.made()] for there in everywhere}
    ada = crm.members.knows("Ada", external_ids=before)
    await crm.edits(ada)
    for there in everywhere:
        await crm.told(there.connection, 1)
        assert there.held == {ada: "Ada"}
        assert list(there.server.records) == before[there.server.vendor]


async def test_what_was_edited_there_meanwhile_is_not_undone_before_its_word_of_that_came(
    crm: Connected, everywhere: list[There]
) -> None:
    (ada,) = await crm.knows("Ada")
    for there in everywhere:
        await crm.told(there.connection, 1)
        (record,) = there.server.records.values()
        record[there.asked] = "Adele"
    await crm.edits(ada, given_name="Adah", tags=["cook"], may_be_reached_by=[], rung="helper")
    for there in everywhere:

        async def waits(there: There = there) -> bool:
            waiting = await crm.waiting(there.connection)
            return [(each["person"], each["code"]) for each in waiting] == [(ada, "changed_there")]

        await eventually(waits)
        assert [record[there.asked] for record in there.server.records.values()] == ["Adele"]


async def test_when_it_says_later_it_is_called_no_sooner_than_it_asked(crm: Connected, everywhere: list[There]) -> None:
    for there in everywhere:
        there.server.answers(429, body={"policyName": "TEN_SECONDLY_ROLLING"}, retry_after="120")
    await crm.knows("Ada")
    for there in everywhere:
        await crm.troubled(there.connection, "rate_limited")
        stored = await _stored(crm, there.connection)
        assert stored.resume_at - stored.updated_at.timestamp() * 1e6 > 110e6
        assert there.server.records == {}
        await crm.change(there.connection, status="enabled")  # somebody knows better
        await crm.told(there.connection, 1)


async def test_credentials_that_it_does_not_take_are_said_to_be_why(crm: Connected, everywhere: list[There]) -> None:
    for there in everywhere:
        wrong = dict.fromkeys(there.server.credentials, "X-Not-The-Right-One")
        await crm.change(there.connection, credentials=wrong)
    await crm.knows("Ada")
    for there in everywhere:
        await crm.troubled(there.connection, "credentials_refused")
        assert there.server.records == {}
        await crm.change(there.connection, credentials=there.server.credentials, status="enabled")
        await crm.told(there.connection, 1)


async def _stored(crm: Connected, connection: Json) -> Connection:
    found = await crm.gateway.parts.db.read(lambda s: s.get(Connection, (crm.movement, connection["id"])))
    assert found is not None
    return found


async def test_a_crm_of_no_known_vendor_needs_a_mapping_that_says_how_it_is_called(crm: Connected) -> None:
    there = GenericServer()
    await crm.cover(data_class="engagement")
    silent = {name: said for name, said in MAPPING.items() if name != "calls"}
    for mapping, pointer in ((None, "/mapping"), (silent, "/mapping/calls")):
        refused = await crm.us.post(CONNECTIONS, crm.body(there, "http://127.0.0.1:9", mapping=mapping))
        assert (refused.status_code, [fault["pointer"] for fault in refused.json()["errors"]]) == (422, [pointer])
    made = await crm.us.made(CONNECTIONS, crm.body(there, "http://127.0.0.1:9", mapping=MAPPING))
    path, headers = f"{CONNECTIONS}/{made['id']}", {"if-match": "*"}
    refused = await crm.us.ask("PATCH", path, json={"mapping": silent}, headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/mapping/calls")
