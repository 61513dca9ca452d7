"""CRMs are told of organisations as they are of people: by our ids, as they change, and of who belongs to which."""

import pytest
from pydantic import ValidationError

from services.gateway.crm.mapping import Mapping
from shared.events.members.directory import PersonUpdated
from shared.events.members.merging import OrganisationMerged
from shared.events.members.organisations import AffiliationChanged, OrganisationCreated, OrganisationUpdated
from shared.testing.eventually import eventually
from tests.gateway.crm.civicrm_server import CiviCrmServer
from tests.gateway.crm.connecting import CONNECTIONS, Connected
from tests.gateway.crm.everywhere import There
from tests.gateway.crm.generic_server import MAPPING
from tests.gateway.crm.servers import Json
from tests.gateway.running import ON_ONE_DATABASE

NAMES = {
    "civicrm": ("organization_name", "employer_id"),
    "salesforce": ("Name", "AccountId"),
    "hubspot": ("name", "associatedcompanyid"),
    "generic": ("title", "group"),
}
"""What each vendor's pack calls an organisation's name, and the field of a person that says which is theirs."""


async def becomes_known(crm: Connected, name: str, **more: object) -> str:
    """An organisation becomes known; its id."""
    organisation = crm.members.has_organisation(name, **more)
    await crm.publish(OrganisationCreated(organisation=organisation))
    return organisation


async def is_edited(crm: Connected, organisation: str, **changes: object) -> None:
    """An organisation's record is edited."""
    record = crm.members.organisations[organisation]
    record.update(changes, version=record["version"] + 1)
    await crm.publish(OrganisationUpdated(organisation=organisation, version=record["version"]))


async def has(crm: Connected, connection: Json, people: int, organisations: int) -> Json:
    """Wait until a CRM has so many of both, and is to be told of nobody."""

    async def look() -> Json | None:
        found = await crm.told(connection, people)
        return found if found["linked_organisations"] == organisations else None

    found = await eventually(look)
    assert found is not None
    return found


def names(there: There) -> dict[str, str]:
    """The organisations of a CRM: our ids of them, and their names there."""
    return {record[there.key]: record[NAMES[there.server.vendor][0]] for record in there.server.organisations.values()}


def belonging(there: There) -> dict[str, str | None]:
    """To which of our organisations each person of a CRM belongs there."""
    link, ours = NAMES[there.server.vendor][1], {n: r[there.key] for n, r in there.server.organisations.items()}
    return {person[there.key]: ours.get(str(person.get(link))) for person in there.server.records.values()}


@ON_ONE_DATABASE
async def test_organisations_are_there_by_our_ids_as_they_are_edited_with_the_people_who_belong_to_them(
    crm: Connected, everywhere: list[There]
) -> None:
    choir = await becomes_known(crm, "Choir")
    walkers = crm.members.has_organisation("Walkers")  # it was there before, and no event tells of it
    belongs = (("Ada", choir), ("Ben", None), ("Cy", walkers))
    ada, ben, cy = (crm.members.knows(name, organisation=organisation) for name, organisation in belongs)
    await crm.publish(*(PersonUpdated(person=person, version=2) for person in (ada, ben, cy)))
    for there in everywhere:
        await has(crm, there.connection, 3, 2)
        assert names(there) == {choir: "Choir", walkers: "Walkers"}
        assert belonging(there) == {ada: choir, ben: None, cy: walkers}
        system = there.server.vendor
        assert all(crm.members.called[system, n] == r[there.key] for n, r in there.server.organisations.items())
    await is_edited(crm, choir, name="Choral Society", ended_on="2026-06-01")
    for person, to in ((ada, walkers), (cy, None)):
        crm.members.people[person]["organisation"] = to
        await crm.publish(AffiliationChanged(affiliation=f"affiliation_{to}", organisation=choir, person=person))
    for there in everywhere:
        await has(crm, there.connection, 3, 2)
        assert names(there) == {choir: "Choral Society", walkers: "Walkers"}
        assert belonging(there) == {ada: walkers, ben: None, cy: None}
    fields = ("is_opt_out", "Backbone_Ended_On__c", "backbone_ended_on", "closed")
    ended = [
        next(record[field] for record in there.server.organisations.values() if record[there.key] == choir)
        for there, field in zip(everywhere, fields, strict=True)
    ]
    assert ended == [True, *["2026-06-01"] * 3]


async def test_one_that_the_crm_refuses_keeps_nobody_back_who_belongs_to_it_but_for_that(crm: Connected) -> None:
    there = CiviCrmServer()
    there.refuses.add("Choir")
    async with crm.to(there) as connection:
        choir = await becomes_known(crm, "Choir")
        ada = crm.members.knows("Ada", organisation=choir)
        await crm.edits(ada)
        await crm.told(connection, 1)
        waiting = {each["organisation"] or each["person"]: each["code"] for each in await crm.waiting(connection)}
        assert waiting == {choir: "civicrm_1", ada: "organisation_awaited"}
        assert [record["first_name"] for record in there.records.values()] == ["Ada"]
        there.refuses.clear()
        await is_edited(crm, choir, name="Choral Society")
        await has(crm, connection, 1, 1)
        (number,) = there.organisations
        assert [record["employer_id"] for record in there.records.values()] == [int(number)]
        assert await crm.waiting(connection) == []


@ON_ONE_DATABASE
async def test_two_that_are_one_are_one_there_too_and_who_belonged_to_either_belongs_to_it(crm: Connected) -> None:
    there = CiviCrmServer()
    async with crm.to(there) as connection:
        choir = await becomes_known(crm, "Choir")
        ada = crm.members.knows("Ada", organisation=choir)
        await crm.edits(ada)
        await has(crm, connection, 1, 1)
        society = crm.members.has_organisation("Choral Society")
        crm.members.merged[choir] = society
        crm.members.people[ada]["organisation"] = society
        await crm.publish(OrganisationMerged(organisation=choir, into=society, merge="merge_1"))
        await has(crm, connection, 1, 1)
        ((number, kept),) = there.organisations.items()
        assert (kept["external_identifier"], kept["organization_name"]) == (society, "Choral Society")
        await crm.edits(ada, given_name="Adah")
        await has(crm, connection, 1, 1)
        assert [record["employer_id"] for record in there.records.values()] == [int(number)]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("owner", "name", "code"), [("backbone", "Ours", None), ("crm", "Theirs", None), ("ask", "Theirs", "changed_there")]
)
async def test_who_wins_where_one_was_edited_on_both_sides_is_as_the_connection_says(
    crm: Connected, owner: str, name: str, code: str | None
) -> None:
    there = CiviCrmServer()
    async with crm.to(there, owners={"organisation.name": owner, "name": "ask"}) as connection:
        choir = await becomes_known(crm, "Choir")
        await has(crm, connection, 0, 1)
        (record,) = there.organisations.values()
        record["organization_name"] = "Theirs"
        await is_edited(crm, choir, name="Ours", postcode="GL14 2AB")

        async def over() -> bool:
            waiting = [each["code"] for each in await crm.waiting(connection)]
            return await crm.noted() and waiting == ([] if code is None else [code])

        await eventually(over)
        await eventually(lambda: record.get("address_primary.postal_code") == "GL14 2AB")
        assert record["organization_name"] == name


@ON_ONE_DATABASE
async def test_a_connection_whose_mapping_has_no_organisations_is_told_of_none_and_waits_for_none(
    crm: Connected,
) -> None:
    there = CiviCrmServer()
    async with crm.to(there, pack_version=1) as connection:
        choir = await becomes_known(crm, "Choir")
        await crm.edits(crm.members.knows("Ada", organisation=choir))
        found = await has(crm, connection, 1, 0)
        assert (found["stuck"], there.organisations) == (0, {})


@ON_ONE_DATABASE
async def test_organisations_that_were_there_before_are_filled_in_with_the_people(crm: Connected) -> None:
    there = CiviCrmServer()
    choir = crm.members.has_organisation("Choir")
    for number in range(3):
        crm.members.knows(f"Ada {number}", organisation=choir)
        crm.members.has_organisation(f"Group {number}")
    async with crm.to(there) as connection:
        asked = await crm.us.post(f"{CONNECTIONS}/{connection['id']}/backfill", {})
        assert asked.status_code == 202, asked.text
        await has(crm, connection, 3, 4)
        job: Json = (await crm.us.get(f"/v1/jobs/{asked.json()['id']}")).json()
        assert (job["state"], job["done"]) == ("succeeded", 7)
        employers = {str(each["employer_id"]) for each in there.records.values()}
        assert [there.organisations[number]["organization_name"] for number in employers] == ["Choir"]


def test_a_mapping_that_says_where_people_belong_says_how_organisations_are_kept() -> None:
    silent = {name: said for name, said in MAPPING.items() if not name.startswith("organisation")}
    with pytest.raises(ValidationError, match="says where people belong"):
        Mapping.model_validate(silent)
    wrong = MAPPING["organisation"] | {"fields": [{"ours": "given_name", "theirs": "title"}]}
    with pytest.raises(ValidationError, match="is no field of an organisation"):
        Mapping.model_validate(MAPPING | {"organisation": wrong})
