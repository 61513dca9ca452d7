"""One change for many people: each once, whoever they are now, and nobody of another movement."""

from shared.ids import new_id
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.importing import over


async def test_many_people_are_tagged_untagged_and_given_a_value(members: Caller) -> None:
    people = [await members.person(name) for name in ("Ada", "Beryl", "Cleo")]
    await members.post("/v1/custom-fields", {"of": "person", "key": "size", "name": "Size", "kind": "text"})
    walkers = await members.post("/v1/segments", {"name": "Walkers", "filter": {"tag": "walker"}})
    for whom, deed, changed in (
        ({"people": people[:2]}, {"tag": "Walker"}, 2),
        ({"people": people}, {"tag": "walker"}, 1),
        ({"segment": walkers["id"]}, {"custom": {"size": "large"}}, 3),
        ({"people": people[:1]}, {"untag": "walker"}, 1),
    ):
        asked = await members.post("/v1/people/bulk", {**whom, "deed": deed}, status=202)
        job = await over(members, asked["id"])
        assert (job["state"], job["result"]) == ("succeeded", {"changed": changed})
        assert job["done"] == job["total"]
    shown = await members.every("/v1/people")
    assert [person["tags"] for person in shown] == [[], ["walker"], ["walker"]]
    assert [person["custom"] for person in shown] == [{"size": "large"}] * 3


@ON_ONE_DATABASE
async def test_who_is_nobody_here_is_a_fault_and_the_others_are_changed(members: Caller, other: Caller) -> None:
    ours, theirs = await members.person("Ada"), await other.person("Eve")
    body = {"people": [theirs, ours, new_id("person")], "deed": {"tag": "walker"}}
    asked = await members.post("/v1/people/bulk", body, status=202)
    job = await over(members, asked["id"])
    assert (job["result"], job["fault_count"]) == ({"changed": 1}, 2)
    faults = (await members.client.get(f"/v1/jobs/{job['id']}/faults")).text
    assert "/people/0,unknown_person" in faults
    assert (await other.get(f"/v1/people/{theirs}"))["tags"] == []


@ON_ONE_DATABASE
async def test_what_cannot_be_is_refused_at_once(members: Caller) -> None:
    person = await members.person()
    for body, code in (
        ({"deed": {"tag": "x"}}, "one_way"),
        ({"people": [person], "deed": {"tag": "x", "untag": "y"}}, "one_deed"),
        ({"people": [person], "deed": {"custom": {"size": "x"}}}, "unknown_field"),
    ):
        status, problem = await members.refused("/v1/people/bulk", body)
        assert (status, problem["errors"][0]["code"]) == (422, code)
    unknown = {"segment": new_id("segment"), "deed": {"tag": "x"}}
    assert (await members.refused("/v1/people/bulk", unknown))[0] == 404
