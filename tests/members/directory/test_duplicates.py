"""Candidates in the background, what is told apart and stays so, and rules that a movement sets."""

from services.members.directory.duplicates import looking
from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

SAME = {"emails": [{"address": "hall@example.org"}]}


async def pairs(members: Caller, path: str = "/v1/people/duplicates") -> list[set[str]]:
    """The candidates, once the search has come to all that is there."""
    await looking.look(members.app.state.parts, clock.now())
    return [{pair["one"], pair["other"]} for pair in await members.every(path, limit=2)]


async def test_records_that_are_alike_are_found_with_reasons_the_likeliest_first(members: Caller) -> None:
    joan = await members.person("Joan", family_name="Hall", **SAME)
    jo = await members.person("Jo", family_name="Hall", **SAME)
    twice = await members.person("Joan", family_name="Hall", **SAME)
    await members.person("Brian", family_name="Akhtar", postcode="GL16 8DN")
    assert await pairs(members) == [{joan, twice}, {joan, jo}, {jo, twice}]
    first = (await members.get("/v1/people/duplicates"))["data"][0]
    assert (first["score"], first["reasons"][-1]) == (85, "The same name.")
    assert await pairs(members, f"/v1/people/{jo}/duplicates") == [{joan, jo}, {jo, twice}]


async def test_what_changes_is_looked_at_again(members: Caller) -> None:
    joan = await members.person("Joan", family_name="Hall", **SAME)
    other = await members.person("Joan", family_name="Hall")
    assert await pairs(members) == []
    answered = await members.client.patch(f"/v1/people/{other}", json=SAME, headers={"If-Match": "*"})
    assert answered.is_success, answered.text
    assert await pairs(members) == [{joan, other}]
    await members.post(f"/v1/people/{joan}/merge", {"merged": other}, status=200)
    assert await pairs(members) == []
    await members.post(f"/v1/people/{other}/unmerge", status=200)
    assert await pairs(members) == [{joan, other}]


async def test_who_was_told_apart_is_no_candidate_in_either_direction_until_it_is_taken_back(members: Caller) -> None:
    joan, jo = [await members.person(name, family_name="Hall", **SAME) for name in ("Joan", "Joan")]
    assert await pairs(members) == [{joan, jo}]
    for _ in range(2):
        answered = await members.client.put(f"/v1/people/{jo}/not-duplicates/{joan}")
        assert [each["other"] for each in answered.json()["data"]] == [joan]
    assert [each["other"] for each in (await members.get(f"/v1/people/{joan}/not-duplicates"))["data"]] == [jo]
    assert await pairs(members) == []
    answered = await members.client.delete(f"/v1/people/{joan}/not-duplicates/{jo}")
    assert answered.status_code == 204
    assert await pairs(members) == [{joan, jo}]
    assert (await members.refused(f"/v1/people/{joan}/not-duplicates/{jo}", method="DELETE"))[0] == 404


async def test_what_was_told_apart_goes_along_into_a_merge(members: Caller) -> None:
    joan, jo, ann = [await members.person(name, family_name="Hall", **SAME) for name in ("Joan", "Joan", "Joan")]
    await members.client.put(f"/v1/people/{jo}/not-duplicates/{ann}")
    await members.post(f"/v1/people/{joan}/merge", {"merged": jo}, status=200)
    assert [each["other"] for each in (await members.get(f"/v1/people/{ann}/not-duplicates"))["data"]] == [joan]
    assert await pairs(members) == []
    await members.post(f"/v1/people/{jo}/unmerge", status=200)
    assert [each["other"] for each in (await members.get(f"/v1/people/{ann}/not-duplicates"))["data"]] == [jo]
    assert await pairs(members) == [{joan, jo}, {joan, ann}]


async def test_a_movement_sets_its_own_rules_and_everybody_is_compared_again(members: Caller) -> None:
    joan, jo = await members.person("Joan", **SAME), await members.person("Wasim", **SAME)
    assert await pairs(members) == []
    answered = await members.client.get("/v1/people/duplicates/rules")
    assert (answered.headers["etag"], answered.json()["weights"]["email"]) == ('"0"', 40)
    said = {"email": 100, "other_name": 0}
    answered = await members.client.put("/v1/people/duplicates/rules", json=said, headers={"If-Match": '"0"'})
    assert (answered.status_code, answered.headers["etag"]) == (200, '"1"')
    assert await pairs(members) == [{joan, jo}]
    answered = await members.client.put("/v1/people/duplicates/rules", json=said, headers={"If-Match": '"0"'})
    assert answered.status_code == 412


@ON_ONE_DATABASE
async def test_organisations_are_compared_too(members: Caller) -> None:
    async def organisation(name: str, **other: object) -> Json:
        return await members.post("/v1/organisations", {"name": name, **other})

    one = await organisation("Cinderford Walkers", website="https://www.walkers.example.org")
    two = await organisation("Cinderford Walkers Group", website="https://walkers.example.org/about")
    await organisation("Lydney Choir", website="https://choir.example.org")
    assert await pairs(members, "/v1/organisations/duplicates") == [{one["id"], two["id"]}]
    await members.client.put(f"/v1/organisations/{one['id']}/not-duplicates/{two['id']}")
    assert await pairs(members, "/v1/organisations/duplicates") == []


@ON_ONE_DATABASE
async def test_nobody_is_told_apart_from_themselves_or_from_strangers(members: Caller, other: Caller) -> None:
    joan, theirs = await members.person("Joan"), await other.person("Joan")
    status, problem = await members.refused(f"/v1/people/{joan}/not-duplicates/{joan}", method="PUT")
    assert (status, faults(problem)) == (422, {"path:other": "same_record"})
    for one, two in ((joan, theirs), (theirs, joan), (joan, new_id("person"))):
        assert (await members.refused(f"/v1/people/{one}/not-duplicates/{two}", method="PUT"))[0] == 404
    assert (await members.client.get(f"/v1/people/{theirs}/duplicates")).status_code == 404
    await members.person("Joan", family_name="Hall", **SAME)
    await other.person("Joan", family_name="Hall", **SAME)
    assert await pairs(members) == []
