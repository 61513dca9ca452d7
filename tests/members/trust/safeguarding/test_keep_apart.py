"""Recording who is kept apart: sealed, for safeguarding alone, and true of whoever somebody turns out to be."""

from fastapi import FastAPI

from services.members.trust.safeguarding.keep_apart import store
from shared.db.session import Session
from shared.ids import new_id
from shared.parts import Parts
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller


async def apart(app: FastAPI, movement: str, one: str, another: str) -> bool:
    def asked(session: Session) -> bool:
        return store.are_apart(session, movement, one, another)

    parts: Parts = app.state.parts
    return await parts.db.read(asked)


async def test_two_people_are_kept_apart_in_either_order_until_it_is_ended(
    app: FastAPI, members: Caller, lead: Caller
) -> None:
    ada, eve, may = [await members.person(name) for name in ("Ada", "Eve", "May")]
    made = await lead.post("/v1/keep-apart", {"person": ada, "other": eve, "review_on": "2027-01-01"})
    assert (await lead.get("/v1/keep-apart", person=eve))["data"] == [made]
    assert (await lead.get("/v1/keep-apart", person=may))["data"] == []
    asked = [(ada, eve), (eve, ada), (ada, may)]
    assert [await apart(app, members.movement, *pair) for pair in asked] == [True, True, False]
    await lead.post(f"/v1/keep-apart/{made['id']}/end", status=200)
    assert not await apart(app, members.movement, ada, eve)


async def test_who_is_merged_is_kept_apart_under_their_new_id_and_again_under_the_old_one(
    app: FastAPI, members: Caller, lead: Caller
) -> None:
    ada, eve, twin = [await members.person(name) for name in ("Ada", "Eve", "Ada")]
    await lead.post("/v1/keep-apart", {"person": twin, "other": eve})
    await members.post(f"/v1/people/{ada}/merge", {"merged": twin}, status=200)
    assert await apart(app, members.movement, ada, eve)
    (listed,) = (await lead.get("/v1/keep-apart", person=ada))["data"]
    assert {listed["person"], listed["other"]} == {ada, eve}
    await members.post(f"/v1/people/{twin}/unmerge", status=200)
    assert not await apart(app, members.movement, ada, eve)
    assert await apart(app, members.movement, twin, eve)


@ON_ONE_DATABASE
async def test_a_pair_names_two_different_people_of_the_movement(members: Caller, other: Caller, lead: Caller) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    for pair, pointer in (
        ({"person": ada, "other": ada}, "/other"),
        ({"person": ada, "other": await other.person()}, "/other"),
        ({"person": new_id("person"), "other": eve}, "/person"),
    ):
        status, problem = await lead.refused("/v1/keep-apart", pair)
        assert (status, list(faults(problem))) == (422, [pointer])
