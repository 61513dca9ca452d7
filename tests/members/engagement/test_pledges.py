"""Reading pledges."""

from tests.members.caller import Caller


async def test_pledges_are_listed_by_person_and_by_campaign(members: Caller) -> None:
    made = [
        await members.sign_up(name, pledge={"text": f"{name} will walk", "campaign": campaign})
        for name, campaign in (("Ada", "walk_more"), ("Eve", "walk_more"), ("Joan", "eat_well"))
    ]
    pledges = (await members.get("/v1/pledges"))["data"]
    assert [pledge["id"] for pledge in pledges] == [one["pledge"] for one in made]
    assert [pledge["text"] for pledge in pledges] == ["Ada will walk", "Eve will walk", "Joan will walk"]
    (of_eve,) = (await members.get("/v1/pledges", person=made[1]["person"]))["data"]
    assert of_eve["id"] == made[1]["pledge"]
    assert len((await members.get("/v1/pledges", campaign="walk_more"))["data"]) == 2


async def test_pledges_come_in_pages(members: Caller) -> None:
    for name in ("Ada", "Eve", "Joan"):
        await members.sign_up(name, pledge={"text": f"{name} will walk"})
    first = await members.get("/v1/pledges", limit=2)
    second = await members.get("/v1/pledges", limit=2, cursor=first["next_cursor"])
    said = [pledge["text"] for pledge in first["data"] + second["data"]]
    assert said == ["Ada will walk", "Eve will walk", "Joan will walk"]
    assert second["next_cursor"] is None
