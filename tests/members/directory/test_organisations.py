"""Organisations: entering them, reading them, and what is refused."""

import pytest

from shared.ids import new_id
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller


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
    assert await members.published(made["id"]) == [("organisation.created", {"organisation": made["id"]})]


async def test_a_parent_of_another_movement_is_unknown(members: Caller, other: Caller) -> None:
    theirs = (await other.post("/v1/organisations", {"name": "Theirs"}))["id"]
    for parent in (theirs, new_id("org")):
        status, problem = await members.refused("/v1/organisations", {"name": "Ours", "parent": parent})
        assert (status, faults(problem)) == (422, {"/parent": "unknown_organisation"})
    assert (await members.get("/v1/organisations"))["data"] == []


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({}, "/name"),
        ({"name": " "}, "/name"),
        ({"name": "A", "website": "ftp://a.example"}, "/website"),
        ({"name": "A", "email": "a"}, "/email"),
        ({"name": "A", "colour": "red"}, "/colour"),
    ],
)
async def test_an_organisation_with_a_fault_is_refused(members: Caller, said: dict[str, str], pointer: str) -> None:
    status, problem = await members.refused("/v1/organisations", said)
    assert (status, list(faults(problem))) == (422, [pointer])
