"""Campaigns: none opens without a published pledge, each says how far it is, and those who decide are asked."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.members.engagement import due
from services.members.engagement.campaigns.models import Campaign, CampaignKind, CampaignState, NobodyAsked
from services.members.engagement.pledges import domain as pledges
from shared import clock
from shared.db import Context
from shared.ids import new_id
from shared.lifecycle import IllegalTransition
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TODAY = clock.now().date()
WALK_MORE = {"slug": "walk_more", "name": "Walk more", "kind": "public_will", "purpose": "Everybody walks."}
STREETS = {
    "slug": "school_streets",
    "name": "School streets",
    "kind": "policy_ask",
    "purpose": "Safe at the gates.",
    "asks": [{"decider": "The council's cabinet", "question": "Close the streets at opening time."}],
}


async def drafted(members: Caller, said: Json = WALK_MORE, **other: object) -> Json:
    return await members.post("/v1/campaigns", said | other)


async def acted(members: Caller, campaign: Json, act: str) -> tuple[int, Json]:
    answered = await members.client.post(f"/v1/campaigns/{campaign['id']}/{act}", headers={"If-Match": "*"})
    return answered.status_code, answered.json()


async def published(members: Caller, campaign: str, person: str) -> Json:
    said = {"person": person, "text": "I will.", "campaign": campaign, "published": {}}
    return await members.post("/v1/pledges", said)


async def test_a_campaign_opens_once_somebody_goes_first_and_closes_for_good(members: Caller) -> None:
    draft, ada = await drafted(members), await members.person()
    await members.post("/v1/pledges", {"person": ada, "text": "Quietly.", "campaign": "walk_more"})
    status, problem = await acted(members, draft, "open")
    assert (status, problem["code"]) == (409, "no_published_pledge")
    assert (await members.get(f"/v1/campaigns/{draft['id']}"))["state"] == "draft"
    first = await published(members, "walk_more", ada)
    status, opened = await acted(members, draft, "open")
    assert (status, opened["state"], opened["version"]) == (200, "open", 2)
    await members.post(f"/v1/pledges/{first['id']}/unpublish", status=200)  # a permission can be taken back
    status, closed = await acted(members, draft, "close")
    assert (status, closed["state"]) == (200, "closed")
    assert (await acted(members, draft, "open"))[1]["code"] == "illegal_transition"
    told = {"campaign": draft["id"], "slug": "walk_more", "kind": "public_will"}
    assert await members.published(draft["id"]) == [("campaign.opened", told), ("campaign.closed", told)]


async def test_a_campaign_does_not_open_on_a_pledge_that_is_just_being_taken_back(
    members: Caller, app: FastAPI
) -> None:
    draft, ada = await drafted(members), await members.person()
    pledge = await published(members, "walk_more", ada)
    taken_back, go_on = threading.Event(), threading.Event()

    def take_back(session: Session) -> None:
        pledges.unpublish(session, members.movement, pledge["id"])
        session.flush()
        taken_back.set()
        go_on.wait(10)

    db = app.state.parts.db.on_behalf(Context(movement=members.movement, actor="user_1"))
    taking_back = asyncio.create_task(db.write(take_back))
    await asyncio.to_thread(taken_back.wait, 10)
    opening = asyncio.create_task(acted(members, draft, "open"))
    opened_without_waiting, _ = await asyncio.wait({opening}, timeout=0.3)
    go_on.set()
    await taking_back
    assert not opened_without_waiting
    assert (await opening)[1]["code"] == "no_published_pledge"


async def test_of_many_who_open_a_campaign_at_once_one_does(members: Caller) -> None:
    draft = await drafted(members)
    await published(members, "walk_more", await members.person())
    answers = await asyncio.gather(*(acted(members, draft, "open") for _ in range(4)))
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409]
    assert len(await members.published(draft["id"])) == 1


async def test_a_policy_ask_says_who_decides_and_what_they_answered(members: Caller) -> None:
    council, ada = await members.organisation("The council"), await members.person()
    draft = await drafted(members, STREETS, asks=[])
    await published(members, "school_streets", ada)
    status, problem = await acted(members, draft, "open")
    assert (status, problem["code"]) == (409, "nobody_asked")
    ask = {"decider": "The council's cabinet", "question": "Close the streets.", "organisation": council}
    (asked,) = (await members.post(f"/v1/campaigns/{draft['id']}/asks", ask))["asks"]
    answer = f"/v1/campaigns/{draft['id']}/asks/{asked['id']}/answer"
    said = {"answer": "agreed_in_part", "answered_on": TODAY.isoformat(), "said": "Two streets first."}
    status, problem = await members.refused(answer, said)
    assert (status, problem["code"]) == (409, "campaign_not_open")
    await acted(members, draft, "open")
    (answered,) = (await members.post(answer, said, status=200))["asks"]
    assert {name: answered[name] for name in said} == said
    progress = await members.get(f"/v1/campaigns/{draft['id']}/progress")
    assert (progress["asked"], progress["answered"], progress["agreed"]) == (1, 1, 1)
    told = (await members.published(draft["id"]))[-1]
    assert told == (
        "campaign.answered",
        {"campaign": draft["id"], "ask": asked["id"], "answer": "agreed_in_part"},
    )


async def test_progress_counts_to_the_end_of_each_targets_day_where_the_movement_is(members: Caller) -> None:
    targets = [
        {"counts": "pledges", "number": 2, "by": "2026-06-30"},
        {"counts": "organisations", "number": 1, "by": "2026-07-31"},
        {"counts": "kept_pledges", "number": 1},
    ]
    draft = await drafted(members, targets=targets)
    ada, hall = await members.person(), await members.organisation()
    for at in ("2026-06-30T22:59:00", "2026-06-30T23:01:00"):  # a minute before and after midnight in London
        with clock.frozen(datetime.fromisoformat(at).replace(tzinfo=UTC)):
            await published(members, "walk_more", ada)
    with clock.frozen(datetime(2026, 7, 10, 12, tzinfo=UTC)):
        ours = {"organisation": hall, "text": "Ours.", "campaign": "walk_more"}
        freed = await members.post("/v1/pledges", ours | {"text": "Not ours."})
        kept = await members.post("/v1/pledges", ours)
        await members.post(f"/v1/pledges/{freed['id']}/release", {}, status=200)
        await members.post(f"/v1/pledges/{kept['id']}/keep", {}, status=200)
        progress = await members.get(f"/v1/campaigns/{draft['id']}/progress")
    assert [(target["so_far"], target["reached"], target["days_left"]) for target in progress["targets"]] == [
        (1, False, -10),
        (1, True, 21),
        (1, True, None),
    ]
    assert progress["today"] == {
        "pledges": 3, "published_pledges": 2, "kept_pledges": 1, "people": 1, "organisations": 1,
        "commitments": 0,
    }  # fmt: skip


async def test_targets_are_settled_once_a_campaign_opens(members: Caller) -> None:
    draft = await drafted(members, targets=[{"counts": "pledges", "number": 10}])
    path = f"/v1/campaigns/{draft['id']}"

    async def edit(changes: Json) -> tuple[int, Json]:
        answered = await members.client.patch(path, json=changes, headers={"If-Match": "*"})
        return answered.status_code, answered.json()

    status, edited = await edit({"targets": [{"counts": "people", "number": 5}], "ends_on": "2026-12-31"})
    assert (status, edited["targets"]) == (200, [{"counts": "people", "number": 5, "by": None}])
    await published(members, "walk_more", await members.person())
    await acted(members, draft, "open")
    assert (await edit({"targets": []}))[1]["code"] == "not_a_draft"
    status, edited = await edit({"name": "Walk even more", "ends_on": None})
    assert (status, edited["name"], edited["ends_on"]) == (200, "Walk even more", None)
    await acted(members, draft, "close")
    assert (await edit({"name": "Too late"}))[1]["code"] == "campaign_closed"


async def test_an_open_campaign_closes_by_itself_after_its_last_day_where_the_movement_is(
    members: Caller, app: FastAPI
) -> None:
    with clock.frozen(NOON):
        draft, left = (
            await drafted(members, ends_on="2026-06-30"),
            await drafted(members, STREETS, ends_on="2026-06-30"),
        )
        await published(members, "walk_more", await members.person())
        await acted(members, draft, "open")

    async def states() -> list[str]:
        await due.look(app.state.parts)
        return [str((await members.get(f"/v1/campaigns/{each['id']}"))["state"]) for each in (draft, left)]

    with clock.frozen(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)):  # a minute before midnight in London
        assert await states() == ["open", "draft"]
    with clock.frozen(datetime(2026, 6, 30, 23, 1, tzinfo=UTC)):
        assert await states() == ["closed", "draft"], "a draft was open to nobody"
        assert await states() == ["closed", "draft"]
        assert (await acted(members, left, "open"))[1]["code"] == "campaign_over"
    assert [kind for kind, _ in await members.published(draft["id"])] == ["campaign.opened", "campaign.closed"]


async def test_two_campaigns_never_have_one_slug(members: Caller) -> None:
    answers = await asyncio.gather(*(members.client.post("/v1/campaigns", json=WALK_MORE) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"slug_taken"}
    assert len((await members.get("/v1/campaigns", slug="walk_more"))["data"]) == 1


async def test_a_campaign_with_faults_is_refused_whole(members: Caller) -> None:
    asks = [*STREETS["asks"], {"decider": "x", "question": "y", "organisation": new_id("org")}]
    status, problem = await members.refused("/v1/campaigns", STREETS | {"asks": asks})
    assert (status, faults(problem)) == (422, {"/asks/1/organisation": "unknown_organisation"})
    days = {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}
    status, problem = await members.refused("/v1/campaigns", WALK_MORE | days)
    assert (status, faults(problem)) == (422, {"/ends_on": "before_start"})
    assert (await members.get("/v1/campaigns"))["data"] == []
    campaign = await drafted(members, STREETS)
    (ask,) = campaign["asks"]
    answer = {"answer": "refused", "answered_on": (TODAY + timedelta(days=2)).isoformat()}
    path = f"/v1/campaigns/{campaign['id']}/asks"
    assert faults((await members.refused(f"{path}/{ask['id']}/answer", answer))[1]) == {"/answered_on": "in_the_future"}
    assert (await members.refused(f"{path}/{new_id('ask')}/answer", answer))[0] == 404


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"slug": "Walk more"}, "/slug"),
        ({"kind": "party"}, "/kind"),
        ({"purpose": ""}, "/purpose"),
        ({"targets": [{"counts": "likes", "number": 1}]}, "/targets/0/counts"),
        ({"targets": [{"counts": "pledges", "number": 0}]}, "/targets/0/number"),
        ({"asks": [{"question": "Why?"}]}, "/asks/0/decider"),
    ],
)
async def test_a_malformed_campaign_is_named_by_its_pointer(members: Caller, changed: Json, pointer: str) -> None:
    status, problem = await members.refused("/v1/campaigns", WALK_MORE | changed)
    assert (status, list(faults(problem))) == (422, [pointer])


@pytest.mark.parametrize("state", [CampaignState.OPEN, CampaignState.CLOSED])
def test_only_a_draft_opens(state: CampaignState) -> None:
    with pytest.raises(IllegalTransition):
        Campaign(state=state, version=1).open(NOON, NOON.date(), published_pledge=True, somebody_asked=True)


def test_a_policy_ask_does_not_open_while_nobody_is_asked() -> None:
    ask = Campaign(state=CampaignState.DRAFT, version=1, kind=CampaignKind.POLICY_ASK)
    with pytest.raises(NobodyAsked):
        ask.open(NOON, NOON.date(), published_pledge=True, somebody_asked=False)
