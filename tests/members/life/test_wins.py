"""Wins: one sentence, who made it happen, and whether it may be shared: as long as everybody in it allows that."""

import pytest
from fastapi import FastAPI

from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.steps import edit

NOBODY = "person_01j5x3m0e8f7v9q2k4t6w8y0ab"
WALK: Json = {"what": "Thirty people walk every week.", "happened_on": "2026-05-01"}


async def won(members: Caller, *made_by: Json, **other: object) -> Json:
    return await members.post("/v1/wins", {**WALK, "made_by": list(made_by), **other})


async def decide(members: Caller, person: str, decision: str = "given") -> None:
    said = {"purpose": "wins", "channel": "publication", "decision": decision}
    notice = {"name": "wins", "version": "1"} if decision == "given" else None
    await members.post(f"/v1/people/{person}/permissions", said | {"notice": notice})


async def shared(members: Caller) -> list[str]:
    """The wins that may be shown to everybody."""
    return [row["id"] for row in (await members.get("/v1/wins", shared="true"))["data"]]


async def test_a_win_is_noted_found_by_who_made_it_and_edited(members: Caller) -> None:
    ada, hall, lead = await members.person(), await members.organisation(), await members.organisation("Trust")
    programme = (await members.post("/v1/programmes", {"lead": lead, "name": "Walks", "aims": "Walk."}))["id"]
    win = await won(members, {"person": ada}, {"organisation": hall}, {"words": "the porters"}, programme=programme)
    assert [tuple(each.values()) for each in win["made_by"]] == [
        (ada, None, None), (None, hall, None), (None, None, "the porters"),
    ]  # fmt: skip
    await won(members, {"words": "somebody else"})
    for chosen in ({"person": ada}, {"organisation": hall}, {"programme": programme}):
        assert (await members.get("/v1/wins", **chosen))["data"] == [win]
    path = f"/v1/wins/{win['id']}"
    body = {"what": "Forty walk.", "made_by": [{"organisation": hall}], "programme": None}
    changed = await edit(members, path, body, method="PATCH", tag='"1"')
    assert (changed["what"], len(changed["made_by"]), changed["programme"]) == ("Forty walk.", 1, None)
    await edit(members, path, body, method="PATCH", tag='"1"', status=412)
    assert await members.published(win["id"]) == [("win.noted", {"win": win["id"]})]


async def test_a_win_is_shared_only_as_long_as_everybody_in_it_allows_that(members: Caller) -> None:
    ada, ben = await members.person("Ada"), await members.person("Ben")
    win = await won(members, {"person": ada}, {"person": ben})
    path = f"/v1/wins/{win['id']}/share"
    await decide(members, ada)
    refused = await edit(members, path, {}, status=409)
    assert (refused["code"], ben in str(refused), await shared(members)) == ("not_permitted", False, [])
    await decide(members, ben)
    assert (await edit(members, path, {}))["shared"]
    assert await shared(members) == [win["id"]]
    assert (await edit(members, path, {}, status=409))["code"] == "shared_already"
    await decide(members, ben, "refused")
    assert (await shared(members), (await members.get(f"/v1/wins/{win['id']}"))["shared"]) == ([], False)
    assert len((await members.get("/v1/wins", shared="false"))["data"]) == 1
    await edit(members, f"/v1/wins/{win['id']}/unshare")
    assert (await edit(members, f"/v1/wins/{win['id']}/unshare", status=409))["code"] == "not_shared"
    told = [kind for kind, _ in await members.published(win["id"])]
    assert told == ["win.noted", "win.shared", "win.unshared"]


@ON_ONE_DATABASE
async def test_for_who_does_not_say_so_themselves_somebody_is_named_who_agreed(members: Caller) -> None:
    win = await won(members, {"words": "the porters"})
    path = f"/v1/wins/{win['id']}"
    assert faults(await edit(members, f"{path}/share", {}, status=422)) == {"/agreed_by": "missing"}
    agreed = await edit(members, f"{path}/share", {"agreed_by": "the convenor"})
    assert (agreed["shared"], agreed["agreed_by"]) == (True, "the convenor")
    assert (await edit(members, path, {"area": "Matson"}, method="PATCH"))["shared"]
    anew = await edit(members, path, {"what": "Forty people walk."}, method="PATCH")
    assert (anew["shared"], anew["agreed_by"]) == (False, None)


@ON_ONE_DATABASE
async def test_nobody_under_16_and_no_connectors_client_is_in_what_is_shared(members: Caller) -> None:
    client, kim = await members.person("Clara"), await members.person("Kim", age_band="13_to_15")
    await members.post("/v1/connections", {"person": client, "connector": await members.person()})
    for person in (client, kim):
        win = await won(members, {"person": person})
        said = {"purpose": "wins", "channel": "publication", "decision": "given",
                "notice": {"name": "wins", "version": "1"}}  # fmt: skip
        await members.client.post(f"/v1/people/{person}/permissions", json=said)
        assert (await edit(members, f"/v1/wins/{win['id']}/share", {}, status=409))["code"] == "not_permitted"


@ON_ONE_DATABASE
async def test_who_is_kept_apart_is_not_named_together(members: Caller, lead: Caller) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    before = await won(members, {"person": ada}, {"person": eve}, {"words": "others"})
    await lead.post("/v1/keep-apart", {"person": ada, "other": eve})
    made_by = (await members.get(f"/v1/wins/{before['id']}"))["made_by"]
    assert [each["words"] for each in made_by] == ["others"]
    body = WALK | {"made_by": [{"person": ada}, {"person": eve}]}
    assert (await members.refused("/v1/wins", body))[1]["code"] == "not_available"


@ON_ONE_DATABASE
async def test_no_employer_sees_what_its_own_staff_made_happen(
    app: FastAPI, vouching: Secrets, members: Caller
) -> None:
    trust, nurse = await members.organisation("Royal Free"), await members.person("Nora")
    await members.post("/v1/affiliations", {"person": nurse, "organisation": trust})
    win = await won(members, {"person": nurse}, {"words": "others"})
    async with Caller(app, vouching, members.movement, organisation=trust) as employer:
        assert nurse not in str(await employer.get(f"/v1/wins/{win['id']}"))
        assert (await employer.get("/v1/wins", person=nurse))["data"] == []
        assert win["id"] not in str(await employer.get(f"/v1/people/{nurse}/timeline"))


@ON_ONE_DATABASE
async def test_who_is_named_by_two_records_had_one_part(members: Caller) -> None:
    ada, twin = await members.person("Ada"), await members.person("Ada")
    win = await won(members, {"person": ada}, {"person": twin})
    await members.post(f"/v1/people/{ada}/merge", {"merged": twin}, status=200)
    assert [each["person"] for each in (await members.get(f"/v1/wins/{win['id']}"))["made_by"]] == [ada]
    again = await won(members, {"person": ada}, {"person": twin})
    assert [each["person"] for each in again["made_by"]] == [ada]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"made_by": []}, {"/made_by": "too_short"}),
        ({"made_by": [{}]}, {"/made_by/0": "one_of"}),
        ({"made_by": [{"words": "us"}, {"words": "us"}]}, {"/made_by": "repeated"}),
        ({"made_by": [{"person": NOBODY}], "happened_on": "2999-01-01"},
         {"/happened_on": "in_the_future", "/made_by/0/person": "unknown_person"}),
        ({"programme": "programme_01j5x3m0e8f7v9q2k4t6w8y0ab"}, {"/programme": "unknown_programme"}),
    ],
)  # fmt: skip
async def test_a_bad_win_is_refused(members: Caller, wrong: Json, found: Json) -> None:
    status, problem = await members.refused("/v1/wins", WALK | {"made_by": [{"words": "us"}]} | wrong)
    assert (status, faults(problem)) == (422, found)
    assert (await members.get("/v1/wins"))["data"] == []


@ON_ONE_DATABASE
async def test_another_movements_wins_are_unknown_here(members: Caller, other: Caller) -> None:
    person = await other.person()
    win = await won(other, {"person": person})
    assert (await members.get("/v1/wins"))["data"] == []
    assert (await members.client.get(f"/v1/wins/{win['id']}")).status_code == 404
    for act in ("share", "unshare"):
        await edit(members, f"/v1/wins/{win['id']}/{act}", {}, status=404)
    _, problem = await members.refused("/v1/wins", WALK | {"made_by": [{"person": person}]})
    assert faults(problem) == {"/made_by/0/person": "unknown_person"}
