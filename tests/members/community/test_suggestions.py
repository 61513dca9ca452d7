"""Suggestions: what fits, in a certain order, with reasons in words; and who is kept apart is nowhere to be seen."""

from typing import Any

import pytest

from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.cases import SELF, opened
from tests.members.community.mapped import DOCKS, GARDENERS, MATSON, published

DIG: dict[str, Any] = {"interests": ["gardening"]}


def somewhere(**place: object) -> dict[str, object]:
    """A place in no known spot."""
    return {"place": place}


@ON_ONE_DATABASE
async def test_each_suggestion_says_why_in_words(members: Caller) -> None:
    await published(members)
    (found,) = await (await opened(members)).suggested(
        interests=["gardening", "cooking"],
        free=[{"day": "tuesday", "starts": "09:00", "ends": "13:00"}],
        languages=["pl"],
        access=["step_free"],
        **DOCKS,
    )
    assert (found["title"], found["reasons"]) == (
        GARDENERS["title"],
        [
            "It is about cooking and gardening.",
            "It is on every Tuesday at 10:00, when they are free.",
            "It is about 3.4 km away.",
            "People there speak a language of theirs (pl).",
            "It says that it has what they need to take part (step free).",
            "It has room for 3 more.",
        ],
    )


@ON_ONE_DATABASE
async def test_what_is_shared_comes_first_then_when_then_where_then_room(members: Caller) -> None:
    for title, said in (
        ("room for two", {"interests": ["gardening"], "times": [], "spare": 2, **somewhere()}),
        ("room for nine", {"interests": ["gardening"], "times": [], "spare": 9, **somewhere()}),
        ("at the docks", {"interests": ["gardening"], "times": [], "place": DOCKS}),
        ("in Matson", {"interests": ["gardening"], "times": [], "place": MATSON}),
        ("when they can", {"interests": ["gardening"], **somewhere()}),
        ("both interests", {"times": [], "place": MATSON}),
    ):
        await published(members, title=title, **said)
    case = await opened(members)
    wanted = {"interests": ["gardening", "cooking"], "free": [{"day": "tuesday"}], **DOCKS, "most": 20}
    found = [each["title"] for each in await case.suggested(**wanted)]
    assert found == ["both interests", "when they can", "at the docks", "in Matson", "room for nine", "room for two"]
    assert [each["title"] for each in await case.suggested(**wanted)] == found


async def test_what_does_not_fit_is_not_suggested(members: Caller) -> None:
    await published(members)
    await published(members, interests=["chess"], spare=0)
    case = await opened(members)
    for wanted in (
        {"interests": ["singing"]},
        {"interests": ["chess"]},
        DIG | {"free": [{"day": "monday"}]},
        DIG | {"free": [{"day": "tuesday", "starts": "10:30"}]},
        DIG | {"free": [{"day": "tuesday", "ends": "11:30"}]},
        DIG | {"within_km": 3.0, **DOCKS},
        DIG | {"languages": ["cy"]},
        DIG | {"access": ["hearing_loop"]},
    ):
        assert await case.suggested(**wanted) == [], wanted


async def test_where_nothing_is_said_the_clients_own_interests_and_district_are_asked_for(members: Caller) -> None:
    await published(members, title="Here", place={"postcode": "GL4 6LA"})
    await published(members, title="There", place={"postcode": "GL1 2EH"})
    await published(members, title="Chess", interests=["chess"])
    client = await members.person("Clara", interests=["gardening"], postcode="GL4 4AA")
    body = {"person": client, "connector": await members.person("Connor")}
    case = await members.post("/v1/connections", body)
    found = (await members.post(f"/v1/connections/{case['id']}/suggestions", {}, status=200))["data"]
    assert [each["title"] for each in found] == ["Here", "There"]
    assert "It is in their part of town." in found[0]["reasons"]


@ON_ONE_DATABASE
async def test_what_was_tried_already_is_not_suggested_again(members: Caller) -> None:
    case = await opened(members)
    asset = (await published(members))["id"]
    assert [each["asset"] for each in await case.suggested(**DIG)] == [asset]
    await case.step(await case.permit(asset), "withdraw")
    assert await case.suggested(**DIG) == []


@ON_ONE_DATABASE
async def test_no_reason_tells_where_a_group_at_risk_is(members: Caller) -> None:
    await published(members, address_withheld=True)
    case = await opened(members)
    (found,) = await case.suggested(**DIG, **MATSON, area="matson")
    assert found["reasons"] == ["It is about gardening.", "It is in their part of town.", "It has room for 3 more."]
    (found,) = await case.suggested(**DIG, postcode="GL4 6LA")
    assert found["reasons"] == ["It is about gardening.", "It has room for 3 more."]


@pytest.mark.parametrize("first", ["the client", "the other"])
async def test_people_kept_apart_are_never_brought_together_and_no_reason_shows(
    members: Caller, lead: Caller, first: str
) -> None:
    theirs, ours = await opened(members, "Other"), await opened(members)
    met, full = (await published(members))["id"], (await published(members, spare=0))["id"]
    await theirs.step(await theirs.permit(met), "introduce")
    assert [each["asset"] for each in await ours.suggested(**DIG)] == [met]
    one, another = (ours.client, theirs.client) if first == "the client" else (theirs.client, ours.client)
    apart = await lead.post("/v1/keep-apart", {"person": one, "other": another})
    answers = [
        await members.post(f"{ours.path}/suggestions", wanted, status=200) for wanted in (DIG, {"interests": ["chess"]})
    ]
    assert answers == [{"data": [], "unmet": True}] * 2
    refusals = [
        await members.refused(f"{ours.path}/introductions", {"asset": asset, "permission": SELF})
        for asset in (met, full)
    ]
    assert [(status, _without_instance(problem)) for status, problem in refusals] == [
        (409, _without_instance(refusals[1][1]))
    ] * 2
    await lead.post(f"/v1/keep-apart/{apart['id']}/end", status=200)
    assert [each["asset"] for each in await ours.suggested(**DIG)] == [met]
    assert "apart" not in str(await members.published())


async def test_who_becomes_kept_apart_after_the_permission_is_not_introduced(members: Caller, lead: Caller) -> None:
    theirs, ours = await opened(members, "Other"), await opened(members)
    asset = (await published(members))["id"]
    await theirs.step(await theirs.permit(asset), "introduce")
    permitted = await ours.permit(asset)
    await lead.post("/v1/keep-apart", {"person": ours.client, "other": theirs.client})
    assert (await ours.refused(permitted, "introduce", {}))[1]["code"] == "not_available"
    assert (await members.get(f"/v1/assets/{asset}"))["spare"] == 2


async def test_what_belongs_to_somebody_kept_apart_or_to_their_organisation_is_not_suggested(
    members: Caller, lead: Caller
) -> None:
    case, owner = await opened(members), await members.person("Owen")
    trust = (await members.post("/v1/organisations", {"name": "Matson Trust"}))["id"]
    await members.post("/v1/affiliations", {"person": owner, "organisation": trust})
    await published(members, person=owner)
    await published(members, organisation=trust)
    assert len(await case.suggested(**DIG)) == 2
    await lead.post("/v1/keep-apart", {"person": owner, "other": case.client})
    assert await case.suggested(**DIG) == []


def _without_instance(problem: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in problem.items() if name != "instance"}


@ON_ONE_DATABASE
async def test_a_host_who_is_kept_apart_is_refused_like_anything_else(members: Caller, lead: Caller) -> None:
    case, host = await opened(members), await members.person("Hester")
    introduction = await case.permit((await published(members))["id"])
    await lead.post("/v1/keep-apart", {"person": host, "other": case.client})
    assert (await case.refused(introduction, "introduce", {"host": host}))[1]["code"] == "not_available"
    assert (await case.step(introduction, "introduce"))["state"] == "introduced"


async def test_what_nothing_meets_is_noted_once_a_case_and_holds_nobody(members: Caller, other: Caller) -> None:
    for name in ("Fay", "Asa", "Mel"):
        case = await opened(members, name)
        for _ in range(2):
            assert await case.suggested(interests=["choir", "chess"], area="Matson") == []
    await (await opened(members)).suggested(interests=["choir"], postcode="GL1 2EH")
    wishes = await members.every("/v1/connections/unmet-wishes", limit=1)
    assert [(each["theme"], each["place"], each["wishes"]) for each in wishes] == [
        ("chess", "Matson", 3),
        ("choir", "GL1", 1),
        ("choir", "Matson", 3),
    ]
    assert set(wishes[0]) == {"theme", "place", "wishes", "first_on", "latest_on"}
    assert len((await members.get("/v1/connections/unmet-wishes", at_least=3))["data"]) == 2
    assert [kind for kind, _ in await members.published()].count("wish.unmet") == 7
    assert (await other.get("/v1/connections/unmet-wishes"))["data"] == []


@ON_ONE_DATABASE
async def test_a_wish_that_makes_no_sense_is_refused(members: Caller) -> None:
    path = f"{(await opened(members)).path}/suggestions"
    for wanted, pointer in (
        ({"interests": ["Growing things"]}, "/interests/0"),
        ({"latitude": 51.0}, ""),
        ({"within_km": 3}, ""),
        ({"most": 21}, "/most"),
        ({"free": [{"day": "monday", "starts": "25:00"}]}, "/free/0/starts"),
    ):
        status, problem = await members.refused(path, wanted)
        assert (status, list(faults(problem))) == (422, [pointer]), wanted
