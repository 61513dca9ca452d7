"""Introductions: a case from its opening to being told back, on a permission for each step into the world."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from fastapi import FastAPI

from services.members.community.connections.domain import readmit_former
from services.members.community.connections.models import STEPS, CaseState, Connection, Conversation, Step
from services.members.community.connections.upkeep import readmit_former_clients
from shared import clock
from shared.db import Context, Session
from shared.ids import new_id
from shared.lifecycle import IllegalTransition
from shared.secrets import Secrets
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.cases import SELF, Case, opened
from tests.members.community.mapped import published
from tests.members.community.steps import edit, running_until


async def test_a_case_goes_from_its_opening_to_settled_and_each_step_is_told_without_who_or_what(
    members: Caller,
) -> None:
    asset, case = (await published(members))["id"], await opened(members)
    introduction = await case.permit(asset)
    settled = await case.step(introduction, "introduce", "attend", "settle")
    assert (settled["state"], settled["introductions"][0]["state"]) == ("settled", "settled")
    told = await members.published(case.id)
    moves = [said["to_state"] for kind, said in told if kind == "connection.state_changed"]
    assert moves == ["permitted", "introduced", "attended", "settled"]
    for _, said in told:
        assert set(said) <= {"connection", "introduction", "from_state", "to_state"}


@ON_ONE_DATABASE
async def test_connector_and_host_are_credited_and_the_client_is_not(members: Caller) -> None:
    asset, case, host = (await published(members))["id"], await opened(members), await members.person("Hester")
    introduction = await case.permit(asset, as_volunteer=True)
    status, problem = await case.refused(introduction, "introduce", {})
    assert (status, faults(problem)) == (422, {"/host": "missing"})
    await members.post(f"{case.path}/introductions/{introduction}/introduce", {"host": host}, status=200)
    await case.step(introduction, "attend")
    done = {one["person"]: one["kind"] for one in (await members.get("/v1/activities"))["data"]}
    assert done == {case.connector: "introduced_somebody", host: "hosted_newcomer"}


@ON_ONE_DATABASE
async def test_several_introductions_go_on_in_one_case_and_it_stands_where_the_furthest_does(members: Caller) -> None:
    case = await opened(members)
    gardening, walking = [await case.permit((await published(members))["id"]) for _ in range(2)]
    assert (await case.step(gardening, "introduce", "attend"))["state"] == "attended"
    assert (await case.step(gardening, "not-for-me"))["state"] == "permitted"
    assert (await case.step(walking, "introduce", "attend", "settle"))["state"] == "settled"
    further = {"asset": (await published(members))["id"], "permission": SELF}
    assert (await members.refused(f"{case.path}/introductions", further))[1]["state"] == "settled"


async def test_one_introduction_to_the_same_place_goes_on_at_a_time(members: Caller) -> None:
    case, asset = await opened(members), (await published(members))["id"]
    again = {"asset": asset, "permission": SELF}
    first = await case.permit(asset)
    for step in ((), ("introduce",), ("attend",)):
        await case.step(first, *step)
        status, problem = await members.refused(f"{case.path}/introductions", again)
        assert (status, problem["code"], problem["introduction"]) == (409, "already_under_way", first)
    await case.step(first, "not-for-me")
    assert await case.permit((await published(members))["id"]) != await case.permit(asset)


@pytest.mark.parametrize("current", Step)
@pytest.mark.parametrize("target", Step)
def test_only_these_steps_are_legal(current: Step, target: Step) -> None:
    legal = {
        ("permitted", "introduced"), ("permitted", "withdrawn"), ("introduced", "attended"),
        ("introduced", "not_for_me"), ("introduced", "withdrawn"), ("attended", "settled"),
        ("attended", "not_for_me"), ("attended", "withdrawn"),
    }  # fmt: skip
    if (current, target) in legal:
        assert STEPS.step(current, target) is target
    else:
        with pytest.raises(IllegalTransition):
            STEPS.step(current, target)


@pytest.mark.parametrize(
    ("state", "steps", "follows"),
    [
        ("opened", ["permitted"], "permitted"),
        ("attended", ["not_for_me"], "opened"),
        ("introduced", ["settled", "permitted"], "permitted"),
        ("attended", ["settled", "withdrawn"], "settled"),
        ("settled", ["settled", "permitted"], None),
        ("withdrawn", ["permitted"], None),
        ("not_for_me", ["permitted"], None),
    ],
)
def test_a_case_follows_its_introductions_until_it_is_ended(state: str, steps: list[str], follows: str | None) -> None:
    case = Connection(state=state, version=1)
    if follows is None:
        with pytest.raises(IllegalTransition):
            case.follow(steps, clock.now())
    else:
        case.follow(steps, clock.now())
        assert case.state == CaseState(follows)


@ON_ONE_DATABASE
async def test_a_step_out_of_turn_is_refused_and_changes_nothing(members: Caller) -> None:
    case = await opened(members)
    introduction = await case.permit((await published(members))["id"])
    for step in ("attend", "settle", "not-for-me"):
        status, problem = await case.refused(introduction, step)
        assert (status, problem["code"], problem["state"]) == (409, "illegal_transition", "permitted")
    assert (await case.read())["state"] == "permitted"


async def test_a_withdrawn_permission_ends_the_introduction_and_frees_the_place(members: Caller) -> None:
    asset, case = await published(members, spare=1), await opened(members)
    introduction = await case.permit(asset["id"])
    assert (await case.step(introduction, "introduce"))["state"] == "introduced"
    assert (await members.get(f"/v1/assets/{asset['id']}"))["spare"] == 0
    assert (await case.step(introduction, "withdraw"))["state"] == "opened"
    assert (await members.get(f"/v1/assets/{asset['id']}"))["spare"] == 1
    assert (await case.refused(introduction, "introduce", {}))[1]["code"] == "illegal_transition"


async def test_a_place_given_back_after_a_new_declaration_is_in_that_already(members: Caller) -> None:
    asset, case = await published(members, spare=1), await opened(members)
    introduction = await case.permit(asset["id"])
    await case.step(introduction, "introduce")
    await edit(members, f"/v1/assets/{asset['id']}", {"spare": 2}, method="PATCH")
    await case.step(introduction, "not-for-me")
    assert (await members.get(f"/v1/assets/{asset['id']}"))["spare"] == 2


async def test_the_last_place_is_given_once_however_many_want_it_at_once(members: Caller) -> None:
    asset = (await published(members, spare=1))["id"]
    cases = [await opened(members, f"Client {number}") for number in range(4)]
    introductions = [await case.permit(asset) for case in cases]
    answers = await asyncio.gather(
        *(
            members.client.post(f"{case.path}/introductions/{introduction}/introduce", json={})
            for case, introduction in zip(cases, introductions, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "not_available"}
    assert (await members.get(f"/v1/assets/{asset}"))["spare"] == 0


async def test_a_client_has_no_rung_while_a_case_goes_on_and_for_a_day_after(app: FastAPI, members: Caller) -> None:
    case = await opened(members)

    async def rung() -> str | None:
        found: str | None = (await members.get(f"/v1/people/{case.client}"))["membership"]["rung"]
        return found

    assert await rung() is None
    await members.post(f"{case.path}/end", {"outcome": "withdrawn"}, status=200)
    readmit = partial(readmit_former, movement=members.movement, slice_of=10)
    await app.state.parts.db.on_behalf(Context(members.movement, "service:members")).write(readmit)
    assert await rung() is None
    with clock.frozen(clock.now() + timedelta(days=1)):
        await running_until(app, readmit_former_clients, rung)
    assert await rung() == "observer"


@ON_ONE_DATABASE
async def test_that_a_case_was_opened_is_on_no_log_beside_the_rung_that_its_client_loses(members: Caller) -> None:
    case = await opened(members)
    assert await members.published(case.id) == []
    assert case.client in {said.get("person") for _, said in await members.published()}


@ON_ONE_DATABASE
async def test_the_words_are_sealed_at_rest_and_read_under_a_scope_of_their_own(
    app: FastAPI, vouching: Secrets, members: Caller
) -> None:
    case = await opened(members, conversation="I miss my allotment since the fall.")
    await members.post(f"{case.path}/conversations", {"words": "And the dog."})
    said = (await members.get(f"{case.path}/conversations"))["data"]
    assert [one["words"] for one in said] == ["I miss my allotment since the fall.", "And the dog."]
    assert "allotment" not in str(await case.read())
    assert "allotment" not in str(await members.published())
    sealed: list[bytes] = await app.state.parts.db.read(_sealed)
    assert len(sealed) == 2
    assert not any(b"allotment" in row for row in sealed)
    for scopes in ({"connections:read"}, {"*:read"}):
        async with Caller(app, vouching, members.movement, frozenset(scopes)) as reader:
            assert (await reader.get(case.path))["id"] == case.id
            assert (await reader.client.get(f"{case.path}/conversations")).status_code == 403


def _sealed(session: Session) -> list[bytes]:
    return [row.sealed for row in session.query(Conversation)]


@ON_ONE_DATABASE
async def test_the_referrer_is_told_once_it_is_over_and_only_as_much_as_is_allowed(members: Caller) -> None:
    surgery = (await members.post("/v1/organisations", {"name": "The surgery"}))["id"]
    case = await opened(members, referred_by_organisation=surgery)
    introduction = await case.permit(asset := (await published(members))["id"])
    await case.step(introduction, "introduce", "attend")
    await edit(members, case.path, {"tell_referrer": "outcome"}, method="PATCH")
    assert (await members.refused(f"{case.path}/tell-back"))[1]["code"] == "nothing_to_tell"
    await case.step(introduction, "settle")
    told = await members.post(f"{case.path}/tell-back", status=200)
    assert (told["outcome"], told["settled_at"]) == ("settled", None)
    await edit(members, case.path, {"tell_referrer": "outcome_and_place"}, method="PATCH")
    assert (await members.post(f"{case.path}/tell-back", status=200))["settled_at"] == [asset]
    await edit(members, case.path, {"tell_referrer": "nothing"}, method="PATCH")
    assert (await members.refused(f"{case.path}/tell-back"))[1]["code"] == "nothing_to_tell"


@ON_ONE_DATABASE
async def test_ending_a_case_withdraws_what_goes_on_of_it(members: Caller) -> None:
    asset, case = await published(members, spare=1), await opened(members)
    await case.step(await case.permit(asset["id"]), "introduce")
    ended = await members.post(f"{case.path}/end", {"outcome": "not_for_me"}, status=200)
    assert (ended["state"], ended["introductions"][0]["state"]) == ("not_for_me", "withdrawn")
    assert (await members.get(f"/v1/assets/{asset['id']}"))["spare"] == 1
    body = {"asset": asset["id"], "permission": SELF}
    assert (await members.refused(f"{case.path}/introductions", body))[1]["code"] == "illegal_transition"
    assert len((await case.read())["introductions"]) == 1


async def test_every_case_says_what_it_waits_for_on_whom_and_when_that_is_too_long(members: Caller) -> None:
    host, surgery = await members.person("Hester"), await members.post("/v1/organisations", {"name": "The surgery"})
    fresh, asked, met, over = [
        await opened(members, name, referred_by_organisation=surgery["id"], tell_referrer="outcome")
        for name in ("Fay", "Asa", "Mel", "Oli")
    ]
    asset = (await published(members, spare=9))["id"]
    await asked.permit(asset)
    introduction = await met.permit(asset)
    await members.post(f"{met.path}/introductions/{introduction}/introduce", {"host": host}, status=200)
    await members.post(f"{over.path}/end", {"outcome": "withdrawn"}, status=200)
    waits = await members.every("/v1/connections/waiting", limit=3)
    assert {(each["connection"], each["waits_for"], each["on"], each["overdue"]) for each in waits} == {
        (fresh.id, "match", fresh.connector, False),
        (asked.id, "introduction", asked.connector, False),
        (met.id, "attendance", host, False),
        (over.id, "telling_back", over.connector, False),
    }
    assert [each["since"] for each in waits] == sorted(each["since"] for each in waits)
    assert [each["connection"] for each in await members.every("/v1/connections/waiting", on=host)] == [met.id]
    with clock.frozen(clock.now() + timedelta(days=7)):
        late = await members.every("/v1/connections/waiting", overdue="true")
        assert {each["waits_for"] for each in late} == {"introduction", "telling_back"}
        assert all(each["overdue"] for each in late)


@ON_ONE_DATABASE
async def test_a_fault_of_a_case_is_named_and_nothing_is_opened(members: Caller) -> None:
    right = {"person": await members.person("Clara"), "connector": await members.person("Connor")}
    for changed, pointer in FAULTS:
        status, problem = await members.refused("/v1/connections", {**right, **changed})
        assert (status, list(faults(problem))) == (422, [pointer]), changed
    assert (await members.get("/v1/connections"))["data"] == []


@ON_ONE_DATABASE
async def test_a_permission_in_somebodys_best_interests_needs_somebody_who_was_asked(members: Caller) -> None:
    case, asset = await opened(members), (await published(members))["id"]
    path = f"{case.path}/introductions"
    body = {"asset": asset, "permission": {"authority": "best_interests"}}
    status, problem = await members.refused(path, body)
    assert (status, faults(problem)) == (422, {"/permission": "nobody_consulted"})
    allowed = {"authority": "best_interests", "consulted": ["family"], "review_on": "2027-01-01"}
    made = await members.post(path, {"asset": asset, "permission": allowed})
    assert made["introductions"][0]["permission"] == allowed


async def test_another_movements_cases_and_assets_are_unknown(members: Caller, other: Caller) -> None:
    theirs = await opened(other)
    introduction = await theirs.permit(asset := (await published(other))["id"])
    ours = await opened(members)
    lost = Case(members, theirs.client, theirs.connector, theirs.id)
    for path in (lost.path, f"{lost.path}/conversations"):
        assert (await members.client.get(path)).status_code == 404
    for step in ("introduce", "attend", "settle", "not-for-me", "withdraw"):
        assert (await lost.refused(introduction, step, {} if step == "introduce" else None))[0] == 404
    for step, body in (("end", {"outcome": "withdrawn"}), ("suggestions", {}), ("tell-back", None)):
        assert (await members.refused(f"{lost.path}/{step}", body))[0] == 404
    assert (await members.refused(f"{lost.path}/conversations", {"words": "Hello"}))[0] == 404
    await edit(members, lost.path, {"tell_referrer": "outcome"}, method="PATCH", status=404)
    _, problem = await members.refused(f"{ours.path}/introductions", {"asset": asset, "permission": SELF})
    assert faults(problem) == {"/asset": "unknown_asset"}
    assert [each["connection"] for each in await members.every("/v1/connections/waiting")] == [ours.id]


FAULTS: list[tuple[dict[str, object], str]] = [
    ({"person": new_id("person")}, "/person"),
    ({"connector": new_id("person")}, "/connector"),
    ({"connector": None}, "/connector"),
    ({"referred_by_person": new_id("person")}, "/referred_by_person"),
    ({"referred_by_organisation": new_id("org")}, "/referred_by_organisation"),
    ({"tell_referrer": "everything"}, "/tell_referrer"),
    ({"conversation": ""}, "/conversation"),
]
