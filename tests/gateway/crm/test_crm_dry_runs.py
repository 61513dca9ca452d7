"""Another mapping is tried out: exactly what the CRM would be sent of each record, and nothing is sent by it."""

from copy import deepcopy

from services.gateway.crm.mapping import packs
from shared.events.members.organisations import OrganisationCreated
from shared.testing.eventually import eventually
from tests.gateway.crm.civicrm_server import CiviCrmServer
from tests.gateway.crm.connecting import CONNECTIONS, Connected
from tests.gateway.crm.generic_server import MAPPING, GenericServer
from tests.gateway.crm.servers import Json
from tests.gateway.running import ON_ONE_DATABASE

pytestmark = ON_ONE_DATABASE


async def tried(crm: Connected, connection: Json, limit: int = 2, **proposal: object) -> list[Json]:
    """Every difference that a change would make, looked at in parts."""
    found: list[Json] = []
    cursor: str | None = ""
    while cursor is not None:
        path = f"{CONNECTIONS}/{connection['id']}/dry-run?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
        answered = await crm.us.ask("POST", path, json=proposal)
        assert answered.status_code == 200, answered.text
        found, cursor = found + answered.json()["data"], answered.json()["next_cursor"]
    return found


async def test_what_a_change_would_send_is_what_it_sends_once_all_are_told_again(crm: Connected) -> None:
    there = CiviCrmServer()
    async with crm.to(there) as connection:
        choir = crm.members.has_organisation("Choir", website="https://choir.example.org")
        people = [crm.members.knows(name, organisation=choir) for name in ("Ada", "Ben", "Cy")]
        await crm.publish(OrganisationCreated(organisation=choir))
        for person in people:
            await crm.edits(person)
        await crm.told(connection, 3)
        mapping: Json = packs()["civicrm", 2].model_dump(exclude={"name", "version", "vendor"})
        mapping["person"]["fields"][0]["out"] = "join(' ', [given_name, 'of', family_name])"
        mapping["person"]["fields"][1] = {"ours": "interests", "theirs": "nick_words", "direction": "out"}
        mapping["organisation"]["fields"].append({"ours": "website", "theirs": "home_page"})
        crm.members.people[people[2]]["interests"] = ["song"]
        before, asked = deepcopy(there.records | there.organisations), len(there.asked)
        found = await tried(crm, connection, mapping=mapping)
        assert (len(there.asked), there.records | there.organisations) == (asked, before), "nothing is sent"
        assert [each["organisation"] or each["person"] for each in found] == [choir, *sorted(people)]
        await crm.change(connection, mapping=mapping)
        await crm.us.post(f"{CONNECTIONS}/{connection['id']}/backfill", {})
        said = {
            (each["external_id"], field["field"]): (field["before"], field["after"])
            for each in found
            for field in each["fields"]
        }

        def sent() -> bool:
            return said == {
                (number, name): (before[number].get(name), value)
                for number, record in (there.records | there.organisations).items()
                for name, value in record.items()
                if before[number].get(name) != value
            }

        await eventually(sent)
        await crm.told(connection, 3)
        assert sent(), "and nothing else"
        assert await tried(crm, connection) == [], "as it is now it would be sent nothing"


async def test_it_says_whom_nothing_can_be_told_of_and_what_of_a_record_it_does_not_know(crm: Connected) -> None:
    await crm.cover(data_class="engagement")
    there = GenericServer()
    async with crm.to(there, mapping=MAPPING) as connection:
        (ada,) = await crm.knows("Ada")
        await crm.told(connection, 1)
        unfit = deepcopy(MAPPING)
        unfit["person"]["fields"][0]["out"] = "join(' ', tags[0])"
        crm.members.people[ada]["tags"] = ["cook"]
        (found,) = await tried(crm, connection, mapping=unfit)
        assert (found["person"], found["fields"], found["code"]) == (ada, [], "mapping_does_not_fit")
        crm.members.people[ada]["given_name"] = "Adah"
        (found,) = await tried(crm, connection, owners={"tags": "crm"})
        (name,) = found["fields"]
        assert (name["field"], name["before"], name["before_known"], name["after"]) == (
            "name",
            None,
            False,
            "Adah Hall",
        )


async def test_a_mapping_that_could_not_be_kept_cannot_be_tried_nor_another_movements_connection(
    crm: Connected,
) -> None:
    connection = await crm.us.made(CONNECTIONS, crm.body(CiviCrmServer(), "http://127.0.0.1:9"))
    path = f"{CONNECTIONS}/{connection['id']}/dry-run"
    refused = await crm.us.post(path, {"pack_version": 99})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/pack_version")
    writer = await crm.gateway.key("crm_connections:write")
    assert (await writer.post(path, {})).status_code == 403
    assert (await (await crm.gateway.other_movement()).post(path, {})).status_code == 404
