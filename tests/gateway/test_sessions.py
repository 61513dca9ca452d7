"""Signing in and out: tokens, the second factor, and what slows a guesser down."""

import asyncio
from datetime import timedelta

import pyotp
import pytest

from services.gateway.access import passwords
from shared import clock
from tests.gateway.running import Caller, Gateway, Json


def credentials(gateway: Gateway, **more: str) -> Json:
    """What the first admin signs in with."""
    return {"email": gateway.first.email, "password": gateway.first.password, **more}


async def refused(gateway: Gateway, body: Json) -> tuple[int, str]:
    """The status and code of a sign-in that must fail."""
    answer = await gateway.stranger.post("/v1/sessions", body)
    return answer.status_code, answer.json()["code"]


async def with_second_factor(gateway: Gateway) -> tuple[Caller, pyotp.TOTP]:
    """The admin, signed in, with a confirmed second factor."""
    admin = await gateway.admin()
    offered = await admin.made("/v1/me/second-factor", {})
    totp = pyotp.TOTP(offered["secret"])
    answer = await admin.post("/v1/me/second-factor/confirmations", {"code": totp.at(clock.now())})
    assert answer.status_code == 204, answer.text
    return admin, totp


async def test_a_session_lasts_twelve_hours_and_is_one_users(gateway: Gateway) -> None:
    session = await gateway.stranger.made("/v1/sessions", credentials(gateway))
    admin = gateway.holding(session["token"])
    me = (await admin.get("/v1/me")).json()
    assert (me["kind"], me["user"]["email"], me["id"]) == ("session", gateway.first.email, session["id"])
    for hours, status in ((11.9, 200), (12.1, 401)):
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            assert (await admin.get("/v1/me")).status_code == status


async def test_signing_out_ends_this_session_and_no_other(gateway: Gateway) -> None:
    here, elsewhere = await gateway.admin(), await gateway.admin()
    assert (await here.delete("/v1/sessions/current")).status_code == 204
    answer = await here.get("/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "credential_revoked")
    assert (await elsewhere.get("/v1/me")).status_code == 200


@pytest.mark.parametrize("change", [{"password": "not the password"}, {"email": "nobody@example.org"}])
async def test_a_wrong_address_and_a_wrong_password_are_answered_alike(gateway: Gateway, change: Json) -> None:
    assert await refused(gateway, credentials(gateway) | change) == (401, "wrong_credentials")


async def test_an_unknown_address_costs_a_password_check_as_well() -> None:
    stored = await passwords.store_form("the right password")
    assert stored != await passwords.store_form("the right password")
    assert not await passwords.matches(None, "the right password")
    assert await passwords.matches(stored, "the right password")
    assert not await passwords.matches("no hash at all", "the right password")


async def test_after_five_wrong_attempts_the_right_password_must_wait_too(gateway: Gateway) -> None:
    wrong = credentials(gateway) | {"password": "not the password"}
    with clock.frozen(clock.now()) as time:
        for _ in range(6):
            assert await refused(gateway, wrong) == (401, "wrong_credentials")
        answer = await gateway.stranger.post("/v1/sessions", credentials(gateway))
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
        wait = int(answer.headers["retry-after"])
        assert 1 <= wait <= 3
        time.advance(timedelta(seconds=wait))
        assert await refused(gateway, wrong) == (401, "wrong_credentials")
        answer = await gateway.stranger.post("/v1/sessions", credentials(gateway))
        assert int(answer.headers["retry-after"]) > wait
        time.advance(timedelta(seconds=int(answer.headers["retry-after"])))
        await gateway.stranger.made("/v1/sessions", credentials(gateway))
        assert await refused(gateway, wrong) == (401, "wrong_credentials")


async def test_an_address_without_an_account_is_slowed_down_alike(gateway: Gateway) -> None:
    nobody = {"email": "nobody@example.org", "password": "not the password"}
    with clock.frozen(clock.now()):
        told = [await refused(gateway, nobody) for _ in range(7)]
    assert told == [(401, "wrong_credentials")] * 6 + [(429, "too_many_attempts")]


async def test_guesses_made_side_by_side_count_each(gateway: Gateway) -> None:
    wrong = credentials(gateway) | {"password": "not the password"}
    with clock.frozen(clock.now()):
        told = await asyncio.gather(*(refused(gateway, wrong) for _ in range(12)))
    assert told.count((401, "wrong_credentials")) == 6
    assert told.count((429, "too_many_attempts")) == 6


async def test_a_second_factor_counts_once_a_code_has_confirmed_it(gateway: Gateway) -> None:
    admin = await gateway.admin()
    offered = await admin.made("/v1/me/second-factor", {})
    assert offered["uri"].startswith("otpauth://totp/Backbone:")
    answer = await admin.post("/v1/me/second-factor/confirmations", {"code": "000000"})
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    await gateway.stranger.made("/v1/sessions", credentials(gateway))
    code = pyotp.TOTP(offered["secret"]).at(clock.now())
    assert (await admin.post("/v1/me/second-factor/confirmations", {"code": code})).status_code == 204
    assert await refused(gateway, credentials(gateway)) == (401, "code_needed")


async def test_a_code_signs_in_once(gateway: Gateway) -> None:
    with clock.frozen(clock.now()) as time:
        _, totp = await with_second_factor(gateway)
        spent = credentials(gateway, code=totp.at(clock.now()))
        assert await refused(gateway, spent) == (401, "wrong_credentials")
        time.advance(timedelta(seconds=30))
        fresh = credentials(gateway, code=totp.at(clock.now()))
        await gateway.stranger.made("/v1/sessions", fresh)
        assert await refused(gateway, fresh) == (401, "wrong_credentials")


async def test_one_code_sent_twice_at_once_signs_in_once(gateway: Gateway) -> None:
    with clock.frozen(clock.now()) as time:
        _, totp = await with_second_factor(gateway)
        time.advance(timedelta(seconds=30))
        body = credentials(gateway, code=totp.at(clock.now()))
        answers = await asyncio.gather(*(gateway.stranger.post("/v1/sessions", body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]


async def test_a_code_of_a_clock_that_is_a_step_off_is_taken_and_an_older_one_is_not(gateway: Gateway) -> None:
    with clock.frozen(clock.now()) as time:
        _, totp = await with_second_factor(gateway)
        time.advance(timedelta(minutes=5))
        late, later = (clock.now() - timedelta(seconds=seconds) for seconds in (30, 60))
        assert await refused(gateway, credentials(gateway, code=totp.at(later))) == (401, "wrong_credentials")
        await gateway.stranger.made("/v1/sessions", credentials(gateway, code=totp.at(late)))


async def test_removing_the_second_factor_takes_a_code(gateway: Gateway) -> None:
    with clock.frozen(clock.now()) as time:
        admin, totp = await with_second_factor(gateway)
        time.advance(timedelta(seconds=30))
        path = "/v1/me/second-factor/removals"
        assert (await admin.post(path, {"code": "000000"})).status_code == 401
        assert (await admin.post(path, {"code": totp.at(clock.now())})).status_code == 204
    await gateway.stranger.made("/v1/sessions", credentials(gateway))


async def test_changing_the_password_takes_the_old_one_and_ends_the_other_sessions(gateway: Gateway) -> None:
    here, elsewhere = await gateway.admin(), await gateway.admin()
    body = {"current": "not the password", "new": "another long password"}
    answer = await here.ask("PUT", "/v1/me/password", json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    answer = await here.ask("PUT", "/v1/me/password", json=body | {"current": gateway.first.password})
    assert answer.status_code == 204
    assert [(await caller.get("/v1/me")).status_code for caller in (here, elsewhere)] == [200, 401]
    assert await refused(gateway, credentials(gateway)) == (401, "wrong_credentials")
    await gateway.stranger.made("/v1/sessions", credentials(gateway) | {"password": "another long password"})


async def test_an_address_of_two_movements_signs_in_to_the_one_it_names(gateway: Gateway) -> None:
    there = await gateway.other_movement()
    body = {"email": gateway.first.email, "name": "A", "role": "admin", "password": "a password of there"}
    await there.made("/v1/users", body)
    assert await refused(gateway, credentials(gateway)) == (401, "wrong_credentials")
    session = await gateway.stranger.made("/v1/sessions", credentials(gateway, movement="we-can-move"))
    assert session["movement"]["slug"] == "we-can-move"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'{"email": "a@b.c"}', 422),
        (b'{"email": "a@b.c", "password": "x", "code": "12345"}', 422),
        (b'{"email": "a@b.c", "password": null}', 422),
    ],
)
async def test_a_malformed_sign_in_is_a_problem(gateway: Gateway, body: bytes, status: int) -> None:
    answer = await gateway.stranger.ask(
        "POST", "/v1/sessions", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
