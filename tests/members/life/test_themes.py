"""What voices have in common: suggested by likeness of words, confirmed by a person, voted on, answered as one."""

import asyncio
from datetime import timedelta

import pytest

from services.members.handlers import HANDLERS
from services.members.life.themes import alike
from services.members.life.themes.alike import Said
from shared import clock
from shared.db import Context
from shared.events.base import Received
from shared.events.grants.rounds import RoundClosed, RoundDrafted, RoundOpened
from shared.ids import new_id
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.cases import opened
from tests.members.life.voicing import CARERS, GARDEN, GARDEN_TOO, NO_BUS, NO_BUS_EITHER, said, themed, wished


async def test_voices_alike_in_words_are_suggested_and_a_person_confirms_them(members: Caller) -> None:
    made = {words: (await said(members, words))["id"] for words in (NO_BUS, GARDEN, CARERS, NO_BUS_EITHER, GARDEN_TOO)}
    suggested = await members.get("/v1/voices/themes/suggested")
    assert suggested["compared"] == 5
    assert [[each["words"] for each in group["voices"]] for group in suggested["data"]] == [
        [NO_BUS, NO_BUS_EITHER],
        [GARDEN, GARDEN_TOO],
    ]
    assert [set(group["shared_words"]) for group in suggested["data"]] == [{"evening"}, {"garden", "group"}]
    assert [each["theme"] for each in (await members.get("/v1/voices"))["data"]] == [None] * 5
    theme = await themed(members, made[NO_BUS], made[NO_BUS_EITHER])
    shown = await members.get(f"/v1/voices/themes/{theme}")
    assert (shown["voices"], shown["people"], shown["unanswered"], shown["votes"]) == (2, 2, 2, 0)
    assert (await members.get("/v1/voices/themes/suggested"))["compared"] == 3


@ON_ONE_DATABASE
async def test_a_voice_is_shown_the_themes_whose_voices_are_like_it(members: Caller) -> None:
    garden = await themed(members, (await said(members, GARDEN))["id"], slug="gardening")
    await themed(members, (await said(members, NO_BUS))["id"])
    voice = (await said(members, GARDEN_TOO))["id"]
    (found,) = (await members.get(f"/v1/voices/{voice}/themes-like"))["data"]
    assert (found["theme"], found["like"]["words"]) == (garden, GARDEN)
    assert found["likeness"] >= 55
    await members.post(f"/v1/voices/themes/{garden}/voices", {"voices": [voice]}, status=200)
    assert (await members.get(f"/v1/voices/{voice}"))["theme"] == garden


async def test_everybody_has_one_vote_on_a_theme_and_may_take_it_back(members: Caller) -> None:
    theme, ada, joan = await themed(members), await members.person("Ada"), await members.person("Joan")
    votes = f"/v1/voices/themes/{theme}/votes"
    answered = await asyncio.gather(*(members.client.post(votes, json={"person": ada}) for _ in range(4)))
    assert sorted(each.status_code for each in answered) == [201, 409, 409, 409]
    assert (await members.post(votes, {"person": joan}))["votes"] == 2
    status, problem = await members.refused(votes, {"person": ada})
    assert (status, problem["code"]) == (409, "already_voted")
    assert (await members.client.delete(f"{votes}/{ada}")).status_code == 204
    assert (await members.client.delete(f"{votes}/{ada}")).status_code == 404
    assert (await members.post(votes, {"person": ada}))["votes"] == 2
    _, problem = await members.refused(votes, {"person": new_id("person")})
    assert faults(problem) == {"/person": "unknown_person"}


@ON_ONE_DATABASE
async def test_of_two_records_of_a_person_who_both_voted_one_vote_is_left_until_they_are_two_again(
    members: Caller,
) -> None:
    theme, ada, also_ada = await themed(members), await members.person("Ada"), await members.person("Ada")
    for person in (ada, also_ada):
        await members.post(f"/v1/voices/themes/{theme}/votes", {"person": person})
    await members.post(f"/v1/people/{ada}/merge", {"merged": also_ada}, status=200)
    assert (await members.get(f"/v1/voices/themes/{theme}"))["votes"] == 1
    _, problem = await members.refused(f"/v1/voices/themes/{theme}/votes", {"person": also_ada})
    assert problem["code"] == "already_voted"
    await members.post(f"/v1/people/{also_ada}/unmerge", status=200)
    assert (await members.get(f"/v1/voices/themes/{theme}"))["votes"] == 2


async def test_a_theme_is_taken_up_answered_and_told_back_as_one(members: Caller) -> None:
    ada = await members.person("Ada")
    one = await said(members, hear=[{"person": ada}])
    other, before = await said(members, NO_BUS_EITHER), await said(members)
    await members.post(f"/v1/voices/{before['id']}/answers", {"answer": "done"})
    theme = f"/v1/voices/themes/{await themed(members, one['id'], other['id'], before['id'])}"
    partner = {"by": "partner", "id": await members.organisation("Stagecoach")}
    await members.post(f"/v1/voices/{one['id']}/uptakes", partner)
    await members.post(f"{theme}/uptakes", partner)
    assert (await members.post(f"{theme}/answers", {"answer": "no", "why": "No driver."}))["unanswered"] == 0
    await members.post(f"{theme}/tell-back", {"how": "at the bus stop"}, status=200)
    shown = {each["id"]: each for each in (await members.get("/v1/voices"))["data"]}
    assert [shown[each["id"]]["state"] for each in (one, other, before)] == ["told_back"] * 3
    assert [len(shown[each["id"]]["taken_up_by"]) for each in (one, other, before)] == [1, 1, 0]
    assert shown[before["id"]]["answers"][0]["answer"] == "done"
    assert (await members.client.get(f"/v1/voices/{one['id']}/listeners")).json()[0]["told_at"] is not None


@ON_ONE_DATABASE
async def test_a_theme_keeps_its_slug_and_two_do_not_share_one(members: Caller) -> None:
    theme = await themed(members)
    path = f"/v1/voices/themes/{theme}"
    edit = {"name": "Buses in the evening"}
    changed = await members.client.patch(path, json=edit, headers={"If-Match": '"1"'})
    assert (changed.json()["name"], changed.json()["slug"]) == ("Buses in the evening", "evening_buses")
    assert (await members.client.patch(path, json=edit, headers={"If-Match": '"1"'})).status_code == 412
    again = {"slug": "evening_buses", "name": "Buses", "voices": [(await said(members))["id"]]}
    status, problem = await members.refused("/v1/voices/themes", again)
    assert (status, problem["code"], problem["theme"]) == (409, "theme_taken", theme)
    unknown = again | {"slug": "buses", "voices": [new_id("voice")]}
    assert faults((await members.refused("/v1/voices/themes", unknown))[1]) == {"/voices/0": "unknown_voice"}
    assert len((await members.get("/v1/voices/themes"))["data"]) == 1


@pytest.mark.parametrize(
    ("one", "other", "alike_enough"),
    [
        (NO_BUS, NO_BUS_EITHER, True),
        ("Why not use the school hall at weekends?", "The school hall stands empty on Saturdays and Sundays.", True),
        ("The CAFÉ is shut!", "the cafe is shut", True),
        (NO_BUS, GARDEN, False),
        ("There is no bus.", "There is no garden.", False),
        ("The bus", "Public transport", False),
        ("It is what it is.", "It is not what it was.", False),
    ],
)
def test_likeness_is_of_the_words_that_say_something(one: str, other: str, alike_enough: bool) -> None:
    assert (alike.likeness(one, other) >= 55) is alike_enough
    assert alike.likeness(one, other) == alike.likeness(other, one)


def test_what_is_like_nothing_is_in_no_group() -> None:
    voices = [Said(str(number), words) for number, words in enumerate((NO_BUS, CARERS, NO_BUS_EITHER, NO_BUS))]
    (group,) = alike.groups(voices, 55)
    assert [each.voice for each in group.voices] == ["0", "2", "3"]


async def test_enough_wishes_alike_in_a_place_suggest_a_round_once(members: Caller) -> None:
    first = await wished(members)
    theme = await themed(members, first["id"], slug="gardening")
    await wished(members, theme=theme, people=1)
    for other in ({"place": "Hucclecote"}, {"place": None}, {"kind": "idea"}):
        await wished(members, theme=theme, **other)
    assert (await members.get("/v1/voices/round-suggestions"))["data"] == []
    await wished(members, theme=theme)
    await wished(members, theme=theme)
    (suggested,) = (await members.get("/v1/voices/round-suggestions"))["data"]
    assert (suggested["theme"], suggested["place"], suggested["wishes"], suggested["round"]) == (
        "gardening", "Matson", 3, None,
    )  # fmt: skip
    told = [(kind, payload) for kind, payload in await members.published() if kind == "round_suggestion.made"]
    assert told == [("round_suggestion.made", {"suggestion": suggested["id"], "wishes": 3})]
    assert await members.get(f"/internal/round-suggestions/{suggested['id']}") == {
        "theme": "Gardening", "place": "Matson",
    }  # fmt: skip


async def test_of_wishes_that_come_at_once_the_third_is_not_missed(members: Caller) -> None:
    theme = await themed(members, slug="gardening")
    await asyncio.gather(*(wished(members, theme=theme) for _ in range(3)))
    assert len((await members.get("/v1/voices/round-suggestions"))["data"]) == 1


async def test_what_introductions_found_nothing_for_counts_with_what_people_said(members: Caller) -> None:
    theme = await themed(members, (await wished(members))["id"], slug="gardening")
    for name in ("Clara", "Cy"):
        case = await opened(members, name)
        await case.suggested(interests=["gardening"], area="Matson")
        await case.suggested(interests=["gardening"], area="Matson")  # once a case
    (suggested,) = (await members.get("/v1/voices/round-suggestions"))["data"]
    assert (suggested["theme"], suggested["wishes"]) == ("gardening", 3)
    assert (await members.get(f"/v1/voices/themes/{theme}"))["voices"] == 1


async def test_the_round_that_came_of_it_takes_up_the_wishes_when_it_opens_and_makes_room_when_it_is_over(
    members: Caller,
) -> None:
    now, made = clock.now(), new_id("round")
    first = await wished(members, people=3)
    theme = await themed(members, first["id"], slug="gardening")
    (suggested,) = (await members.get("/v1/voices/round-suggestions"))["data"]
    by_round = {"by": "round", "id": made}
    _, problem = await members.refused(f"/v1/voices/{first['id']}/uptakes", by_round)
    assert faults(problem) == {"/id": "unknown_round"}
    await followed(members, RoundDrafted(round=made, suggestion=suggested["id"]))
    assert (await members.get("/v1/voices/round-suggestions"))["data"][0]["round"] == made
    taken_up = await wished(members, theme=theme)
    await members.post(f"/v1/voices/{taken_up['id']}/uptakes", by_round)
    for _ in range(2):  # events may come twice
        await followed(members, RoundOpened(round=made, fund=new_id("fund"), budget_pence=1, currency="GBP"))
    for voice in (first, taken_up):
        shown = await members.get(f"/v1/voices/{voice['id']}")
        assert (shown["state"], [each["id"] for each in shown["taken_up_by"]]) == ("taken_up", [made])
    await followed(members, RoundClosed(round=made))
    await wished(members, theme=theme, people=3)  # of the day on which the round closed
    assert len((await members.get("/v1/voices/round-suggestions"))["data"]) == 1
    with clock.frozen(now + timedelta(days=1)):
        await wished(members, theme=theme, people=3)
    suggestions = (await members.get("/v1/voices/round-suggestions"))["data"]
    assert [each["wishes"] for each in suggestions] == [3, 3]


async def followed(members: Caller, event: RoundDrafted | RoundOpened | RoundClosed) -> None:
    """Have the service told of what grants did."""
    received = Received(
        id=new_id("event"), type=event.event_type, service="grants", key=event.round, sequence=1,
        movement=members.movement, actor="key_of_somebody", causation=None, origin=None, traceparent=None,
        time=clock.now(), payload=b"",
    )  # fmt: skip
    db = members.app.state.parts.db.on_behalf(Context(members.movement, received.actor))
    await db.write(lambda session: HANDLERS[type(event)](session, received, event))
