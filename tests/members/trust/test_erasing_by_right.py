"""A request to be erased makes its erasure once it is verified who asks, and ends as that does."""

from datetime import timedelta

import pytest

from services.members.trust.erasures import domain
from services.members.trust.erasures.models import Refused
from shared import clock
from shared.db import Context
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import edit
from tests.members.trust.erasing import admitted, ended

ERASURES, REQUESTS = "/v1/erasures", "/v1/requests"
LETTER = {"kind": "erase", "how": "letter", "words": "Forget me, Zeb Quill."}


async def asked(user: Caller, person: str, **more: object) -> Json:
    """A request to be erased that nobody has verified yet."""
    return await user.post(REQUESTS, LETTER | {"person": person, **more})


async def verified(user: Caller, person: str, **more: object) -> Json:
    """The same, verified: its erasure is there."""
    request = await asked(user, person, **more)
    return await user.post(f"{REQUESTS}/{request['id']}/verify", {"identified": "document_seen"}, status=200)


async def started(user: Caller, request: Json, *holds: Json) -> str:
    """The id of the erasure of a request, begun and over."""
    erasure = str(request["erasure"])
    await edit(user, f"{ERASURES}/{erasure}/start", {"holds": list(holds)}, status=202)
    await admitted(user, erasure)
    await ended(user, erasure)
    return erasure


async def test_a_request_that_is_verified_erases_and_ends_with_what_was_done(user: Caller) -> None:
    person = await user.person("Zeb", family_name="Quill")
    request = await verified(user, person)
    made = await user.get(f"{ERASURES}/{request['erasure']}")
    assert (made["state"], made["verified_how"], made["request"]) == ("verified", "document_seen", request["id"])
    assert made["due_on"] == request["due_on"]
    await user.post(f"{REQUESTS}/{request['id']}/extend", {"reason": "complex", "words": "It is much."}, status=200)
    assert (await user.get(f"{ERASURES}/{request['erasure']}"))["due_on"] > request["due_on"]
    await started(user, request)
    over = await user.get(f"{REQUESTS}/{request['id']}")
    assert (over["state"], over["person"], over["words"]) == ("completed", None, None)
    assert "erased in every service (gateway, grants, measures, members)" in over["answer"]["words"]
    assert over["answer"]["told_on"] is None
    told = await user.post(f"{REQUESTS}/{request['id']}/told", {}, status=200)
    assert told["answer"]["told_on"] is not None
    assert (await user.refused(f"{REQUESTS}/{request['id']}/told", {}))[1]["code"] == "nothing_to_tell"
    closings = [payload for type_, payload in await user.published(request["id"]) if type_ == "request.closed"]
    assert [(closing["became"], closing["person"]) for closing in closings] == [("completed", None)]


@ON_ONE_DATABASE
async def test_what_is_held_is_in_the_answer_with_the_reason_and_the_day(user: Caller) -> None:
    person, until = await user.person("Zeb"), (clock.now().date() + timedelta(days=90)).isoformat()
    await user.post("/v1/pledges", {"person": person, "text": "I bring the kettle"})
    request = await verified(user, person)
    await started(user, request, {"kind": "pledges", "reason": "legal_claim", "until": until})
    over = await user.get(f"{REQUESTS}/{request['id']}")
    assert (over["state"], over["answer"]["refused_for"]) == ("partly_completed", "exempt")
    assert f"Held until {until}: 1 of pledges, for legal claim" in over["answer"]["words"]


@ON_ONE_DATABASE
async def test_nobody_is_erased_by_a_request_that_is_not_verified_or_is_another(user: Caller) -> None:
    request = await asked(user, await user.person("Zeb"))
    assert request["erasure"] is None
    assert (await user.refused(ERASURES, {"request": request["id"]}))[1]["code"] == "not_verified"
    access = await user.post(REQUESTS, LETTER | {"kind": "access", "person": await user.person("Wendy")})
    for unknown in (access["id"], new_id("request")):
        assert faults((await user.refused(ERASURES, {"request": unknown}))[1]) == {"/request": "unknown_request"}
    assert faults((await user.refused(ERASURES, {}))[1]) == {"": "one_of_them"}
    assert (await user.get(ERASURES))["data"] == []


@pytest.mark.parametrize(
    ("step", "body", "because"),
    [
        ("withdraw", {}, "withdrawn"),
        ("refuse", {"ground": "manifestly_unfounded", "why": "It is a threat."}, "request_refused"),
    ],
)
@ON_ONE_DATABASE
async def test_a_request_that_ends_otherwise_ends_its_erasure(
    user: Caller, step: str, body: Json, because: str
) -> None:
    request = await verified(user, await user.person("Zeb"))
    late = await user.refused(f"{REQUESTS}/{request['id']}/complete", {"done": "We erased them."})
    assert (late[1]["code"], late[1]["erasure"]) == ("erasure_under_way", request["erasure"])
    await user.post(f"{REQUESTS}/{request['id']}/{step}", body, status=200)
    erasure = await user.get(f"{ERASURES}/{request['erasure']}")
    assert (erasure["state"], erasure["refused_because"]) == ("refused", because)


@pytest.mark.parametrize(
    ("because", "state", "ground"),
    [
        (Refused.NOT_IDENTIFIED, "refused", "not_identified"),
        (Refused.LEGAL_OBLIGATION, "refused", "exempt"),
        (Refused.WITHDRAWN, "withdrawn", None),
    ],
)
@ON_ONE_DATABASE
async def test_an_erasure_that_is_refused_ends_its_request(
    user: Caller, because: Refused, state: str, ground: str | None
) -> None:
    request = await verified(user, await user.person("Zeb"))
    await edit(user, f"{ERASURES}/{request['erasure']}/refusal", {"because": because})
    over = await user.get(f"{REQUESTS}/{request['id']}")
    assert (over["state"], (over["answer"] or {}).get("refused_for")) == (state, ground)
    assert ground is None or "complain" in over["answer"]["words"]


@ON_ONE_DATABASE
async def test_a_request_stays_open_while_somebody_is_the_last_admin_and_is_taken_up_again(user: Caller) -> None:
    request = await verified(user, await user.person("Zeb"))
    await edit(user, f"{ERASURES}/{request['erasure']}/start", {}, status=202)
    status, problem = await user.refused(f"{REQUESTS}/{request['id']}/withdraw", {})
    assert (status, problem["code"]) == (409, "erasure_under_way")
    db = user.app.state.parts.db.on_behalf(Context(user.movement, "service:gateway"))
    await db.write(domain.object_to, user.movement, request["erasure"], Refused.LAST_ADMIN)
    assert (await user.get(f"{REQUESTS}/{request['id']}"))["state"] == "verified"
    again = await user.post(ERASURES, {"request": request["id"]})
    assert (again["state"], again["request"]) == ("verified", request["id"])
    assert (await user.get(f"{REQUESTS}/{request['id']}"))["erasure"] == again["id"]


@ON_ONE_DATABASE
async def test_another_movements_request_erases_nobody_here(user: Caller, other: Caller) -> None:
    request = await asked(user, await user.person("Zeb"))
    assert faults((await other.refused(ERASURES, {"request": request["id"]}))[1]) == {"/request": "unknown_request"}
    assert (await other.refused(f"{REQUESTS}/{request['id']}/told", {}))[0] == 404
