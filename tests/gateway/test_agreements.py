"""Keys, sessions and the feed of organisations: held to agreements at each request, stopped when these expire."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.gateway.agreements.models import StaffMember
from shared import clock
from shared.auth import Principal, verify
from shared.clock import Frozen
from shared.coverage import DataClass
from shared.events.members.agreements import AgreementChanged, AgreementSigned
from shared.events.members.controllers import ControllerChanged, ControllerNamed
from shared.events.members.gatherings import AttendanceRecorded
from shared.events.members.merging import OrganisationMerged, OrganisationUnmerged, PersonMerged
from shared.events.members.organisations import AffiliationChanged
from shared.testing.caller import Json
from shared.testing.eventually import eventually
from tests.gateway.log import Log
from tests.gateway.running import Caller, Gateway

OURS, THEIRS = "org_01j5x3m0e8f7v9q2k4t6w8y0ab", "org_01j5x3m0e8f7v9q2k4t6w8y0ac"
TERMS: Json = {
    "agreement": "agreement_01j5x3m0e8f7v9q2k4t6w8y0ab",
    "kind": "sharing",
    "parties": [OURS, THEIRS],
    "purposes": ["introductions"],
    "data_classes": ["contact", "relationships"],
    "starts_on": date(2026, 1, 1),
    "expires_on": date(2027, 1, 1),
}
CONTROL: Json = {
    "controller": "controller_1",
    "of_kind": "record_kind",
    "of": "*",
    "organisation": OURS,
    "starts_on": date(2026, 1, 1),
}
KEY = {"organisation": THEIRS, "purpose": "introductions"}


@pytest.fixture(autouse=True)
def may() -> Iterator[Frozen]:
    """The tests of this module begin in May 2026."""
    with clock.frozen(datetime(2026, 5, 1, 12, tzinfo=UTC)) as stopped:
        yield stopped


@pytest.fixture
def log(gateway: Gateway) -> Log:
    return Log(gateway.parts.bus)


async def movement_of(gateway: Gateway) -> str:
    movement: str = (await gateway.platform.get("/v1/me")).json()["movement"]["id"]
    return movement


async def withheld(caller: Caller) -> dict[str, tuple[str, str | None]]:
    """What is withheld from a caller: by class the reason, and the day that it names."""
    me = (await caller.get("/v1/me")).json()
    return {each["data_class"]: (each["because"], each["day"]) for each in me["withheld"]}


async def keyed(gateway: Gateway, log: Log, *scopes: str) -> Caller:
    """A key of an organisation that an agreement covers, once the gateway has been told of that."""
    await log.publish(await movement_of(gateway), AgreementSigned(**TERMS))
    body = {"name": "K", "scopes": list(scopes), **KEY}

    key = await eventually(lambda: _key(gateway, body))
    assert key is not None
    return key


def forwarded_as(gateway: Gateway) -> Principal:
    """Who the gateway last told the members service was calling."""
    token = gateway.standins["members"].asked[-1].headers["authorization"].removeprefix("Bearer ")
    return verify(token, "members", gateway.parts.secrets)


async def test_an_organisations_key_has_no_scope_to_personal_data_without_an_agreement(gateway: Gateway) -> None:
    body = {"name": "K", "scopes": ["people:read", "attendances:*", "places:read"], **KEY}
    answer = await gateway.platform.post("/v1/api-keys", body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (403, "agreement_missing")
    lacking = [(fault["pointer"], fault["code"]) for fault in problem["errors"]]
    assert lacking == [("/scopes", "agreement_missing")] * 2  # of contact data, and of attendance
    assert (await gateway.platform.post("/v1/api-keys", body | {"scopes": ["*:read"]})).status_code == 403
    purposeless = await gateway.platform.post("/v1/api-keys", body | {"purpose": None})
    assert (purposeless.status_code, purposeless.json()["errors"][0]["pointer"]) == (422, "/purpose")
    await gateway.platform.made("/v1/api-keys", body | {"scopes": ["places:read"], "purpose": None})


async def test_a_key_may_have_what_its_agreement_covers_and_is_told_why_not_the_rest(
    gateway: Gateway, log: Log
) -> None:
    key = await keyed(gateway, log, "people:read", "handovers:read")
    assert set(await withheld(key)) == set(DataClass) - {"contact", "relationships"}
    await key.get("/v1/people")
    principal = forwarded_as(gateway)
    assert (principal.organisation, principal.may("people:read"), principal.may("ties:read")) == (THEIRS, True, False)
    other = await gateway.platform.post("/v1/api-keys", {"name": "K", "scopes": ["people:read"], **KEY, "purpose": "x"})
    assert (other.status_code, other.json()["code"]) == (403, "agreement_missing")


async def test_at_expiry_it_stops_by_itself_with_the_reason(gateway: Gateway, log: Log, may: Frozen) -> None:
    key = await keyed(gateway, log, "people:read", "handovers:read")
    may.at = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    assert (await key.get("/v1/handovers")).status_code == 200
    may.at = datetime(2027, 1, 1, tzinfo=UTC)
    refused = await key.get("/v1/handovers")
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (403, "agreement_expired")
    assert (problem["agreement"], problem["data_class"]) == (TERMS["agreement"], "relationships")
    assert "2027-01-01" in problem["detail"]
    await key.get("/v1/people")
    uncovered = forwarded_as(gateway).want_of_agreement("people:read")
    assert uncovered is not None
    assert uncovered.code == "agreement_expired"
    assert (await withheld(key))["contact"] == ("agreement_expired", "2027-01-01")


async def test_an_agreement_that_is_ended_stops_the_key_and_a_renewed_one_lets_it_go_on(
    gateway: Gateway, log: Log
) -> None:
    key = await keyed(gateway, log, "people:read")
    movement = await movement_of(gateway)
    await log.publish(movement, AgreementChanged(**TERMS | {"expires_on": date(2026, 5, 1)}))
    await eventually(lambda: _is(key, "contact", "agreement_expired"))
    await log.publish(movement, AgreementChanged(**TERMS))
    await eventually(lambda: _is(key, "contact", None))


async def test_an_organisation_that_was_merged_has_what_either_was_to_have(gateway: Gateway, log: Log) -> None:
    key = await keyed(gateway, log, "people:read")
    movement = await movement_of(gateway)
    merged = OrganisationMerged(organisation=THEIRS, into="org_now", merge="merge_1")
    await log.publish(movement, merged, AgreementChanged(**TERMS | {"parties": [OURS, "org_now"]}))
    await log.publish(movement, ControllerNamed(**CONTROL | {"organisation": "org_now", "of": "safety"}, ended_on=None))
    await eventually(lambda: _is(key, "safety", None))
    assert "contact" not in await withheld(key)
    await log.publish(movement, OrganisationUnmerged(organisation=THEIRS, out_of="org_now", merge="merge_1"))
    await eventually(lambda: _is(key, "contact", "agreement_missing"))


async def test_a_controller_needs_no_agreement_for_what_it_controls(gateway: Gateway, log: Log) -> None:
    body = {"name": "K", "scopes": ["*"], "organisation": OURS, "purpose": "introductions"}
    assert (await gateway.platform.post("/v1/api-keys", body)).status_code == 403
    movement = await movement_of(gateway)
    await log.publish(movement, ControllerNamed(**CONTROL, ended_on=None))
    key = await eventually(lambda: _key(gateway, body))
    assert key is not None
    assert await withheld(key) == {}
    await log.publish(movement, ControllerChanged(**CONTROL, ended_on=date(2026, 4, 1)))
    await eventually(lambda: _is(key, "safety", "agreement_missing"))


async def test_a_user_who_acts_for_an_organisation_is_held_to_it_too_and_others_are_not(
    gateway: Gateway, log: Log
) -> None:
    someone = {"email": "bo@example.org", "name": "Bo", "role": "coordinator", "organisation": THEIRS}
    made = await gateway.platform.made("/v1/users", someone)
    signed_in = await gateway.stranger.made("/v1/sessions", {"email": someone["email"], "password": made["password"]})
    theirs = gateway.holding(signed_in["token"])
    assert set(await withheld(theirs)) == set(DataClass)
    await log.publish(await movement_of(gateway), AgreementSigned(**TERMS))
    await eventually(lambda: _is(theirs, "contact", None))
    assert await withheld(await gateway.admin()) == await withheld(gateway.platform) == {}


async def test_the_feed_gives_an_organisation_only_what_its_agreements_cover(gateway: Gateway, log: Log) -> None:
    key = await keyed(gateway, log, "events:read", "people:read")
    for types, status in (("person.created,round.*", 200), ("attendance.*", 403), ("person.*,booking.*", 403)):
        assert (await key.get("/v1/events", params={"types": types})).status_code == status
    everything = await key.get("/v1/events")
    assert (everything.status_code, everything.json()["code"]) == (403, "agreement_missing")


async def test_no_employer_is_told_by_the_feed_whether_its_own_staff_came(gateway: Gateway, log: Log) -> None:
    movement = await movement_of(gateway)
    await log.publish(movement, ControllerNamed(**CONTROL, ended_on=None))
    body = {"name": "K", "scopes": ["events:read"], "organisation": OURS, "purpose": "introductions"}
    key = await eventually(lambda: _key(gateway, body))
    assert key is not None
    await eventually(lambda: _is(key, "attendance", None))
    place = AffiliationChanged(affiliation="affiliation_1", organisation=OURS, person="person_ours")
    await log.publish(movement, place)
    await log.publish(movement, PersonMerged(person="person_ours", into="person_now", merge="merge_1"))
    await eventually(lambda: gateway.parts.db.read(_staff))
    for number, person in enumerate(("person_ours", "person_now", "person_theirs", None)):
        came: Json = {"gathering": "gathering_1", "slot": "slot_1", "person": person, "status": "attended", "people": 1}
        await log.publish(movement, AttendanceRecorded(attendance=f"attendance_{number}", **came))

    async def told(caller: Caller) -> list[str | None]:
        page = (await caller.get("/v1/events", params={"types": "attendance.*"})).json()
        return [event["data"]["person"] for event in page["data"]]

    await eventually(lambda: _are(told, gateway.platform, 4))
    assert await told(key) == ["person_theirs", None]


async def _is(caller: Caller, data_class: str, reason: str | None) -> bool:
    return (await withheld(caller)).get(data_class, (None, None))[0] == reason


async def _key(gateway: Gateway, body: Json) -> Caller | None:
    """Somebody with a new key; None where it is refused."""
    answer = await gateway.platform.post("/v1/api-keys", body)
    return gateway.holding(answer.json()["token"]) if answer.status_code == 201 else None


def _staff(session: Session) -> bool:
    return session.scalar(sa.select(sa.func.count()).select_from(StaffMember)) == 2


async def _are(told: Callable[[Caller], Awaitable[list[str | None]]], caller: Caller, count: int) -> bool:
    return len(await told(caller)) == count
