"""Segments: filters are read into types, faults are named by node, and who they find is asked anew at every reading."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.members.directory.organisations.models import MergedOrganisation
from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.steps import change, refused_change
from tests.plugins.parts import scale

TODAY = clock.now().date()
NEWS = {"purpose": "news", "channel": "email"}


async def count(members: Caller, filter_: object) -> int:
    return int((await members.post("/v1/segments/count", {"filter": filter_}, status=200))["people"])


async def found(members: Caller, filter_: object) -> list[str]:
    """The given names of whom a kept segment with this filter finds; its count agrees."""
    segment = (await members.post("/v1/segments", {"name": "Some", "filter": filter_}))["id"]
    names = [row["given_name"] for row in await members.every(f"/v1/segments/{segment}/people", limit=3)]
    assert (await members.get(f"/v1/segments/{segment}/count"))["people"] == len(names)
    return names


async def test_each_condition_finds_those_it_names(members: Caller) -> None:
    await members.post("/v1/custom-fields", {"of": "person", "key": "shifts", "name": "Shifts", "kind": "number"})
    await members.post("/v1/custom-fields", {"of": "person", "key": "until", "name": "Until", "kind": "date"})
    walkers = (await members.post("/v1/organisations", {"name": "Walkers"}))["id"]
    notice = {"name": "privacy", "version": "1"}
    await members.sign_up(
        "Ada",
        person={
            "tags": ["pilot"], "interests": ["walking"], "skills": ["welsh"], "languages": ["cy", "pa-Guru"],
            "age_band": "adult", "contact_preference": ["post"], "emails": [{"address": "ada@example.org"}],
            "postcode": "GL16 8DN", "custom": {"shifts": 3, "until": "2027-03-31"},
        },
        permissions=[{**NEWS, "decision": "given", "notice": notice}],
        pledge={"text": "I will walk."},
        provenance={"source": "paper_form", "basis": "consent"},
    )  # fmt: skip
    eve = await members.person("Eve", postcode="GL1 6AA", languages=["en"], age_band="16_to_17")
    await members.post("/v1/affiliations", {"person": eve, "organisation": walkers, "role": "driver"})
    await members.person("Kid", age_band="13_to_15")
    for condition, names in (
        ({"tag": "PILOT"}, ["Ada"]),
        ({"interest": "walking"}, ["Ada"]),
        ({"skill": "welsh"}, ["Ada"]),
        ({"skill": "walking"}, []),
        ({"language": "PA-guru"}, ["Ada"]),
        ({"language": "pa"}, []),
        ({"age_band": ["adult", "16_to_17"]}, ["Ada", "Eve"]),
        ({"contact_preference": "post"}, ["Ada"]),
        ({"has": "email"}, ["Ada"]),
        ({"has": "phone"}, []),
        ({"has": "postcode"}, ["Ada", "Eve"]),
        ({"postcode": "gl16"}, ["Ada", "Eve"]),
        ({"postcode": "GL16 8"}, ["Ada"]),
        ({"rung": ["follower"]}, ["Ada"]),
        ({"state": ["active"]}, ["Ada", "Eve", "Kid"]),
        ({"state": ["quiet", "left"]}, []),
        ({"joined": {"within_days": 2}}, ["Ada", "Eve", "Kid"]),
        ({"joined": {"before": (TODAY - timedelta(days=2)).isoformat()}}, []),
        ({"activities": {}}, ["Ada"]),
        ({"activities": {"kinds": ["walk"]}}, []),
        ({"activities": {"at_most": 0}}, ["Eve", "Kid"]),
        ({"permission": NEWS}, ["Ada"]),
        ({"permission": {**NEWS, "channel": "sms"}}, []),
        ({"affiliation": {"organisation": walkers}}, ["Eve"]),
        ({"affiliation": {"organisation": walkers, "role": "chair"}}, []),
        ({"custom": {"key": "shifts"}}, ["Ada"]),
        ({"custom": {"key": "shifts", "equals": 3}}, ["Ada"]),
        ({"custom": {"key": "shifts", "at_least": 3.5}}, []),
        ({"custom": {"key": "until", "at_most": "2027-03-31"}}, ["Ada"]),
        ({"source": "paper_form"}, ["Ada"]),
        ({"not": {"rung": ["follower"]}}, ["Eve", "Kid"]),
        ({"any": [{"tag": "pilot"}, {"age_band": ["16_to_17"]}]}, ["Ada", "Eve"]),
        ({"all": [{"state": ["active"]}, {"not": {"any": [{"tag": "pilot"}, {"has": "postcode"}]}}]}, ["Kid"]),
    ):
        assert await found(members, condition) == names, condition


@ON_ONE_DATABASE
async def test_a_segment_is_answered_anew_whenever_it_is_read(members: Caller) -> None:
    person = await members.person("Ada")
    asked = {"all": [{"activities": {"kinds": ["walk"], "at_least": 2, "within_days": 7}}, {"permission": NEWS}]}
    segment = (await members.post("/v1/segments", {"name": "Walkers", "filter": asked}))["id"]
    path = f"/v1/segments/{segment}/count"
    await members.did(person, TODAY, TODAY - timedelta(days=7))
    given = {**NEWS, "decision": "given", "notice": {"name": "privacy", "version": "1"}}
    await members.post(f"/v1/people/{person}/permissions", given)
    assert (await members.get(path))["people"] == 0
    await members.did(person, TODAY - timedelta(days=6))
    assert (await members.get(path))["people"] == 1
    await members.post(f"/v1/people/{person}/permissions", {**NEWS, "decision": "refused"})
    assert (await members.get(path))["people"] == 0


PEOPLE: Sequence[Mapping[str, Any]] = (
    {"given_name": "A", "tags": ["red"], "age_band": "adult", "postcode": "GL1 1AA", "walks": 3},
    {"given_name": "B", "tags": ["red", "blue"], "age_band": "adult", "walks": 1},
    {"given_name": "C", "tags": ["blue"], "age_band": "13_to_15", "postcode": "GL2 1AA", "walks": 0},
    {"given_name": "D", "age_band": "not_asked", "postcode": "OX1 1AA", "walks": 2},
    {"given_name": "E", "tags": ["green"], "walks": 0},
)


def random_filter(chance: Random, depth: int = 3) -> Json:
    kind = chance.choice(["all", "any", "not", "leaf", "leaf"] if depth else ["leaf"])
    if kind == "not":
        return {"not": random_filter(chance, depth - 1)}
    if kind != "leaf":
        return {kind: [random_filter(chance, depth - 1) for _ in range(chance.randint(1, 3))]}
    return chance.choice(
        [
            {"tag": chance.choice(["red", "blue", "green", "none"])},
            {"age_band": chance.sample(["adult", "13_to_15", "not_asked"], 2)},
            {"postcode": chance.choice(["GL", "GL1", "OX1 1"])},
            {"has": "postcode"},
            {"rung": ["observer"]},
            {"activities": {"kinds": ["walk"], chance.choice(["at_least", "at_most"]): chance.randint(0, 3)}},
        ]
    )


def holds(node: Json, person: Mapping[str, Any]) -> bool:
    """The same question asked of one person in Python."""
    ((key, said),) = node.items()
    match key:
        case "all":
            return all(holds(each, person) for each in said)
        case "any":
            return any(holds(each, person) for each in said)
        case "not":
            return not holds(said, person)
        case "tag":
            return said in person.get("tags", [])
        case "age_band":
            return person.get("age_band", "not_asked") in said
        case "postcode":
            return str(person.get("postcode", "")).startswith(said)
        case "has":
            return "postcode" in person
        case "rung":
            return person.get("age_band") != "13_to_15"
    return bool(said.get("at_least", 0) <= person["walks"] <= said.get("at_most", 99))


async def test_any_filter_finds_whom_the_same_question_finds_in_python(members: Caller) -> None:
    for said in PEOPLE:
        about = {name: value for name, value in said.items() if name not in ("given_name", "walks")}
        person = await members.person(said["given_name"], **about)
        if said["walks"]:
            await members.did(person, *[TODAY - timedelta(days=day) for day in range(said["walks"])])
    # Enough to climb by walking is no question here, so "rung" is asked for observers and whoever stands above them.
    chance = Random(3)
    everybody = ["observer", "follower", "active_participant", "champion", "co_owner"]
    for _ in range(scale(40)):
        asked = random_filter(chance)
        expected = sum(holds(asked, person) for person in PEOPLE)
        assert await count(members, _any_rung(asked, everybody)) == expected, asked


def _any_rung(node: Json, rungs: list[str]) -> Json:
    ((key, said),) = node.items()
    if key in ("all", "any"):
        return {key: [_any_rung(each, rungs) for each in said]}
    if key == "not":
        return {"not": _any_rung(said, rungs)}
    return {"rung": rungs} if key == "rung" else node


@ON_ONE_DATABASE
async def test_every_bad_node_is_named(members: Caller) -> None:
    await members.post("/v1/custom-fields", {"of": "person", "key": "shifts", "name": "Shifts", "kind": "number"})
    await members.post("/v1/custom-fields", {"of": "person", "key": "van", "name": "Van", "kind": "yes_no"})
    bad = {
        "all": [
            {"colour": "red"},
            {"any": []},
            {"not": [{"tag": "a"}]},
            {"tag": "a", "skill": "b"},
            {"rung": ["boss"]},
            {"activities": {"at_least": 3, "at_most": 2}},
            {"any": [{"tag": "fine"}, {"tag": None}, 3]},
        ]
    }
    status, problem = await members.refused("/v1/segments", {"name": "Bad", "filter": bad})
    assert status == 422
    assert faults(problem) == {
        "/filter/all/0": "unknown",
        "/filter/all/1/any": "not_a_list",
        "/filter/all/2/not": "not_a_node",
        "/filter/all/3": "not_a_node",
        "/filter/all/4/rung/0": "enum",
        "/filter/all/5/activities": "empty_range",
        "/filter/all/6/any/1": "nothing_asked",
        "/filter/all/6/any/2": "not_a_node",
    }
    unknown = {
        "any": [
            {"custom": {"key": "height"}},
            {"custom": {"key": "shifts", "equals": "three"}},
            {"custom": {"key": "van", "at_least": 1}},
            {"affiliation": {"organisation": new_id("org")}},
        ]
    }
    status, problem = await members.refused("/v1/segments/count", {"filter": unknown})
    assert (status, faults(problem)) == (
        422,
        {
            "/filter/any/0/custom/key": "unknown_field",
            "/filter/any/1/custom/equals": "wrong_kind",
            "/filter/any/2/custom/at_least": "no_order",
            "/filter/any/3/affiliation/organisation": "unknown_organisation",
        },
    )
    assert (await members.get("/v1/segments"))["data"] == []


@ON_ONE_DATABASE
async def test_a_filter_too_deep_or_too_wide_is_refused(members: Caller) -> None:
    deep: Json = {"tag": "a"}
    for _ in range(10):
        deep = {"not": deep}
    assert "too_deep" in faults((await members.refused("/v1/segments/count", {"filter": deep}))[1]).values()
    for wide in ({"all": [{"tag": "a"}] * 101}, {"all": [{"any": [{"tag": "a"}] * 50}] * 2}):
        assert "too_many_nodes" in faults((await members.refused("/v1/segments/count", {"filter": wide}))[1]).values()


async def test_what_is_sent_is_compared_and_never_run(members: Caller) -> None:
    odd = ("'; DROP TABLE people; --", '" OR 1=1', "%", "_", "\\")
    for number, text in enumerate(odd):
        await members.person(f"P{number}", tags=[text], postcode="GL16 8DN")
    for number, text in enumerate(odd):
        assert await found(members, {"tag": text}) == [f"P{number}"]
    assert await count(members, {"postcode": "GL16"}) == len(odd)


@ON_ONE_DATABASE
async def test_a_merged_organisation_in_a_filter_is_the_one_that_it_is_now(app: FastAPI, members: Caller) -> None:
    walkers, merged = (await members.post("/v1/organisations", {"name": "Walkers"}))["id"], new_id("org")
    await members.post("/v1/affiliations", {"person": await members.person("Ada"), "organisation": walkers})

    def merge(session: Session) -> None:
        session.add(MergedOrganisation(movement=members.movement, merged=merged, organisation=walkers))

    await app.state.parts.db.write(merge)
    assert await found(members, {"affiliation": {"organisation": merged}}) == ["Ada"]


@ON_ONE_DATABASE
async def test_a_segment_is_edited_at_a_version_and_forgotten(members: Caller, other: Caller) -> None:
    made = await members.post("/v1/segments", {"name": "Pilot", "filter": {"tag": "pilot"}})
    path = f"/v1/segments/{made['id']}"
    assert await members.get(path) == made
    changed = await change(members, path, {"filter": {"tag": "other"}}, tag='"1"')
    assert (changed["name"], changed["filter"], changed["version"]) == ("Pilot", {"tag": "other"}, 2)
    assert (await refused_change(members, path, {"name": "A"}, tag='"1"'))[0] == 412
    assert faults((await refused_change(members, path, {"filter": {}}))[1]) == {"/filter": "not_a_node"}
    for of_others in (path, f"{path}/count", f"{path}/people"):
        assert (await other.client.get(of_others)).status_code == 404
    assert (await other.get("/v1/segments"))["data"] == []
    assert (await members.client.delete(path, headers={"if-match": "*"})).status_code == 204
    assert (await members.client.get(path)).status_code == 404
