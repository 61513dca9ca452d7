"""Users: they are added with a role, and when their account ends everything of theirs ends with it."""

import asyncio

import pytest

from tests.gateway.running import Gateway, Json

ANNA = {"email": "Anna@Example.org", "name": "Anna", "role": "coordinator"}


async def test_a_user_is_added_with_a_password_that_is_shown_once(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/users", ANNA)
    assert made["email"] == "anna@example.org"
    session = await gateway.stranger.made("/v1/sessions", {"email": "ANNA@example.org", "password": made["password"]})
    assert session["user"]["id"] == made["id"]
    assert "password" not in (await gateway.platform.get(f"/v1/users/{made['id']}")).json()


async def test_a_password_of_ones_own_is_not_answered(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/users", ANNA | {"password": "a long enough one"})
    assert made["password"] is None


async def test_an_address_is_one_users_in_a_movement(gateway: Gateway) -> None:
    await gateway.platform.made("/v1/users", ANNA)
    answer = await gateway.platform.post("/v1/users", ANNA | {"email": "anna@EXAMPLE.org"})
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    there = await gateway.other_movement()
    await there.made("/v1/users", ANNA)


async def test_nobody_adds_a_user_who_may_do_more_than_they_may(gateway: Gateway) -> None:
    adder = await gateway.key("users:write", "*:read")
    answer = await adder.post("/v1/users", ANNA | {"role": "admin"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")
    await adder.made("/v1/users", ANNA | {"role": "reader"})


async def test_nobody_closes_the_account_of_somebody_who_may_do_more(gateway: Gateway) -> None:
    adder = await gateway.key("users:write", "users:read")
    admin = (await gateway.platform.get("/v1/users")).json()["data"][0]
    answer = await adder.delete(f"/v1/users/{admin['id']}")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")


async def test_an_admin_appoints_the_first_lead_of_safeguarding_and_the_lead_the_next(gateway: Gateway) -> None:
    lead = ANNA | {"role": "safeguarding"}
    made = await gateway.platform.made("/v1/users", lead)
    another = lead | {"email": "bea@example.org"}
    answer = await gateway.platform.post("/v1/users", another)
    assert (answer.status_code, answer.json()["code"]) == (403, "lead_appoints")
    credentials = {"email": made["email"], "password": made["password"]}
    anna = gateway.holding((await gateway.stranger.made("/v1/sessions", credentials))["token"])
    await anna.made("/v1/users", another)
    answer = await anna.post("/v1/users", ANNA | {"email": "cea@example.org", "role": "admin"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")


@pytest.mark.parametrize("scope", ["safeguarding:read", "safeguarding:*"])
async def test_no_key_can_be_given_what_is_sealed(gateway: Gateway, scope: str) -> None:
    answer = await gateway.platform.post("/v1/api-keys", {"name": "K", "scopes": [scope]})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_scope")


async def test_when_an_account_ends_its_sessions_and_keys_are_refused_at_once(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/users", ANNA | {"role": "admin"})
    credentials = {"email": made["email"], "password": made["password"]}
    anna = gateway.holding((await gateway.stranger.made("/v1/sessions", credentials))["token"])
    key = await gateway.key("people:read", by=anna)
    assert (await key.get("/v1/people")).status_code == 200
    assert (await gateway.platform.delete(f"/v1/users/{made['id']}")).status_code == 204
    for caller in (anna, key):
        answer = await caller.get("/v1/people")
        assert (answer.status_code, answer.json()["code"]) == (401, "credential_revoked")
    answer = await gateway.stranger.post("/v1/sessions", credentials)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")


async def test_the_last_admin_is_not_removed_until_there_is_another(gateway: Gateway) -> None:
    admin = await gateway.admin()
    account = f"/v1/users/{(await admin.get('/v1/me')).json()['user']['id']}"
    refused = await gateway.platform.delete(account)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")
    assert (await admin.get("/v1/me")).status_code == 200
    await gateway.platform.made("/v1/users", ANNA | {"role": "admin"})
    assert (await gateway.platform.delete(account)).status_code == 204
    assert (await gateway.platform.delete(account)).status_code == 204, "closed already"


async def test_of_all_admins_at_once_the_last_stays(gateway: Gateway) -> None:
    others = [
        await gateway.platform.made("/v1/users", ANNA | {"email": f"{n}@example.org", "role": "admin"}) for n in "ab"
    ]
    admins = [(await gateway.platform.get("/v1/users")).json()["data"][0]["id"], *(each["id"] for each in others)]
    answers = await asyncio.gather(*(gateway.platform.delete(f"/v1/users/{admin}") for admin in admins))
    assert sorted(answer.status_code for answer in answers) == [204, 204, 409]


async def test_what_a_role_may_do_is_what_its_sessions_may(gateway: Gateway) -> None:
    made = await gateway.platform.made("/v1/users", ANNA | {"role": "reader"})
    session = await gateway.stranger.made("/v1/sessions", {"email": made["email"], "password": made["password"]})
    reader = gateway.holding(session["token"])
    assert (await reader.get("/v1/users")).status_code == 200
    assert (await reader.post("/v1/users", ANNA)).status_code == 403


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "no address"}, "/email"),
        ({"email": 7}, "/email"),
        ({"name": ""}, "/name"),
        ({"role": "emperor"}, "/role"),
        ({"password": "short"}, "/password"),
        ({"password": "x" * 201}, "/password"),
        ({"organisation": "org_1"}, "/organisation"),
        ({"scopes": ["*"]}, "/scopes"),
        ({"movement": "movement_01"}, "/movement"),
    ],
)
async def test_a_bad_user_is_refused_by_pointer_without_repeating_what_was_sent(
    gateway: Gateway, change: Json, pointer: str
) -> None:
    answer = await gateway.platform.post("/v1/users", ANNA | change)
    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (422, [pointer])
    assert "no address" not in answer.text
    assert len((await gateway.platform.get("/v1/users")).json()["data"]) == 1
