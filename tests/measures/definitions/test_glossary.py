"""The glossary: what words mean, and who means something else by one."""

from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller
from tests.neighbours import Neighbours


async def test_a_word_says_what_partners_agree_on_and_who_means_something_else(
    measures: Caller, neighbours: Neighbours
) -> None:
    _, version = await measures.version()
    partner = await neighbours.organisation(measures.movement)
    otherwise = [{"organisation": partner, "meaning": "A place that was booked"}]
    said = {"word": "Participant", "meaning": "Who came", "used_otherwise": otherwise, "measure_versions": [version]}
    made = await measures.post("/v1/glossary", said, status=201)
    assert said.items() <= made.items()
    path = f"/v1/glossary/{made['id']}"
    assert await measures.get(path) == made
    status, problem = await measures.refused("/v1/glossary", said | {"word": "participant"})
    assert (status, problem["code"], problem["word"]) == (409, "word_taken", made["id"])
    await measures.post("/v1/glossary", {"word": "adult", "meaning": "19 and over"})
    assert [each["word"] for each in await measures.every("/v1/glossary", limit=1)] == ["adult", "Participant"]
    assert [each["word"] for each in await measures.every("/v1/glossary", q="PART")] == ["Participant"]
    changed = await measures.client.patch(path, json={"used_otherwise": []}, headers={"If-Match": '"1"'})
    assert (changed.json()["used_otherwise"], changed.json()["meaning"]) == ([], "Who came")
    assert (await measures.client.delete(path, headers={"If-Match": '"1"'})).status_code == 412
    assert (await measures.client.delete(path, headers={"If-Match": '"2"'})).status_code == 204
    assert (await measures.refused(path, method="GET"))[0] == 404


@ON_ONE_DATABASE
async def test_a_word_names_none_but_the_movements_own(measures: Caller, other: Caller) -> None:
    _, theirs = await other.version()
    unknown = [{"organisation": "org_01j5x3m0e8f7v9q2k4t6w8y0ab", "meaning": "?"}]
    said = {"word": "adult", "meaning": "19 and over", "used_otherwise": unknown, "measure_versions": [theirs]}
    status, problem = await measures.refused("/v1/glossary", said)
    assert (status, faults(problem)) == (
        422,
        {"/used_otherwise/0/organisation": "unknown_organisation", "/measure_versions/0": "unknown_version"},
    )
    twice = said | {"used_otherwise": unknown * 2, "measure_versions": []}
    assert faults((await measures.refused("/v1/glossary", twice))[1]) == {"/used_otherwise": "repeated"}
