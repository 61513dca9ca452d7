"""Applications: submitted within a round's rules and time, immutable, then declined or withdrawn."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import NO, Caller, asking, gbp


async def test_an_application_is_answered_as_it_was_submitted(grants: Caller) -> None:
    opened = await grants.open_round()
    made = await grants.post("/v1/applications", asking(opened, "500.00", place="E07000080"))
    assert {field: made[field] for field in ("round", "state", "amount", "place")} == {
        "round": opened,
        "state": "submitted",
        "amount": gbp("500.00"),
        "place": "E07000080",
    }
    assert await grants.get(f"/v1/applications/{made['id']}") == made


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"amount": gbp("499.99")}, "/amount/amount", "outside_limits"),
        ({"amount": gbp("2500.01")}, "/amount/amount", "outside_limits"),
        ({"amount": gbp("0.00")}, "/amount/amount", "outside_limits"),
        ({"amount": gbp("999999999999.99")}, "/amount/amount", "outside_limits"),
        ({"amount": {"amount": "500.00", "currency": "EUR"}}, "/amount/currency", "wrong_currency"),
    ],
)
async def test_an_application_against_the_rules_of_its_round_is_named_and_not_kept(
    grants: Caller, changed: Json, pointer: str, code: str
) -> None:
    await assert_named_and_not_kept(grants, changed, pointer, code)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"amount": gbp("500.005")}, "/amount/amount", "too_many_decimals"),
        ({"amount": gbp("-500.00")}, "/amount/amount", "invalid_amount"),
        ({"amount": gbp("NaN")}, "/amount/amount", "invalid_amount"),
        ({"amount": gbp("5e2")}, "/amount/amount", "invalid_amount"),
        ({"amount": {"amount": 500, "currency": "GBP"}}, "/amount/amount", "string_type"),
        ({"amount": {"amount": "500.00", "currency": "gbp"}}, "/amount/currency", "string_pattern_mismatch"),
        ({"amount": "500.00"}, "/amount", "model_attributes_type"),
        ({"place": "Forest of Dean"}, "/place", "string_pattern_mismatch"),
        ({"round": "round_1"}, "/round", "invalid_id"),
        ({"round": new_id("fund")}, "/round", "invalid_id"),
        ({"group_name": ""}, "/group_name", "string_too_short"),
        ({"group_name": "x" * 201}, "/group_name", "string_too_long"),
        ({"summary": "a\x00b"}, "/summary", "string_pattern_mismatch"),
        ({"movement": "movement_1"}, "/movement", "extra_forbidden"),
    ],
)
async def test_a_malformed_application_is_named_and_not_kept(
    grants: Caller, changed: Json, pointer: str, code: str
) -> None:
    await assert_named_and_not_kept(grants, changed, pointer, code)


async def assert_named_and_not_kept(grants: Caller, changed: Json, pointer: str, code: str) -> None:
    opened = await grants.open_round()
    status, problem = await grants.refused("/v1/applications", {**asking(opened), **changed})
    assert (status, problem["code"]) == (422, "invalid")
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [(pointer, code)]
    assert (await grants.get("/v1/applications"))["data"] == []


async def test_a_summary_keeps_the_line_breaks_that_it_was_given(grants: Caller) -> None:
    written = "Wool,\r\nand a warm room.\n\n\tEvery week."
    made = await grants.post("/v1/applications", asking(await grants.open_round(), summary=written))
    assert (await grants.get(f"/v1/applications/{made['id']}"))["summary"] == written


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (b'{"group_name": "\\ud800"}', 422, "invalid"),
        (b'{"summary": "' + b"x" * 10 * 1024 * 1024 + b'"}', 413, "payload_too_large"),
    ],
    ids=["malformed", "empty", "text", "half a character", "too large"],
)
async def test_a_body_that_is_no_application_is_refused(grants: Caller, body: bytes, status: int, code: str) -> None:
    json = {"content-type": "application/json"}
    answered = await grants.client.post("/v1/applications", content=body, headers=json)
    assert (answered.status_code, answered.json()["code"]) == (status, code)
    assert answered.headers["content-type"] == "application/problem+json"


async def test_a_round_takes_applications_only_while_it_is_open(grants: Caller) -> None:
    drafted = await grants.draft(await grants.fund())
    status, problem = await grants.refused("/v1/applications", asking(drafted))
    assert (status, problem["code"]) == (409, "round_not_open")
    await grants.post(f"/v1/rounds/{drafted}/open")
    await grants.application(drafted)
    await grants.post(f"/v1/rounds/{drafted}/close")
    status, problem = await grants.refused("/v1/applications", asking(drafted))
    assert (status, problem["code"]) == (409, "round_closed")


async def test_a_round_takes_applications_only_between_its_instants(grants: Caller) -> None:
    opens = datetime(2030, 5, 1, 12, tzinfo=UTC)
    with clock.frozen(opens - timedelta(seconds=1)) as time:
        closes = opens + timedelta(seconds=2)
        opened = await grants.open_round(opens_at=opens.isoformat(), closes_at=closes.isoformat())
        codes = []
        for _ in range(4):
            answered = await grants.client.post("/v1/applications", json=asking(opened))
            codes.append(answered.json().get("code", answered.status_code))
            time.advance(timedelta(seconds=1))
    assert codes == ["round_not_open", 201, 201, "round_closed"]


@ON_ONE_DATABASE
async def test_what_was_submitted_cannot_be_edited(grants: Caller) -> None:
    submitted = await grants.application(await grants.open_round())
    for method in ("PUT", "PATCH", "DELETE"):
        answered = await grants.client.request(method, f"/v1/applications/{submitted}", json={"summary": "Other"})
        assert answered.status_code == 405


async def test_an_application_is_declined_for_a_reason_and_with_an_offer_of_help(grants: Caller) -> None:
    path = f"/v1/applications/{await grants.application(await grants.open_round())}"
    assert faults((await grants.refused(f"{path}/decline", {}))[1]) == {"/reason": "missing", "/help": "missing"}
    declined = await grants.post(f"{path}/decline", NO)
    assert (declined["state"], declined["decline_reason"], declined["help_offered"]) == (
        "declined",
        NO["reason"],
        NO["help"],
    )
    status, problem = await grants.refused(f"{path}/withdraw")
    assert (status, problem["code"], problem["state"]) == (409, "illegal_transition", "declined")


async def test_a_withdrawn_application_is_not_awarded(grants: Caller) -> None:
    submitted = await grants.application(await grants.open_round())
    assert (await grants.post(f"/v1/applications/{submitted}/withdraw"))["state"] == "withdrawn"
    status, problem = await grants.refused("/v1/awards", {"application": submitted, "amount": gbp("500.00")})
    assert (status, problem["code"], problem["state"]) == (409, "illegal_transition", "withdrawn")


async def test_an_awarded_application_is_neither_declined_nor_withdrawn(grants: Caller) -> None:
    submitted = await grants.application(await grants.open_round())
    await grants.award(submitted)
    assert (await grants.refused(f"/v1/applications/{submitted}/withdraw"))[0] == 409
    assert (await grants.refused(f"/v1/applications/{submitted}/decline", NO))[0] == 409


async def test_an_application_that_is_awarded_and_withdrawn_at_once_is_one_or_the_other(grants: Caller) -> None:
    opened = await grants.open_round()
    asked = [await grants.application(opened) for _ in range(8)]
    offers = [grants.client.post("/v1/awards", json={"application": one, "amount": gbp("500.00")}) for one in asked]
    withdrawals = [grants.client.post(f"/v1/applications/{one}/withdraw") for one in asked]
    answers = await asyncio.gather(*(step for pair in zip(offers, withdrawals, strict=True) for step in pair))
    assert sorted(answer.is_success for answer in answers) == [False] * 8 + [True] * 8
    awards = (await grants.get("/v1/awards", round=opened))["data"]
    awarded = (await grants.get("/v1/applications", round=opened, state="awarded"))["data"]
    assert {award["application"] for award in awards} == {application["id"] for application in awarded}


async def test_applications_are_listed_by_round_and_state_in_pages(grants: Caller) -> None:
    first, second = await grants.open_round(), await grants.open_round()
    ours = [await grants.application(first) for _ in range(3)]
    theirs = await grants.application(second)
    await grants.post(f"/v1/applications/{ours[0]}/withdraw")

    async def listed(**by: str | int) -> list[str]:
        return [row["id"] for row in (await grants.get("/v1/applications", **by))["data"]]

    assert await listed() == [*ours, theirs]
    assert await listed(round=first) == ours
    assert await listed(round=first, state="submitted") == ours[1:]
    page = await grants.get("/v1/applications", round=first, limit=2)
    assert await listed(round=first, limit=2, cursor=page["next_cursor"]) == ours[2:]


async def test_what_is_not_there_is_not_found(grants: Caller) -> None:
    status, problem = await grants.refused("/v1/applications", asking(new_id("round")))
    assert (status, problem["errors"][0]["pointer"]) == (404, "/round")
    missing = f"/v1/applications/{new_id('app')}"
    assert (await grants.client.get(missing)).status_code == 404
    assert (await grants.refused(f"{missing}/withdraw"))[0] == 404
    assert (await grants.refused(f"{missing}/decline", NO))[0] == 404
