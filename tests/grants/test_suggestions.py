"""Rounds that people's unmet wishes suggest: drafted once, in the fund that takes them, changed until they open."""

import json
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.grants.handlers import on_round_suggested
from services.grants.suggestions import drafting
from shared import clock
from shared.db import Context
from shared.events.base import Received
from shared.events.members.voices import RoundSuggested
from shared.ids import new_id
from shared.in_process import register, unregister
from shared.testing.caller import Json, faults
from shared.testing.eventually import eventually
from shared.testing.outbox import told
from tests.gateway.standin import StandIn
from tests.grants.caller import Caller, gbp

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def members() -> Iterator[StandIn]:
    """The members service, which says what a suggestion is about."""
    standin = StandIn(body=json.dumps({"theme": "Gardens to meet in", "place": "Matson"}).encode())
    register("members", standin)
    yield standin
    unregister("members", standin)


async def suggested(app: FastAPI, grants: Caller, wishes: int = 3, suggestion: str | None = None) -> str:
    """The id of a suggestion that this service was told of."""
    suggestion = suggestion or new_id("suggestion")
    event = RoundSuggested(suggestion=suggestion, wishes=wishes)
    received = Received(
        id=new_id("event"), type=event.event_type, service="members", key=suggestion, sequence=1,
        movement=grants.movement, actor="key_of_somebody", causation=None, origin=None, traceparent=TRACE,
        time=clock.now(), payload=b"",
    )  # fmt: skip

    def handle(session: Session) -> None:
        on_round_suggested(session, received, event)

    await app.state.parts.db.on_behalf(Context(grants.movement, "members")).write(handle)
    return suggestion


async def drafted(grants: Caller, suggestion: str) -> Json:
    """The round that was drafted of a suggestion, once it is."""

    async def found() -> Json | None:
        rounds = (await grants.get("/v1/rounds"))["data"]
        return next((each for each in rounds if each["suggestion"] == suggestion), None)

    made = await eventually(found)
    assert made is not None
    return made


async def test_a_suggestion_is_drafted_once_under_the_trace_of_whoever_caused_it(
    app: FastAPI, grants: Caller, members: StandIn
) -> None:
    fund, suggestion = await grants.fund(), await suggested(app, grants)
    made = await drafted(grants, suggestion)
    assert (made["fund"], made["title"], made["state"]) == (fund, "Gardens to meet in: Matson", "draft")
    assert (made["minimum"], made["maximum"], made["budget"]) == (gbp("500.00"), gbp("2500.00"), gbp("7500.00"))
    assert members.asked[0].path == f"/internal/round-suggestions/{suggestion}"
    assert members.asked[0].headers["traceparent"] == TRACE
    await suggested(app, grants, suggestion=suggestion)  # told a second time
    assert (await grants.get("/v1/rounds/suggestions"))["data"] == []
    assert len((await grants.get("/v1/rounds"))["data"]) == 1
    (event,) = [each for each in await told(app, grants.movement) if each.type == "round.drafted"]
    assert event.payload == {"round": made["id"], "suggestion": suggestion}


async def test_of_several_funds_one_takes_suggestions_and_until_then_they_wait(
    app: FastAPI, grants: Caller, members: StandIn
) -> None:
    one, other = await grants.fund(), await grants.fund(currency="EUR")
    suggestion = await suggested(app, grants, wishes=5)
    await suggested(app, grants, wishes=5, suggestion=suggestion)  # told a second time
    (waiting,) = (await grants.get("/v1/rounds/suggestions"))["data"]
    assert (waiting["id"], waiting["wishes"]) == (suggestion, 5)
    assert (await grants.post(f"/v1/funds/{other}/take-suggestions"))["takes_suggestions"] is True
    made = await drafted(grants, suggestion)
    assert (made["fund"], made["budget"]) == (other, {"amount": "12500.00", "currency": "EUR"})
    await grants.post(f"/v1/funds/{one}/take-suggestions")
    taking = {each["id"]: each["takes_suggestions"] for each in (await grants.get("/v1/funds"))["data"]}
    assert taking == {one: True, other: False}
    assert (await grants.refused(f"/v1/funds/{new_id('fund')}/take-suggestions"))[0] == 404


async def test_what_members_cannot_say_now_is_drafted_later(
    app: FastAPI, grants: Caller, members: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "SECONDS_AFTER_A_FAILURE", 0.05)
    members.status = 503
    await grants.fund()
    suggestion = await suggested(app, grants)
    await eventually(lambda: len(members.asked) > 1)
    assert [each["id"] for each in (await grants.get("/v1/rounds/suggestions"))["data"]] == [suggestion]
    members.status = 200
    assert (await drafted(grants, suggestion))["title"] == "Gardens to meet in: Matson"


async def test_a_draft_is_changed_until_it_opens_and_then_only_its_title(grants: Caller) -> None:
    fund, other = await grants.fund(), await grants.fund()
    path = f"/v1/rounds/{await grants.draft(fund)}"
    edit = {"budget": gbp("6000.00"), "fund": other, "title": "Gardens", "closes_at": "2999-01-01T00:00:00Z"}
    changed = await grants.client.patch(path, json=edit, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert {key: changed.json()[key] for key in edit} == edit
    assert (await grants.client.patch(path, json=edit, headers={"If-Match": '"1"'})).status_code == 412
    assert (await grants.client.patch(path, json=edit)).status_code == 428
    await grants.post(f"{path}/open")
    assert (await grants.get(f"/v1/funds/{other}"))["reserved"] == gbp("6000.00")
    frozen = await grants.client.patch(path, json={"budget": gbp("7000.00")}, headers={"If-Match": "*"})
    assert (frozen.status_code, frozen.json()["code"]) == (409, "round_frozen")
    titled = await grants.client.patch(path, json={"title": "Gardens to meet in"}, headers={"If-Match": '"3"'})
    assert (titled.status_code, titled.json()["budget"]) == (200, gbp("6000.00"))


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"fund": "fund_01j5x3m0e8f7v9q2k4t6w8y0ab"}, {"/fund": "not_found"}),
        ({"maximum": gbp("400.00")}, {"/maximum/amount": "less_than_minimum"}),
        ({"budget": {"amount": "9.00", "currency": "EUR"}}, {"/budget/currency": "wrong_currency"}),
        ({"minimum": gbp("0.00")}, {"/minimum/amount": "not_positive"}),
        ({"title": None}, {"/title": "null"}),
    ],
)
async def test_a_change_that_makes_no_sense_changes_nothing(grants: Caller, wrong: Json, found: Json) -> None:
    path = f"/v1/rounds/{await grants.draft(await grants.fund())}"
    before = await grants.get(path)
    refused = await grants.client.patch(path, json=wrong, headers={"If-Match": "*"})
    assert (refused.status_code, faults(refused.json())) == (422, found)
    assert await grants.get(path) == before


async def test_a_fund_of_another_currency_needs_every_amount_in_it(grants: Caller) -> None:
    path = f"/v1/rounds/{await grants.draft(await grants.fund())}"
    euros = await grants.fund(currency="EUR")
    refused = await grants.client.patch(path, json={"fund": euros}, headers={"If-Match": "*"})
    assert faults(refused.json()) == {"/fund": "wrong_currency"}
    amounts = {name: gbp("500.00") | {"currency": "EUR"} for name in ("minimum", "maximum", "budget")}
    changed = await grants.client.patch(path, json={"fund": euros, **amounts}, headers={"If-Match": "*"})
    assert (changed.status_code, changed.json()["budget"]) == (200, amounts["budget"])


async def test_a_suggested_draft_that_is_dropped_is_told_of(app: FastAPI, grants: Caller, members: StandIn) -> None:
    await grants.fund()
    made = await drafted(grants, await suggested(app, grants))
    await grants.post(f"/v1/rounds/{made['id']}/cancel")
    assert [each.type for each in await told(app, grants.movement) if each.key == made["id"]] == [
        "round.drafted", "round.dropped",
    ]  # fmt: skip
