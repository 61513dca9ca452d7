"""What people did for one another once one of them is erased: what is others' stays, and nobody waits for them."""

from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.life.exchanging import listed, matched, state
from tests.members.trust.erasing import erased


@ON_ONE_DATABASE
async def test_what_is_others_stays_without_who_was_erased(members: Caller, user: Caller) -> None:
    ada, ben = await members.person("Ada"), await members.person("Zeb", family_name="Quill")
    ask, offer = await listed(members, "asks", ada), await listed(members, "offers", ben)
    await matched(members, ask, offer)
    win = await members.post(
        "/v1/wins", {"what": "Thirty walk with Zeb Quill.", "made_by": [{"person": ben}, {"words": "others"}]}
    )
    course = {"title": "Walks", "topic": "walking", "starts_on": "2026-01-01", "ends_on": "2999-01-01"}
    taken = {"course": (await members.post("/v1/learning/courses", course))["id"], "person": ada}
    place = f"/v1/learning/places/{(await members.post('/v1/learning/places', taken))['id']}"
    await members.post(f"{place}/complete", {}, status=200)
    await members.post(f"{place}/pass-on", {"person": ben}, status=200)
    await erased(user, ben)
    assert (await members.get("/v1/offers"))["data"] == (await members.get("/v1/asks/matches"))["data"] == []
    assert await state(members, ask) == "open"
    (passed,) = (await members.get(place))["passed_on"]
    assert (passed["person"], passed["people"]) == (None, 1)
    left = await members.get(f"/v1/wins/{win['id']}")
    assert (left["what"], [each["words"] for each in left["made_by"]]) == ("Thirty walk with [erased].", ["others"])
