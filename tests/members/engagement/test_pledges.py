"""Pledges: made, kept, released or overdue, and shown openly only by permission."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi import FastAPI

from services.members.engagement import due
from services.members.engagement.pledges.models import NoLongerChanged, Pledge, PledgeState
from shared import clock
from shared.ids import new_id
from shared.lifecycle import IllegalTransition
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TODAY = clock.now().date()


async def pledged(members: Caller, person: str, **other: object) -> Json:
    return await members.post("/v1/pledges", {"person": person, "text": "I will walk.", **other})


async def acted(members: Caller, pledge: Json, act: str, **said: object) -> Json:
    return await members.post(f"/v1/pledges/{pledge['id']}/{act}", said, status=200)


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


async def test_a_person_pledges_and_keeps_it_which_both_are_things_that_they_did(members: Caller) -> None:
    ada = await members.person()
    kept = await acted(members, await pledged(members, ada), "keep", note="Every Tuesday.")
    assert [step["state"] for step in kept["history"]] == ["made", "kept"]
    assert (kept["state"], kept["settled_on"], kept["note"]) == ("kept", TODAY.isoformat(), "Every Tuesday.")
    done = [activity["kind"] for activity in (await members.get("/v1/activities", person=ada))["data"]]
    assert done == ["pledged", "kept_pledge"]
    types = [kind for kind, _ in await members.published(ada) if kind.startswith("pledge")]
    assert types == ["pledge.made", "pledge.kept"]


async def test_an_organisation_pledges_with_the_sign_up_of_its_person_and_the_same_again_makes_nothing(
    members: Caller,
) -> None:
    hall = await members.organisation("The hall")
    said = {"text": "Our hall is open.", "organisation": hall, "published": True}
    person = {"external_ids": [{"system": "civicrm", "id": "1"}]}
    made = await members.sign_up("Ada", person=person, pledge=said)
    again = await members.sign_up("Ada", person=person, pledge=said, status=200)
    assert again["pledge"] == made["pledge"]
    (shown,) = (await members.get("/v1/pledges", organisation=hall))["data"]
    assert (shown["id"], shown["person"], shown["given_by"]) == (made["pledge"], None, made["person"])
    assert shown["published"]["permitted_by"] == made["person"]
    assert [kind for kind, _ in await members.published(hall) if "pledge" in kind] == [
        "organisation.pledged",
        "pledge.published",
    ]


async def test_a_pledge_is_shown_openly_by_permission_for_its_words_and_for_no_others(members: Caller) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    shown = await pledged(members, ada, published={})
    assert shown["published"]["permitted_by"] == ada
    edit = {"text": "I will run."}
    path = f"/v1/pledges/{shown['id']}"
    answered = await members.client.patch(path, json=edit, headers={"If-Match": f'"{shown["version"]}"'})
    assert (answered.json()["text"], answered.json()["published"]) == ("I will run.", None)
    again = await acted(members, shown, "publish", permitted_by=eve)
    assert again["published"]["permitted_by"] == eve
    assert (await members.get("/v1/pledges", published="true"))["data"] == [again]
    status, problem = await members.refused(f"{path}/publish", {})
    assert (status, problem["code"]) == (409, "already_published")
    hidden = await acted(members, shown, "unpublish")
    assert (hidden["published"], (await members.get("/v1/pledges", published="true"))["data"]) == (None, [])


async def test_an_organisations_pledge_needs_somebodys_permission_to_be_shown(members: Caller) -> None:
    hall, ada = await members.organisation(), await members.person()
    said = {"organisation": hall, "text": "Our hall is open.", "published": {}}
    status, problem = await members.refused("/v1/pledges", said)
    assert (status, faults(problem)) == (422, {"/published/permitted_by": "no_permission"})
    assert (await members.get("/v1/pledges"))["data"] == []
    made = await members.post("/v1/pledges", said | {"published": {"permitted_by": ada}})
    assert made["published"]["permitted_by"] == ada


async def test_nothing_that_a_child_pledges_is_shown_openly_on_any_path(members: Caller) -> None:
    child = await members.person("Kim", age_band="13_to_15")
    status, problem = await members.refused("/v1/pledges", {"person": child, "text": "I will walk.", "published": {}})
    assert (status, problem["code"]) == (409, "not_shown_openly")
    made = await pledged(members, child)
    status, problem = await members.refused(f"/v1/pledges/{made['id']}/publish", {})
    assert (status, problem["code"]) == (409, "not_shown_openly")
    sign_up = {
        "person": {"given_name": "Kim", "age_band": "13_to_15"},
        "pledge": {"text": "I will walk.", "published": True},
    }
    status, problem = await members.refused("/v1/sign-ups", sign_up)
    assert (status, faults(problem)) == (422, {"/pledge/published": "not_shown_openly"})


async def test_a_pledge_is_overdue_from_midnight_in_the_movements_zone_and_can_still_be_kept(
    members: Caller, app: FastAPI
) -> None:
    ada = await members.person()
    late = await pledged(members, ada, due_on="2090-06-30")  # the service itself looks at what is due already
    without_day = await pledged(members, ada)
    with clock.frozen(datetime(2090, 6, 30, 22, 30, tzinfo=UTC)):  # still the 30th in London's summer
        await due.look(app.state.parts)
    assert (await members.get(f"/v1/pledges/{late['id']}"))["state"] == "made"
    with clock.frozen(datetime(2090, 6, 30, 23, 30, tzinfo=UTC)):
        for _ in range(2):
            await due.look(app.state.parts)
    shown = await members.get(f"/v1/pledges/{late['id']}")
    assert [(step["state"], step["by"]) for step in shown["history"]][1:] == [("overdue", "service:members")]
    assert (await members.get("/v1/pledges", state="overdue"))["data"] == [shown]
    assert (await members.get(f"/v1/pledges/{without_day['id']}"))["state"] == "made"
    assert [kind for kind, _ in await members.published(ada)].count("pledge.overdue") == 1
    kept = await acted(members, shown, "keep")
    assert [step["state"] for step in kept["history"]] == ["made", "overdue", "kept"]


async def test_of_many_who_settle_a_pledge_at_once_one_does(members: Caller) -> None:
    ada = await members.person()
    path = f"/v1/pledges/{(await pledged(members, ada))['id']}"
    answers = await asyncio.gather(
        *(members.client.post(f"{path}/{act}", json={}) for act in ("keep", "release", "keep", "release"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    events = [kind for kind, _ in await members.published(ada)]
    assert events.count("pledge.kept") + events.count("pledge.released") == 1


async def test_a_pledge_with_faults_is_refused_whole(members: Caller) -> None:
    wrong = {"organisation": new_id("org"), "text": "Ours.", "given_by": new_id("person")}
    status, problem = await members.refused("/v1/pledges", wrong)
    assert (status, faults(problem)) == (422, {"/given_by": "unknown_person", "/organisation": "unknown_organisation"})
    sign_up = {"person": {"given_name": "Ada"}, "pledge": {"text": "Ours.", "organisation": new_id("org")}}
    status, problem = await members.refused("/v1/sign-ups", sign_up)
    assert (status, faults(problem)) == (422, {"/pledge/organisation": "unknown_organisation"})
    assert (await members.get("/v1/people"))["data"] == []
    made = await pledged(members, await members.person())
    tomorrow = (TODAY + timedelta(days=2)).isoformat()
    status, problem = await members.refused(f"/v1/pledges/{made['id']}/keep", {"on": tomorrow})
    assert (status, faults(problem)) == (422, {"/on": "in_the_future"})
    assert (await members.get(f"/v1/pledges/{made['id']}"))["state"] == "made"


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"text": "Walk."}, ""),
        ({"text": "Walk.", "person": new_id("person"), "organisation": new_id("org")}, ""),
        ({"text": "Walk.", "person": new_id("person"), "given_by": new_id("person")}, ""),
        ({"person": new_id("person")}, "/text"),
        ({"text": "Walk.", "person": "ada"}, "/person"),
        ({"text": "Walk.", "person": new_id("person"), "campaign": "Walk more!"}, "/campaign"),
        ({"text": "Walk.", "person": new_id("person"), "due_on": "soon"}, "/due_on"),
        ({"text": "Walk.", "person": new_id("person"), "published": True}, "/published"),
    ],
)
async def test_a_malformed_pledge_is_named_by_its_pointer(members: Caller, said: Json, pointer: str) -> None:
    status, problem = await members.refused("/v1/pledges", said)
    assert (status, list(faults(problem))) == (422, [pointer])


def a_pledge(state: PledgeState) -> Pledge:
    return Pledge(version=1, state=state)


@pytest.mark.parametrize("state", [PledgeState.KEPT, PledgeState.RELEASED])
def test_what_is_settled_stays_settled(state: PledgeState) -> None:
    on = date(2026, 5, 1)
    with pytest.raises(IllegalTransition):
        a_pledge(state).keep(on, "user_1", NOON, None)
    with pytest.raises(IllegalTransition):
        a_pledge(state).release(on, "user_1", NOON, None)
    with pytest.raises(IllegalTransition):
        a_pledge(state).fall_due(NOON)


@pytest.mark.parametrize("state", [PledgeState.OVERDUE, PledgeState.KEPT, PledgeState.RELEASED])
def test_only_an_open_pledge_is_changed(state: PledgeState) -> None:
    with pytest.raises(NoLongerChanged):
        a_pledge(state).edit(NOON)
