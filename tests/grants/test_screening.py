"""What comes before an application is weighed: the round's rules, twins, hosts, questions, and what was taken down."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from fastapi import FastAPI

from shared import clock
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.outbox import told
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import NO, Caller, asking, gbp

IN_STROUD: Json = {"eligibility": {"places": ["E07000082"], "kinds": ["unconstituted"], "themes": ["food"]}}


async def submitted(grants: Caller, round_id: str, **said: object) -> str:
    """The path of an application."""
    made = await grants.post("/v1/applications", asking(round_id) | said)
    return f"/v1/applications/{made['id']}"


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ({"place": "E07000082", "group_kind": "unconstituted", "theme": "food"}, ["met", "met", "met"]),
        ({"place": "E07000080", "group_kind": "charity", "theme": "art"}, ["unmet", "unmet", "unmet"]),
        ({"place": "E05013194"}, ["unknown", "unknown", "unknown"]),
    ],
    ids=["eligible", "elsewhere", "a ward of it, perhaps"],
)
@ON_ONE_DATABASE
async def test_each_rule_of_a_round_is_met_unmet_or_for_a_person_to_say(
    grants: Caller, said: Json, stands: list[str]
) -> None:
    path = await submitted(grants, await grants.open_round(**IN_STROUD), **said)
    looked = await grants.get(f"{path}/screening")
    assert [(each["rule"], each["standing"]) for each in looked["rules"]] == list(
        zip(["place", "kind", "theme"], stands, strict=True)
    )
    assert (await grants.get(path))["to_screen"] is (set(stands) != {"met"})


@ON_ONE_DATABASE
async def test_what_is_not_plainly_eligible_is_awarded_only_once_it_is_screened(grants: Caller) -> None:
    path = await submitted(grants, await grants.open_round(**IN_STROUD), place="E07000080")
    offer = {"application": path.rpartition("/")[2], "amount": gbp("500.00")}
    assert (await grants.refused("/v1/awards", offer))[1]["code"] == "not_screened"
    status, problem = await grants.refused(f"{path}/screen", {"eligible": True})
    assert (status, problem["code"], problem["rules"]) == (409, "rule_unmet", "place")
    screened = await grants.post(f"{path}/screen", {"eligible": True, "despite": "They meet over the border."})
    assert screened["state"] == "screened"
    await grants.post("/v1/awards", offer)


async def test_an_ineligible_application_is_told_by_which_rule_and_why(app: FastAPI, grants: Caller) -> None:
    path = await submitted(grants, await grants.open_round(**IN_STROUD), place="E07000080")
    _, problem = await grants.refused(f"{path}/screen", {"eligible": False})
    assert faults(problem) == {"/rule": "missing", "/reason": "missing"}
    said = {"eligible": False, "rule": "place", "reason": "This round is for Stroud."}
    ended = await grants.post(f"{path}/screen", said)
    assert (ended["state"], ended["ineligible_rule"], ended["ineligible_reason"]) == (
        "ineligible",
        "place",
        "This round is for Stroud.",
    )
    assert (await told(app, grants.movement))[-1].payload["outcome"] == "ineligible"
    offer = {"application": ended["id"], "amount": gbp("500.00")}
    assert (await grants.refused("/v1/awards", offer))[1]["code"] == "illegal_transition"


@ON_ONE_DATABASE
async def test_a_group_that_seems_to_apply_twice_is_seen_and_taken_only_for_a_reason(grants: Caller) -> None:
    opened, group = await grants.open_round(), new_id("org")
    first = await submitted(grants, opened, group_name="Knit & Natter", organisation=group)
    second = await submitted(grants, opened, group_name="knit  natter!")
    third = await submitted(grants, opened, group_name="Another name", organisation=group)
    other = await submitted(grants, opened, group_name="Walkers")
    ids = {path: path.rpartition("/")[2] for path in (first, second, third, other)}

    async def alike(path: str) -> list[str]:
        found: list[str] = (await grants.get(f"{path}/screening"))["alike"]
        return found

    assert await alike(first) == [ids[second], ids[third]]
    assert await alike(third) == [ids[first]]
    assert await alike(other) == []
    status, problem = await grants.refused(f"{second}/screen", {"eligible": True})
    assert (status, problem["rules"]) == (409, "duplicate")
    await grants.post(f"{third}/withdraw")
    assert await alike(first) == [ids[second]]


@ON_ONE_DATABASE
async def test_the_host_of_a_group_without_an_account_agrees_itself_before_any_award(
    app: FastAPI, grants: Caller, vouching: Secrets
) -> None:
    opened, body = await grants.open_round(), new_id("org")
    _, problem = await grants.refused("/v1/applications", asking(opened, has_account=False))
    assert faults(problem) == {"/host": "missing"}
    host = {"name": "Gloucester Together", "organisation": body}
    path = await submitted(grants, opened, has_account=False, host=host, group_kind="newly_formed")
    offer = {"application": path.rpartition("/")[2], "amount": gbp("500.00")}
    assert (await grants.refused("/v1/awards", offer))[1]["code"] == "host_not_agreed"
    async with Caller(app, vouching, grants.movement, organisation=new_id("org")) as stranger:
        assert (await stranger.refused(f"{path}/host", {"agrees": True}))[1]["code"] == "not_the_host"
    async with Caller(app, vouching, grants.movement, organisation=body) as themselves:
        agreed = await themselves.post(f"{path}/host", {"agrees": True})
        assert agreed["host"]["state"] == "agreed"
        assert (await themselves.refused(f"{path}/host", {"agrees": False}))[1]["code"] == "host_answered"
    await grants.post("/v1/awards", offer)


@ON_ONE_DATABASE
async def test_what_a_host_outside_the_movement_says_is_noted_by_a_user(
    app: FastAPI, grants: Caller, vouching: Secrets
) -> None:
    path = await submitted(grants, await grants.open_round(), host={"name": "The parish council"})
    async with Caller(app, vouching, grants.movement) as key:
        assert (await key.refused(f"{path}/host", {"agrees": True}))[1]["code"] == "needs_a_user"
    assert (await grants.post(f"{path}/host", {"agrees": False}))["host"]["state"] == "refused"
    offer = {"application": path.rpartition("/")[2], "amount": gbp("500.00")}
    assert (await grants.refused("/v1/awards", offer))[1]["code"] == "host_not_agreed"


async def test_what_a_group_is_asked_adds_to_its_application_and_changes_nothing_of_it(
    app: FastAPI, grants: Caller
) -> None:
    path = await submitted(grants, await grants.open_round())
    before = await grants.get(f"{path}/receipt")
    await grants.post(f"{path}/screen", {"eligible": True})
    await grants.post(f"{path}/assess")
    first = await grants.post(f"{path}/questions", {"question": "Where would you meet?"})
    second = await grants.post(f"{path}/questions", {"question": "How many would come?"})
    assert (await grants.get(path))["state"] == "information_requested"
    await grants.post(f"{path}/questions/{first['id']}/answer", {"answer": "In the hall"})
    assert (await grants.get(path))["state"] == "information_requested"
    await grants.post(f"{path}/questions/{second['id']}/answer", {"answer": "Twelve"})
    assert (await grants.get(path))["state"] == "assessing"
    again = await grants.refused(f"{path}/questions/{second['id']}/answer", {"answer": "Fifty"})
    assert again[1]["code"] == "question_answered"
    answers = [row["answer"] for row in (await grants.get(f"{path}/questions"))["data"]]
    assert answers == ["In the hall", "Twelve"]
    assert await grants.get(f"{path}/receipt") == before
    kinds = [event.type for event in await told(app, grants.movement) if event.key == path.rpartition("/")[2]]
    assert kinds == [
        "application.submitted",
        "application.screened",
        "application.assessed",
        *["application.information_requested"] * 2,
        *["application.information_given"] * 2,
    ]


@ON_ONE_DATABASE
async def test_bank_details_are_refused_and_explained_wherever_a_group_writes(grants: Caller) -> None:
    opened = await grants.open_round()
    secret = "Please pay sort code 20-30-40, account 12345678."
    for field in ("summary", "group_name"):
        status, problem = await grants.refused("/v1/applications", asking(opened, **{field: secret}))
        assert (status, faults(problem)) == (422, {f"/{field}": "bank_details"})
        assert "20-30-40" not in str(problem)
    asked = await grants.question(opened)
    path = f"/v1/applications/{(await grants.get('/v1/applications'))['data'][-1]['id']}"
    _, problem = await grants.refused(f"{path}/questions/{asked}/answer", {"answer": secret})
    assert faults(problem) == {"/answer": "bank_details"}


@ON_ONE_DATABASE
async def test_an_application_by_telephone_is_read_back_and_names_who_took_it_down(
    app: FastAPI, grants: Caller
) -> None:
    opened, now = await grants.open_round(), clock.now()
    for telephone, fault in (
        ({"taken_at": now.isoformat(), "read_back": False}, {"/telephone/read_back": "not_read"}),
        (
            {"taken_at": (now + timedelta(days=1)).isoformat(), "read_back": True},
            {"/telephone/taken_at": "in_the_future"},
        ),
    ):
        _, problem = await grants.refused("/v1/applications", asking(opened, telephone=telephone))
        assert faults(problem) == fault
    path = await submitted(grants, opened, telephone={"taken_at": now.isoformat(), "read_back": True})
    shown = await grants.get(path)
    assert shown["by_telephone"]["taken_by"].startswith("user_")


@ON_ONE_DATABASE
async def test_whom_to_reach_is_not_shown_with_the_application(app: FastAPI, grants: Caller, vouching: Secrets) -> None:
    contact = {"name": "Ada Lovelace", "email": "ada@example.org", "phone": "01452 555010"}
    path = await submitted(grants, await grants.open_round(), contact=contact)
    assert "Lovelace" not in str(await grants.get(path)) + str(await grants.get(f"{path}/receipt"))
    assert await grants.get(f"{path}/contact") == contact
    reading = frozenset({"applications:read", "reviews:read"})
    async with Caller(app, vouching, grants.movement, reading) as reviewer:
        await reviewer.get(path)
        assert (await reviewer.refused(f"{path}/contact", method="GET"))[0] == 403
    assert (await grants.client.put(f"{path}/contact", json={"name": "Grace"})).status_code == 204
    assert await grants.get(f"{path}/contact") == {"name": "Grace", "email": None, "phone": None}


@ON_ONE_DATABASE
async def test_a_receipt_has_a_number_and_a_digest_that_anybody_can_make_again(grants: Caller) -> None:
    path = await submitted(grants, await grants.open_round(), theme="food")
    receipt = await grants.get(f"{path}/receipt")
    assert receipt["digest"] == sha256(canonical(receipt["submitted"])).hexdigest()
    assert [row["id"] for row in (await grants.get("/v1/applications", number=receipt["number"]))["data"]] == [
        path.rpartition("/")[2]
    ]
    await grants.post(f"{path}/decline", NO)
    assert await grants.get(f"{path}/receipt") == receipt


def canonical(document: Json) -> bytes:
    """A document as the guide says that it is written for the digest."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
