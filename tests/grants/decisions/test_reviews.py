"""Reviews: who has an interest says so before they read, and never reads; scores are blind, by the rubric, with why."""

import json
import random
from functools import partial

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from services.grants.people import handlers
from services.grants.people.erasing import forget_people
from services.grants.reviews.sharing import shared_out
from shared import clock
from shared.db import Context
from shared.erasure.marks import Marks
from shared.events.base import Event, Received
from shared.events.members.merging import PersonMerged, PersonUnmerged
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.erasing import counting
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking
from tests.grants.decisions.people import RUBRIC, Making, Members, Somebody, assigned, closed_round, scored, scoring
from tests.plugins.parts import scale


async def told_of_merger(app: FastAPI, movement: str, event: PersonMerged | PersonUnmerged) -> None:
    """Have the service hear that two records are of one person, or are not."""
    received = Received(
        id=new_id("event"), type=event.event_type, service="members", key=event.person, sequence=1, movement=movement,
        actor="key_of_somebody", causation=None, origin=None, traceparent=None, time=clock.now(), payload=b"",
    )  # fmt: skip
    handler = handlers.HANDLERS[type(event)]
    await app.state.parts.db.on_behalf(Context(movement, "members")).write(partial(_handled, handler, received, event))


def _handled(handler: object, received: Received, event: Event, session: object) -> None:
    assert callable(handler)
    handler(session, received, event)


@ON_ONE_DATABASE
async def test_an_interest_is_declared_before_the_answers_can_be_seen(grants: Caller, somebody: Making) -> None:
    opened, (asked,) = await closed_round(grants, "panel", 1, rubric=RUBRIC)
    anna, bo = somebody(), somebody()
    hers, his = [await assigned(grants, opened, asked, each) for each in (anna, bo)]
    for early in (f"/v1/reviews/{hers}/application", f"/v1/reviews/{his}/application"):
        status, problem = await (anna if hers in early else bo).refused(early, method="GET")
        assert (status, problem["code"]) == (403, "declare_first")
    assert (await anna.refused(f"/v1/reviews/{hers}/score", scoring(5, 5)))[1]["code"] == "declare_first"
    declared = await anna.post(f"/v1/reviews/{hers}/declare", {})
    assert (declared["state"], declared["interest"]) == ("clear", None)
    shown = await anna.get(f"/v1/reviews/{hers}/application")
    assert (shown["id"], shown["summary"]) == (asked, "Wool and a warm room")
    mine = await bo.post(f"/v1/reviews/{his}/declare", {"interest": "family_or_friend", "note": "My sister runs it"})
    assert (mine["state"], mine["interest"]) == ("conflicted", "family_or_friend")
    assert (await bo.refused(f"/v1/reviews/{his}/application", method="GET"))[1]["code"] == "conflicted"
    assert (await bo.refused(f"/v1/reviews/{his}/score", scoring(5, 5)))[1]["code"] == "conflicted"
    assert (await bo.refused(f"/v1/reviews/{his}/declare", {}))[1]["code"] == "illegal_transition"
    onlooker = somebody("reviews:read applications:read")
    notes = [(await each.get(f"/v1/reviews/{his}"))["note"] for each in (bo, grants, onlooker)]
    assert notes == ["My sister runs it", "My sister runs it", None]
    told = await grants.published(hers, his)
    assert ("review.declared", {"review": his, "outcome": "conflicted"}) in told
    assert "sister" not in json.dumps(told)


@ON_ONE_DATABASE
async def test_whoever_has_still_to_score_does_not_see_what_others_gave(grants: Caller, somebody: Making) -> None:
    opened, (asked,) = await closed_round(grants, "panel", 1, rubric=RUBRIC)
    anna, bo = somebody("reviews:* applications:read decisions:read"), somebody()
    hers = await assigned(grants, opened, asked, anna)
    his = await scored(grants, opened, asked, bo, 4, 2)
    decision = (await grants.post("/v1/decisions", {"round": opened}))["id"]
    seen = await grants.get(f"/v1/reviews/{his}")
    assert [(each["criterion"], each["score"]) for each in seen["scores"]] == [("need", 4), ("people", 2)]
    for blind in (await anna.get(f"/v1/reviews/{his}"), (await anna.get("/v1/reviews", application=asked))["data"][1]):
        assert (blind["scores"], blind["comment"], blind["state"]) == (None, None, "scored")
    assert (await anna.get(f"/v1/decisions/{decision}"))["candidates"][0]["score"] is None
    await anna.post(f"/v1/reviews/{hers}/declare", {})
    assert (await anna.get(f"/v1/reviews/{his}"))["scores"] is None
    await anna.post(f"/v1/reviews/{hers}/score", scoring(5, 5))
    assert (await anna.get(f"/v1/reviews/{his}"))["scores"] == seen["scores"]
    assert (await anna.get(f"/v1/decisions/{decision}"))["candidates"][0]["score"] == 0.8333  # (10/15 + 15/15) / 2


@ON_ONE_DATABASE
async def test_scores_follow_the_rubric_each_with_why(grants: Caller, somebody: Making) -> None:
    opened, (asked,) = await closed_round(grants, "panel", 1, rubric=RUBRIC)
    anna = somebody()
    review = await assigned(grants, opened, asked, anna)
    await anna.post(f"/v1/reviews/{review}/declare", {})

    def one(criterion: str, score: int) -> dict[str, object]:
        return {"criterion": criterion, "score": score, "justification": "So they say"}

    path = f"/v1/reviews/{review}/score"
    status, problem = await anna.refused(path, {"scores": [one("need", 6), one("need", 1), one("luck", 1)]})
    assert (status, faults(problem)) == (
        422,
        {
            "/scores/0/score": "outside_limits",
            "/scores/1/criterion": "duplicate",
            "/scores/2/criterion": "unknown_criterion",
            "/scores": "missing_criterion",
        },
    )
    unjust = [one("need", 5) | {"justification": " "}, one("people", 5)]
    assert faults((await anna.refused(path, {"scores": unjust}))[1]) == {"/scores/0/justification": "string_too_short"}
    await anna.post(path, scoring(5, 5))
    assert (await anna.refused(path, scoring(0, 0)))[1]["code"] == "illegal_transition"
    late = await anna.post(f"/v1/reviews/{review}/declare", {"interest": "money"})
    assert (late["state"], late["scores"]) == ("conflicted", None)
    decision = await grants.post("/v1/decisions", {"round": opened})
    assert (decision["candidates"][0]["reviews"], decision["candidates"][0]["score"]) == (0, None)


@ON_ONE_DATABASE
async def test_a_review_is_its_reviewers_own(grants: Caller, key: Caller, somebody: Making) -> None:
    opened, (asked,) = await closed_round(grants, "panel", 1, rubric=RUBRIC)
    anna, bo = somebody(), somebody()
    review = await assigned(grants, opened, asked, anna)
    for path, body in [("declare", {}), ("score", scoring(1, 1))]:
        for caller, code in [(bo, "not_the_reviewer"), (grants, "not_the_reviewer"), (key, "needs_a_user")]:
            status, problem = await caller.refused(f"/v1/reviews/{review}/{path}", body)
            assert (status, problem["code"]) == (403, code)
    for path in ("", "/application"):
        assert (await bo.refused(f"/v1/reviews/{review}{path}", method="GET"))[1]["code"] == "not_the_reviewer"
    assert (await bo.get("/v1/reviews"))["data"] == []
    assert [each["id"] for each in (await anna.get("/v1/reviews"))["data"]] == [review]
    assert (await anna.get("/v1/reviews", reviewer=bo.person))["data"] == []


@ON_ONE_DATABASE
async def test_an_assignment_names_somebody_of_the_movement_and_an_application_of_the_round_once(
    grants: Caller, somebody: Making, members: Members
) -> None:
    opened, (asked,) = await closed_round(grants, "panel", 1)
    elsewhere, (other,) = await closed_round(grants, "panel", 1)
    anna, stranger = somebody(), somebody()
    members.unknown.add(stranger.person)
    path = f"/v1/rounds/{opened}/reviews"

    async def refused(application: str, reviewer: Somebody) -> dict[str, str]:
        body = {"application": application, "reviewer": reviewer.person}
        return faults((await grants.refused(path, body))[1])

    assert await refused(asked, stranger) == {"/reviewer": "unknown_person"}
    assert await refused(other, anna) == {"/application": "unknown_application"}
    review = await assigned(grants, opened, asked, anna)
    body = {"application": asked, "reviewer": anna.person}
    assert (await grants.refused(path, body))[1]["code"] == "assigned_already"
    assert (await grants.refused(f"/v1/rounds/{elsewhere}/reviews/{review}/release"))[0] == 404
    assert (await grants.post(f"{path}/{review}/release"))["state"] == "released"
    assert (await anna.refused(f"/v1/reviews/{review}/application", method="GET"))[1]["code"] == "not_the_reviewer"
    assert await assigned(grants, opened, asked, anna) == review
    assert (await anna.refused(f"/v1/reviews/{review}/application", method="GET"))[1]["code"] == "declare_first"


@ON_ONE_DATABASE
async def test_applications_are_shared_out_evenly_past_those_with_an_interest(grants: Caller, somebody: Making) -> None:
    opened, asked = await closed_round(grants, "panel", 4, rubric=RUBRIC)
    reviewers = anna, bo, cy = [somebody() for _ in range(3)]
    hers = await assigned(grants, opened, asked[0], anna)
    await anna.post(f"/v1/reviews/{hers}/declare", {"interest": "member"})
    path, body = f"/v1/rounds/{opened}/reviews/evenly", {"reviewers": [each.person for each in reviewers], "each": 2}
    made = (await grants.post(path, body))["data"]
    assert len(made) == 8
    assert {each["reviewer"] for each in made if each["application"] == asked[0]} == {bo.person, cy.person}
    assert sorted([sum(each["reviewer"] == who.person for each in made) for who in reviewers]) == [2, 3, 3]
    assert (await grants.post(path, body))["data"] == []
    status, problem = await grants.refused(path, body | {"each": 3})
    assert (status, faults(problem)) == (422, {"/each": "too_few_reviewers"})
    assert len(await grants.every("/v1/reviews", round=opened)) == 9
    twice = {"reviewers": [anna.person, anna.person], "each": 1}
    assert faults((await grants.refused(path, twice))[1]) == {"/reviewers": "duplicate"}


@ON_ONE_DATABASE
async def test_an_interest_is_suggested_from_affiliations_and_never_denied_where_members_is_silent(
    grants: Caller, somebody: Making, members: Members
) -> None:
    opened = await grants.open_round(decision_mode="panel", rubric=RUBRIC)
    group, host = new_id("org"), new_id("org")
    said: list[Json] = [{"organisation": group}, {"host": {"organisation": host, "name": "The hall"}}, {}]
    asked = [(await grants.post("/v1/applications", asking(opened, **each)))["id"] for each in said]
    anna, bo, cy = somebody(), somebody(), somebody()
    members.organisations = {anna.person: [new_id("org"), group], bo.person: [host], cy.person: [group]}

    async def suggested(application: str, who: Somebody) -> str:
        review = await assigned(grants, opened, application, who)
        return str((await grants.get(f"/v1/reviews/{review}"))["suggested"])

    body = {"reviewers": [anna.person, bo.person, cy.person], "each": 2}
    status, problem = await grants.refused(f"/v1/rounds/{opened}/reviews/evenly", body)
    assert (status, faults(problem)) == (422, {"/each": "too_few_reviewers"})
    assert [await suggested(asked[0], each) for each in (anna, bo)] == ["affiliated", "none_known"]
    assert await suggested(asked[1], bo) == "affiliated"
    members.away.add("/v1/affiliations")
    assert await suggested(asked[2], anna) == "not_known"


@ON_ONE_DATABASE
async def test_whoever_is_to_review_reads_the_application_by_no_other_way_before_they_declare(
    grants: Caller, somebody: Making
) -> None:
    opened, (first, second, third) = await closed_round(grants, "panel", 3, rubric=RUBRIC)
    anna = somebody("reviews:* applications:read")
    reviews = [await assigned(grants, opened, each, anna) for each in (first, second)]
    await anna.post(f"/v1/reviews/{reviews[1]}/declare", {"interest": "member"})
    for application, code in [(first, "declare_first"), (second, "conflicted")]:
        status, problem = await anna.refused(f"/v1/applications/{application}", method="GET")
        assert (status, problem["code"]) == (403, code)
    assert [each["id"] for each in await anna.every("/v1/applications", limit=1)] == [third]
    await anna.post(f"/v1/reviews/{reviews[0]}/declare", {})
    assert [each["id"] for each in await anna.every("/v1/applications")] == [first, third]
    assert (await anna.get(f"/v1/applications/{first}"))["id"] == first


async def test_erasing_somebody_leaves_what_they_decided_under_nobodys_name(
    app: FastAPI, grants: Caller, somebody: Making
) -> None:
    opened, (asked,) = await closed_round(grants, "panel", 1, rubric=RUBRIC)
    anna = somebody()
    hers = await scored(grants, opened, asked, anna, 5, 5)
    await told_of_merger(app, grants.movement, PersonMerged(person=new_id("person"), into=anna.person, merge="merge_1"))
    db, counted = counting(app.state.parts.acting_in(grants.movement))
    await forget_people(app.state.parts, db, grants.movement, Marks([anna.person, new_id("person")]))
    shown = await grants.get(f"/v1/reviews/{hers}")
    assert (counted, shown["reviewer"].partition("_")[0], shown["scores"][0]["score"]) == ([1], "erased", 5)
    assert anna.person not in json.dumps(await grants.every("/v1/reviews"))


@settings(max_examples=scale(40))
@given(st.integers(0, 25), st.integers(1, 6), st.integers(1, 3), st.randoms(use_true_random=False))
def test_nobody_reads_two_more_than_anybody_else(
    applications: int, people: int, each: int, chance: random.Random
) -> None:
    names = [f"app_{number}" for number in range(applications)]
    reviewers = [f"person_{number}" for number in range(people)]
    before = chance.randrange(2)
    shared = shared_out(names, reviewers, each, burdens=dict.fromkeys(reviewers, before), reading={}, barred={})
    loads = [sum(who == one for _, who in shared.pairs) for one in reviewers]
    assert max(loads) - min(loads) <= 1
    assert len(set(shared.pairs)) == len(shared.pairs) == applications * min(each, people)
    assert bool(shared.short) == (each > people and applications > 0)


@ON_ONE_DATABASE
async def test_two_records_of_one_person_are_one_reviewer_and_one_voter(
    app: FastAPI, vouching: Secrets, grants: Caller, somebody: Making
) -> None:
    opened, (asked,) = await closed_round(grants, "panel", 1, rubric=RUBRIC)
    old, new = somebody(), somebody()
    review = await assigned(grants, opened, asked, old)
    await told_of_merger(app, grants.movement, PersonMerged(person=old.person, into=new.person, merge="merge_1"))
    body = {"application": asked, "reviewer": new.person}
    assert (await grants.refused(f"/v1/rounds/{opened}/reviews", body))[1]["code"] == "assigned_already"
    await new.post(f"/v1/reviews/{review}/declare", {})
    await told_of_merger(app, grants.movement, PersonUnmerged(person=old.person, out_of=new.person, merge="merge_1"))
    assert (await new.refused(f"/v1/reviews/{review}/score", scoring(1, 1)))[1]["code"] == "not_the_reviewer"
    await old.post(f"/v1/reviews/{review}/score", scoring(1, 1))


@pytest.mark.parametrize("mode", ["officer", "panel"])
@ON_ONE_DATABASE
async def test_ranking_by_scores_breaks_ties_by_place_and_never_by_who_came_first(
    grants: Caller, somebody: Making, mode: str
) -> None:
    first, second = "E07000081", "E07000080"
    opened = await grants.open_round(decision_mode=mode, priority_places=[first, second], rubric=RUBRIC)
    places = [None, second, first]
    asked = [(await grants.post("/v1/applications", asking(opened, place=place)))["id"] for place in places]
    await grants.post(f"/v1/rounds/{opened}/close")
    anna = somebody()
    best = await grants_application_scored_best(grants, opened, asked, anna)
    decision = (await grants.post("/v1/decisions", {"round": opened}))["id"]
    ranked = (await grants.post(f"/v1/decisions/{decision}/rank"))["candidates"]
    assert [each["application"] for each in ranked] == [best, asked[2], asked[1]]
    assert [each["ranked_by"] for each in ranked] == ["score", "place", None]


async def grants_application_scored_best(grants: Caller, opened: str, asked: list[str], anna: Somebody) -> str:
    """All are scored, the first one best; its id."""
    for number, application in enumerate(asked):
        await scored(grants, opened, application, anna, 5 if number == 0 else 3, 3)
    return asked[0]
