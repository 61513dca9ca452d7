"""Controllers: who answers for a kind of record, a programme or a fund, one at a time or jointly by agreement."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from shared import clock, upstream
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.gateway.standin import StandIn
from tests.members.caller import Caller
from tests.members.trust.agreeing import covered, signed


@pytest.fixture(autouse=True)
def _may() -> Iterator[None]:
    """The tests of this module begin in May 2026."""
    with clock.frozen(datetime(2026, 5, 1, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def grants() -> Iterator[StandIn]:
    """The grants service, which knows the funds."""
    standin = StandIn()
    upstream.register("grants", standin)
    yield standin
    upstream.unregister("grants", standin)


async def named(members: Caller, organisation: str, **of: str) -> Json:
    return await members.post("/v1/controllers", {"organisation": organisation} | of)


async def programme(members: Caller, lead: str) -> str:
    said = {"name": "Daily Mile", "lead": lead, "aims": "Every child moves."}
    return str((await members.post("/v1/programmes", said))["id"])


async def ended(members: Caller, controller: Json, on: str) -> tuple[int, Json]:
    path = f"/v1/controllers/{controller['id']}/end"
    tag = {"If-Match": f'"{controller["version"]}"'}
    answered = await members.client.post(path, json={"on": on}, headers=tag)
    return answered.status_code, answered.json()


async def test_a_controller_may_have_what_it_controls_and_nothing_else(members: Caller) -> None:
    ours = await members.organisation()
    assert await covered(members, ours, "attendance") == (False, "agreement_missing")
    made = await named(members, ours, record_kind="attendance", starts_on="2026-01-01")
    assert await covered(members, ours, "attendance", purpose="anything") == (True, "controller")
    assert await covered(members, ours, "safety") == (False, "agreement_missing")
    status, over = await ended(members, made, "2026-06-01")
    assert (status, over["ended_on"]) == (200, "2026-06-01")
    assert await covered(members, ours, "attendance", at="2026-05-31T12:00:00Z") == (True, "controller")
    assert await covered(members, ours, "attendance", at="2026-06-01T12:00:00Z") == (False, "agreement_missing")
    assert [kind for kind, _ in await members.published(made["id"])] == ["controller.named", "controller.changed"]
    assert (await ended(members, over, "2026-07-01"))[1]["code"] == "controller_ended"


async def test_what_nobody_controls_is_listed_until_somebody_does(members: Caller) -> None:
    ours = await members.organisation()
    mile = await programme(members, ours)
    before = await members.get("/v1/controllers/unnamed")
    assert (len(before["record_kinds"]), before["programmes"]) == (12, [mile])
    await named(members, ours, record_kind="safety")
    await named(members, ours, programme=mile)
    after = await members.get("/v1/controllers/unnamed")
    assert (len(after["record_kinds"]), after["programmes"]) == (11, [])
    await named(members, ours, record_kind="*")
    assert (await members.get("/v1/controllers/unnamed"))["record_kinds"] == []
    assert await covered(members, ours, "rights") == (True, "controller")
    listed = (await members.get("/v1/controllers", programme=mile, on="2026-05-01"))["data"]
    assert [each["organisation"] for each in listed] == [ours]
    assert (await members.get("/v1/controllers", on="2026-04-30"))["data"] == []


async def test_two_are_controllers_of_one_thing_only_by_an_agreement_between_them(members: Caller) -> None:
    ours, theirs = await members.organisation("Active"), await members.organisation("Walkers")
    await named(members, ours, record_kind="attendance")
    again = {"organisation": ours, "record_kind": "attendance"}
    assert (await members.refused("/v1/controllers", again))[1]["code"] == "controller_named_already"
    theirs_too = {"organisation": theirs, "record_kind": "attendance"}
    await signed(members, ours, theirs)  # a sharing agreement makes nobody a joint controller
    for data_class in ("safety", "attendance"):
        status, problem = await members.refused("/v1/controllers", theirs_too)
        assert (status, problem["code"]) == (409, "joint_agreement_needed")
        await signed(members, ours, theirs, kind="joint_controllers", data_classes=[data_class])
    await members.post("/v1/controllers", theirs_too)


async def test_a_fund_is_one_that_the_grants_service_knows(members: Caller, grants: StandIn) -> None:
    ours = await members.organisation()
    fund = new_id("fund")
    made = await named(members, ours, fund=fund)
    assert (made["fund"], made["record_kind"], made["programme"]) == (fund, None, None)
    assert [asked.path for asked in grants.asked] == [f"/v1/funds/{fund}"]
    for status, refused in ((404, (422, "invalid")), (500, (503, "unavailable"))):
        grants.status = status
        answered, problem = await members.refused("/v1/controllers", {"organisation": ours, "fund": new_id("fund")})
        assert (answered, problem["code"]) == refused


async def test_another_movements_controllers_are_unknown_here(members: Caller, other: Caller) -> None:
    ours, theirs = await members.organisation(), await other.organisation()
    made = await named(other, theirs, record_kind="contact")
    mile = await programme(other, theirs)
    assert (await members.get("/v1/controllers"))["data"] == []
    assert (await members.client.get(f"/v1/controllers/{made['id']}")).status_code == 404
    assert (await ended(members, made, "2026-06-01"))[0] == 404
    assert (await members.get("/v1/controllers/unnamed"))["programmes"] == []
    for said, pointer in (
        ({"organisation": theirs, "record_kind": "contact"}, {"/organisation": "unknown_organisation"}),
        ({"organisation": ours, "programme": mile}, {"/programme": "unknown_programme"}),
    ):
        status, problem = await members.refused("/v1/controllers", said)
        assert (status, faults(problem)) == (422, pointer)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "said", [{}, {"record_kind": "contact", "programme": new_id("programme")}, {"record_kind": "everything"}]
)
async def test_a_controller_is_of_one_thing(members: Caller, said: Json) -> None:
    assert (await members.refused("/v1/controllers", {"organisation": new_id("org")} | said))[0] == 422
