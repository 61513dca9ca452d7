"""Organisations: entering them, reading them, and what is refused."""

import pytest

from services.members.directory.organisations.registers import has_form
from shared.ids import new_id
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.steps import change, refused_change


@ON_ONE_DATABASE
async def test_an_organisation_is_shown_as_it_was_given(members: Caller) -> None:
    trust = await members.post("/v1/organisations", {"name": "Gloucestershire NHS Trust", "kind": "nhs_body"})
    said = {
        "name": "Cinderford Walkers",
        "kind": "community_group",
        "description": "A walk each Tuesday.",
        "parent": trust["id"],
        "postcode": "gl14 2aa",
        "website": "https://walkers.example.org",
        "email": "hello@walkers.example.org",
        "phone": "01594 555 010",
    }
    made = await members.post("/v1/organisations", said)
    shown = await members.get(f"/v1/organisations/{made['id']}")
    assert shown == made
    assert {name: shown[name] for name in said} == said | {"postcode": "GL14 2AA"}
    assert (shown["version"], shown["ended_on"], shown["created_at"]) == (1, None, shown["updated_at"])
    assert [row["id"] for row in (await members.get("/v1/organisations"))["data"]] == [trust["id"], made["id"]]
    lists = ("identifiers", "tags", "external_ids", "succeeded_by", "succeeds")
    assert [shown[name] for name in lists] == [[]] * len(lists)
    assert await members.published(made["id"]) == [("organisation.created", {"organisation": made["id"]})]


@ON_ONE_DATABASE
async def test_a_parent_of_another_movement_is_unknown(members: Caller, other: Caller) -> None:
    theirs = (await other.post("/v1/organisations", {"name": "Theirs"}))["id"]
    for parent in (theirs, new_id("org")):
        status, problem = await members.refused("/v1/organisations", {"name": "Ours", "parent": parent})
        assert (status, faults(problem)) == (422, {"/parent": "unknown_organisation"})
    assert (await members.get("/v1/organisations"))["data"] == []


async def test_what_is_sent_changes_and_the_rest_stays(members: Caller) -> None:
    made = await members.post("/v1/organisations", {"name": "Walkers", "kind": "club", "tags": ["north"]})
    path = f"/v1/organisations/{made['id']}"
    said = {
        "name": "Walkers CIO",
        "kind": None,
        "identifiers": [{"scheme": "GB-CHC", "id": "1089464"}, {"scheme": "GB-COH", "id": "oc301540"}],
        "tags": ["South"],
    }
    changed = await change(members, path, said, tag='"1"')
    said["identifiers"] = [{"scheme": "GB-CHC", "id": "1089464"}, {"scheme": "GB-COH", "id": "OC301540"}]
    expected = made | said | {"tags": ["south"], "version": 2, "updated_at": changed["updated_at"]}
    assert changed == await members.get(path) == expected
    assert (await refused_change(members, path, said, tag='"1"'))[0] == 412
    found = await members.get("/v1/organisations", scheme="GB-COH", identifier="OC301540")
    assert [row["id"] for row in found["data"]] == [made["id"]]


async def test_whatever_hangs_on_an_organisation_is_shown_alone_and_in_a_list_and_no_other_ones(
    members: Caller, other: Caller
) -> None:
    kinds = {"founded": "date", "beds": "number", "area": "number", "motto": "text", "open": "yes_no"}
    for key, kind in kinds.items():
        await members.post("/v1/custom-fields", {"of": "organisation", "key": key, "name": key, "kind": kind})
    full = {
        "identifiers": [{"scheme": "GB-CHC", "id": "1089464"}, {"scheme": "GB-COH", "id": "OC301540"}],
        "external_ids": [{"system": "civicrm", "id": "7"}, {"system": "salesforce", "id": "001"}],
        "tags": ["north", "walking", "youth"],
        "custom": {"founded": "2019-03-31", "beds": 24, "area": 0.1 + 0.2, "motto": "On foot", "open": False},
    }
    made = await members.post("/v1/organisations", {"name": "Walkers", **full})
    bare = await members.post("/v1/organisations", {"name": "Ramblers"})
    heir = await members.post("/v1/organisations", {"name": "Heirs", "tags": ["north"]})
    last = await other.post("/v1/organisations", {"name": "Walkers", "tags": ["theirs"]})
    end = {"on": "2026-01-31", "successors": [{"organisation": heir["id"]}]}
    headers = {"if-match": '"1"'}
    answer = await members.client.post(f"/v1/organisations/{made['id']}/succession", json=end, headers=headers)
    ended = answer.json()["organisation"]
    assert {name: ended[name] for name in full} == full
    assert (ended["ended_on"], ended["succeeded_by"]) == (end["on"], [{"organisation": heir["id"], "on": end["on"]}])
    heir["succeeds"] = [{"organisation": made["id"], "on": end["on"]}]
    assert (await members.get("/v1/organisations"))["data"] == [ended, bare, heir]
    assert [await members.get(f"/v1/organisations/{each['id']}") for each in (ended, bare, heir)] == [ended, bare, heir]
    assert (await other.get("/v1/organisations"))["data"] == [last]


@ON_ONE_DATABASE
async def test_custom_values_are_held_to_the_fields_of_organisations(members: Caller) -> None:
    await members.post("/v1/custom-fields", {"of": "organisation", "key": "beds", "name": "Beds", "kind": "number"})
    await members.post("/v1/custom-fields", {"of": "person", "key": "shifts", "name": "Shifts", "kind": "number"})
    made = await members.post("/v1/organisations", {"name": "Home", "custom": {"beds": 24}})
    assert made["custom"] == {"beds": 24}
    path = f"/v1/organisations/{made['id']}"
    assert faults((await refused_change(members, path, {"custom": {"shifts": 1, "beds": "many"}}))[1]) == {
        "/custom/shifts": "unknown_field",
        "/custom/beds": "wrong_kind",
    }
    assert (await change(members, path, {"custom": {"beds": None}}))["custom"] == {}


async def test_an_identifier_belongs_to_one_organisation(members: Caller, other: Caller) -> None:
    charity = {"identifiers": [{"scheme": "GB-SC", "id": "SC000055"}], "external_ids": [{"system": "crm", "id": "1"}]}
    made = await members.post("/v1/organisations", {"name": "A", **charity})
    for said, called in charity.items():
        status, problem = await members.refused("/v1/organisations", {"name": "B", said: called})
        assert (status, problem["code"], problem["organisation"]) == (409, "identifier_taken", made["id"])
    again = await change(members, f"/v1/organisations/{made['id']}", {"identifiers": charity["identifiers"]})
    assert again["identifiers"] == charity["identifiers"]
    await other.post("/v1/organisations", {"name": "A", **charity})


@ON_ONE_DATABASE
async def test_an_external_id_is_added_and_removed(members: Caller) -> None:
    made = await members.post("/v1/organisations", {"name": "A"})
    path, crm = f"/v1/organisations/{made['id']}/external-ids", {"system": "civicrm", "id": "10432"}
    for _ in range(2):
        assert (await members.post(path, crm))["external_ids"] == [crm]
    assert (await members.client.delete(path, params=crm)).json()["external_ids"] == []
    assert (await members.client.delete(path, params=crm)).status_code == 404


async def test_nothing_is_a_part_of_itself(members: Caller) -> None:
    top = (await members.post("/v1/organisations", {"name": "Top"}))["id"]
    middle = (await members.post("/v1/organisations", {"name": "Middle", "parent": top}))["id"]
    low = (await members.post("/v1/organisations", {"name": "Low", "parent": middle}))["id"]
    for parent in (top, middle, low):
        status, problem = await refused_change(members, f"/v1/organisations/{top}", {"parent": parent})
        assert (status, faults(problem)) == (422, {"/parent": "circular"})
    assert [row["id"] for row in (await members.get("/v1/organisations", parent=top))["data"]] == [middle]
    assert (await change(members, f"/v1/organisations/{low}", {"parent": top}))["parent"] == top


@pytest.mark.parametrize(
    ("scheme", "number", "fits"),
    [
        ("GB-CHC", "202918", True),
        ("GB-CHC", "0202918", False),
        ("GB-SC", "SC000055", True),
        ("GB-SC", "SC55", False),
        ("GB-NIC", "101352", True),
        ("GB-NIC", "201352", False),
        ("GB-COH", "00445790", True),
        ("GB-COH", "IP00525R", True),
        ("GB-COH", "445790", False),
        ("GB-EDU", "100000", True),
        ("GB-UKPRN", "10007795", True),
        ("GB-UKPRN", "20007795", False),
        ("XI-GRID", "grid.4991.5", True),
    ],
)
def test_each_registers_numbers_have_their_form(scheme: str, number: str, fits: bool) -> None:
    assert has_form(scheme, number) is fits


@ON_ONE_DATABASE
async def test_an_organisation_with_a_fault_is_refused(members: Caller) -> None:
    faulty: tuple[tuple[dict[str, object], str], ...] = (
        ({}, "/name"),
        ({"name": " "}, "/name"),
        ({"name": "A", "website": "ftp://a.example"}, "/website"),
        ({"name": "A", "email": "a"}, "/email"),
        ({"name": "A", "colour": "red"}, "/colour"),
        ({"name": "A", "identifiers": [{"scheme": "GB-CHC", "id": "SC000055"}]}, "/identifiers/0"),
        ({"name": "A", "identifiers": [{"scheme": "charity", "id": "1089464"}]}, "/identifiers/0/scheme"),
        ({"name": "A", "identifiers": [{"scheme": "GB-COH", "id": "01234567"}] * 2}, "/identifiers"),
    )
    for said, pointer in faulty:
        status, problem = await members.refused("/v1/organisations", said)
        assert (status, list(faults(problem))) == (422, [pointer])
