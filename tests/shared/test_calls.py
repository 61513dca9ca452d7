import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from structlog.testing import capture_logs

from shared.app import create_app
from shared.calls import Call
from shared.db.infrastructure import outbox
from shared.deprecation import Deprecation
from shared.needs import needs, scopes
from shared.routing import Router
from tests.shared.trial import MOVEMENT, Trial, running_trial, settings_for, things

OTHER = "movement_01j5x3m0e8f7v9q2k4t6w8y0zz"
BALL = {"name": "ball", "price": {"amount": "12.50", "currency": "GBP"}}
NET = {"name": "net", "price": {"amount": "40.00", "currency": "GBP"}}


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    async with running_trial(settings_for(tmp_path)) as running:
        yield running


def _names(session: orm.Session) -> list[str]:
    return sorted(session.scalars(sa.select(things.c.name)))


def _recorded(session: orm.Session) -> list[tuple[str, str, str, str]]:
    columns = (outbox.c.movement, outbox.c.actor, outbox.c.causation, outbox.c.traceparent)
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(sa.select(*columns))]


async def test_a_write_answers_with_the_routes_status_its_result_and_its_place_in_the_log(trial: Trial) -> None:
    answered = await trial.client.post("/v1/things", json=BALL, headers=trial.as_caller("things:write"))
    assert (answered.status_code, answered.json()) == (201, {"name": "ball", "pence": 1250})
    assert answered.headers["backbone-position"] == "grants/fund_ball@1"
    assert answered.headers["content-type"] == "application/json"


async def test_what_was_written_can_be_read(trial: Trial) -> None:
    await trial.client.post("/v1/things", json=BALL, headers=trial.as_caller())
    answered = await trial.client.get("/v1/things/ball", headers=trial.as_caller("things:read"))
    assert answered.json() == {"name": "ball", "pence": 1250}


async def test_an_event_is_stamped_with_who_why_and_where_from(trial: Trial) -> None:
    answered = await trial.client.post("/v1/things", json=BALL, headers=trial.as_caller(id="key_7"))
    request_id, traceparent = answered.headers["backbone-request-id"], answered.headers["traceparent"]
    assert await trial.parts.db.read(_recorded) == [(MOVEMENT, "key_7", request_id, traceparent)]


async def test_a_verb_that_refuses_leaves_nothing(trial: Trial) -> None:
    await trial.client.post("/v1/things", json=BALL, headers=trial.as_caller())
    answered = await trial.client.post("/v1/things", json=BALL, headers=trial.as_caller())
    assert (answered.status_code, answered.json()["code"]) == (409, "taken")
    assert "backbone-position" not in answered.headers
    assert len(await trial.parts.db.read(_recorded)) == 1


async def test_a_write_without_an_answer_has_an_empty_body(trial: Trial) -> None:
    await trial.client.post("/v1/things", json=BALL, headers=trial.as_caller())
    answered = await trial.client.delete("/v1/things/ball", headers=trial.as_caller(user="user_1"))
    assert (answered.status_code, answered.content) == (204, b"")
    assert await trial.parts.db.read(_names) == []


async def test_another_movements_things_do_not_exist(trial: Trial) -> None:
    await trial.client.post("/v1/things", json=BALL, headers=trial.as_caller())
    other = trial.as_caller(movement=OTHER, user="user_1")
    assert (await trial.client.get("/v1/things/ball", headers=other)).status_code == 404
    assert (await trial.client.delete("/v1/things/ball", headers=other)).status_code == 404
    assert (await trial.client.get("/v1/things", headers=other)).json()["data"] == []
    assert await trial.parts.db.read(_names) == ["ball"]


@pytest.mark.parametrize("header", [{}, {"authorization": "Basic YTpi"}, {"authorization": "Bearer "},
                                    {"authorization": "Bearer nonsense"}])  # fmt: skip
async def test_without_a_token_nobody_is_known(trial: Trial, header: dict[str, str]) -> None:
    answered = await trial.client.get("/v1/things", headers=header)
    assert (answered.status_code, answered.json()["code"]) == (401, "unauthenticated")
    assert answered.headers["www-authenticate"] == "Bearer"


async def test_a_missing_scope_is_refused_and_named(trial: Trial) -> None:
    answered = await trial.client.post("/v1/things", json=BALL, headers=trial.as_caller("things:read", "rounds:*"))
    assert (answered.status_code, answered.json()["code"], answered.json()["scope"]) == (
        403,
        "forbidden",
        "things:write",
    )
    assert await trial.parts.db.read(_names) == []


async def test_a_route_for_people_refuses_keys(trial: Trial) -> None:
    answered = await trial.client.delete("/v1/things/ball", headers=trial.as_caller("*"))
    assert (answered.status_code, answered.json()["code"]) == (403, "needs_a_user")


async def test_who_may_not_call_learns_nothing_of_the_bodys_faults(trial: Trial) -> None:
    answered = await trial.client.post("/v1/things", json={}, headers=trial.as_caller("things:read"))
    assert answered.status_code == 403


async def test_a_repeated_key_gives_the_first_answer_and_writes_once(trial: Trial) -> None:
    headers = {**trial.as_caller(), "idempotency-key": "k-1"}
    first = await trial.client.post("/v1/things", json=BALL, headers=headers)
    again = await trial.client.post("/v1/things", json=BALL, headers=headers)
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again.headers["backbone-position"] == first.headers["backbone-position"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len(await trial.parts.db.read(_recorded)) == 1


async def test_twins_in_flight_write_once(trial: Trial) -> None:
    headers = {**trial.as_caller(), "idempotency-key": "k-1"}
    answers = await asyncio.gather(*(trial.client.post("/v1/things", json=BALL, headers=headers) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(await trial.parts.db.read(_recorded)) == 1


async def test_a_repeated_key_with_another_body_is_refused(trial: Trial) -> None:
    headers = {**trial.as_caller(), "idempotency-key": "k-1"}
    await trial.client.post("/v1/things", json=BALL, headers=headers)
    answered = await trial.client.post("/v1/things", json=NET, headers=headers)
    assert (answered.status_code, answered.json()["code"]) == (422, "idempotency_key_reused")
    assert await trial.parts.db.read(_names) == ["ball"]


async def test_a_key_belongs_to_its_caller_and_movement(trial: Trial) -> None:
    mine = {**trial.as_caller(id="key_1"), "idempotency-key": "k-1"}
    theirs = {**trial.as_caller(id="key_2"), "idempotency-key": "k-1"}
    elsewhere = {**trial.as_caller(id="key_1", movement=OTHER), "idempotency-key": "k-1"}
    assert (await trial.client.post("/v1/things", json=BALL, headers=mine)).status_code == 201
    assert (await trial.client.post("/v1/things", json=NET, headers=theirs)).status_code == 201
    assert (await trial.client.post("/v1/things", json=BALL, headers=elsewhere)).status_code == 201


async def test_a_refusal_is_not_remembered(trial: Trial) -> None:
    headers = {**trial.as_caller(user="user_1"), "idempotency-key": "k-1"}
    await trial.client.post("/v1/things", json=BALL, headers=trial.as_caller())
    assert (await trial.client.post("/v1/things", json=BALL, headers=headers)).status_code == 409
    await trial.client.delete("/v1/things/ball", headers=trial.as_caller(user="user_1"))
    assert (await trial.client.post("/v1/things", json=BALL, headers=headers)).status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_that_cannot_be_kept_is_refused(trial: Trial, key: str) -> None:
    answered = await trial.client.post("/v1/things", json=BALL, headers={**trial.as_caller(), "idempotency-key": key})
    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_idempotency_key")


async def test_scopes_lists_every_route_and_shows_the_one_that_forgot(trial: Trial, tmp_path: Path) -> None:
    forgetful = Router()

    @forgetful.get("/v1/forgotten", response_model=None)
    async def forgotten(call: Call) -> None:
        raise AssertionError("reached")

    app = create_app(
        "members", settings_for(tmp_path), routers=[forgetful], title="Forgetful", description="Forgot its scope."
    )
    assert scopes(app) == {"GET /v1/forgotten": None}
    assert scopes(trial.app)["DELETE /v1/things/{name}"] == "things:write"
    assert scopes(trial.app)["POST /open/echo"] == ""


async def test_a_route_that_forgot_its_scope_answers_nobody(trial: Trial) -> None:
    @trial.app.get("/v1/forgotten", response_model=None)
    async def forgotten(call: Call) -> None:
        raise AssertionError("reached")

    with capture_logs() as lines:
        answered = await trial.client.get("/v1/forgotten", headers=trial.as_caller())
    assert answered.status_code == 500
    assert isinstance(lines[0]["exc_info"], RuntimeError)


async def test_at_most_eight_positions_are_told(trial: Trial) -> None:
    answered = await trial.client.post("/v1/bulk", headers=trial.as_caller())
    assert len(answered.headers["backbone-position"].split(", ")) == 8
    assert len(await trial.parts.db.read(_recorded)) == 20


async def test_a_route_that_takes_large_files_has_limits_of_its_own(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, max_body=2048, max_upload=10_000)
    async with running_trial(settings) as trial:
        taken, refused = [
            await trial.client.post("/v1/files", content=b"x" * size, headers=trial.as_caller())
            for size in (9_000, 10_001)
        ]
    assert taken.status_code == 201, taken.text
    assert (refused.status_code, refused.json()["max_bytes"]) == (413, 10_000)


async def test_an_idempotency_key_goes_by_the_whole_of_a_large_file(tmp_path: Path) -> None:
    async with running_trial(settings_for(tmp_path)) as trial:
        headers = {**trial.as_caller(), "idempotency-key": "once"}
        first = await trial.client.post("/v1/files", content=b"abc", headers=headers)
        again = await trial.client.post("/v1/files", content=b"abc", headers=headers)
        other = await trial.client.post("/v1/files", content=b"abd", headers=headers)
    assert (first.status_code, again.content, again.headers["idempotent-replayed"]) == (201, first.content, "true")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_callers_of_a_route_that_is_on_its_way_out_are_told_since_when_until_when_and_what_instead(
    tmp_path: Path,
) -> None:
    router = Router()
    leaving = Deprecation("2027-01-31", "2027-07-31", "/docs#new-things")

    @router.get("/v1/old-things", **needs("things:read", deprecated=leaving))
    async def list_old_things(call: Call) -> None:
        """What there was."""

    async with running_trial(settings_for(tmp_path), more=[router]) as trial:
        answered = await trial.client.get("/v1/old-things", headers=trial.as_caller("things:read"))
        document = trial.app.openapi()["paths"]["/v1/old-things"]["get"]
    assert answered.headers["deprecation"] == "@1801353600"
    assert answered.headers["sunset"] == "Sat, 31 Jul 2027 00:00:00 GMT"
    assert answered.headers["link"] == '</docs#new-things>; rel="deprecation"'
    assert (document["deprecated"], document["x-deprecation"]["until"]) == (True, "2027-07-31")


def test_nothing_is_gone_before_it_is_deprecated() -> None:
    with pytest.raises(ValueError, match="for a while"):
        Deprecation("2027-01-31", "2027-01-31", "/docs")
