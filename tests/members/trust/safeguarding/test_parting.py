"""Who is kept apart is not booked, taken in or put in charge where the other is; where both are, one gives way."""

from shared import clock
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community import mapped
from tests.members.community.cases import Case
from tests.members.community.steps import active_circle, tie
from tests.members.engagement.gatherings.steps import book, edit, published, states

TODAY = clock.now().date().isoformat()


async def keep_apart(lead: Caller, stays: str, gives_way: str) -> None:
    await lead.post("/v1/keep-apart", {"person": stays, "other": gives_way})


async def people(members: Caller, *names: str) -> list[str]:
    return [await members.person(name) for name in names]


async def test_of_two_who_are_booked_the_other_gives_way_and_is_not_booked_again(members: Caller, lead: Caller) -> None:
    ada, eve = await people(members, "Ada", "Eve")
    gathering, slot = await published(members)
    await book(members, gathering, slot, ada)
    await book(members, gathering, slot, eve)
    await keep_apart(lead, ada, eve)
    assert await states(members, slot, gathering) == ["booked", "cancelled"]
    for body in ({"person": eve}, {"person": await members.person(), "companions": [{"kind": "guest", "person": eve}]}):
        path = f"/v1/gatherings/{gathering}/bookings"
        status, problem = await members.refused(path, {"slot": slot, **body})
        assert (status, problem["code"]) == (409, "not_available")
        assert "apart" not in str(problem)


@ON_ONE_DATABASE
async def test_nobody_leads_where_somebody_is_expected_whom_they_are_kept_from(members: Caller, lead: Caller) -> None:
    ada, eve, may = await people(members, "Ada", "Eve", "May")
    gathering, slot = await published(members)
    path = f"/v1/gatherings/{gathering}/safety"
    await book(members, gathering, slot, ada)
    await edit(members, path, {"leader": eve, "deputy": may}, method="PATCH")
    await keep_apart(lead, ada, eve)
    plan = await members.get(path)
    assert (plan["leader"], plan["deputy"]) == (None, may)
    for team in ({"leader": eve}, {"deputy": eve}):
        assert (await edit(members, path, team, method="PATCH", status=409))["code"] == "not_available"


@ON_ONE_DATABASE
async def test_nobody_is_taken_into_a_circle_or_given_a_case_or_a_relationship_with_them(
    members: Caller, lead: Caller
) -> None:
    ada, eve = await people(members, "Ada", "Eve")
    circle = await active_circle(members)
    path = f"/v1/circles/{circle}/members"
    for person in (ada, eve):
        await members.post(path, {"person": person, "role": "member", "from": TODAY})
    await keep_apart(lead, ada, eve)
    assert [each["state"] for each in (await members.get(path))["data"]] == ["current", "ended"]
    for refused, body in (
        (path, {"person": eve, "role": "member", "from": TODAY}),
        ("/v1/connections", {"person": ada, "connector": eve}),
        ("/v1/stewardships", {"about": eve, "holder": ada, "why": "They know each other."}),
    ):
        assert (await members.refused(refused, body))[1]["code"] == "not_available"


@ON_ONE_DATABASE
async def test_two_records_that_become_one_are_parted_from_whom_either_is_kept_from(
    members: Caller, lead: Caller
) -> None:
    ada, twin, eve = await people(members, "Ada", "Ada", "Eve")
    gathering, slot = await published(members)
    await keep_apart(lead, ada, eve)
    await book(members, gathering, slot, twin)
    await book(members, gathering, slot, eve)
    await members.post(f"/v1/people/{ada}/merge", {"merged": twin}, status=200)
    assert await states(members, slot, gathering) == ["booked", "cancelled"]


async def test_the_lead_sees_where_the_two_were_together_and_what_goes_on_between_them(
    members: Caller, lead: Caller, other: Caller
) -> None:
    ada, eve = await people(members, "Ada", "Eve")
    gathering, slot = await published(members)
    for person in (ada, eve):
        await book(members, gathering, slot, person)
    circle = await active_circle(members)
    for person in (ada, eve):
        body = {"person": person, "role": "member", "from": TODAY}
        await members.post(f"/v1/circles/{circle}/members", body)
    case = (await members.post("/v1/connections", {"person": ada, "connector": eve}))["id"]
    offered = (await mapped.published(members, person=eve))["id"]
    met = await Case(members, ada, eve, case).permit(offered)
    kept = (await members.post("/v1/stewardships", {"holder": eve, "about": ada, "why": "They are neighbours"}))["id"]
    told = await tie(members, ada, eve, visibility="sides")
    pair = (await lead.post("/v1/keep-apart", {"person": ada, "other": eve}))["id"]
    shared = (await lead.get(f"/v1/keep-apart/{pair}/together"))["data"]
    assert {(each["kind"], each["id"]): each["goes_on"] for each in shared} == {
        ("circle", circle): False,
        ("connection", case): True,
        ("introduction", met): True,
        ("stewardship", kept): True,
        ("tie", told): True,
    }
    for caller in (members, other):
        assert (await caller.client.get(f"/v1/keep-apart/{pair}/together")).status_code == 404
