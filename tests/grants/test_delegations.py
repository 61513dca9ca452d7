"""Delegations: what is handed on is the other's, within what was handed on, until it is over or taken back."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.grants.delegations.models import Delegation
from shared import clock
from shared.events.gateway import MovementCreated
from shared.events.members.merging import OrganisationMerged
from shared.events.members.organisations import OrganisationEnded
from shared.ids import new_id
from shared.testing.caller import Json, faults, json_of
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import BECAUSE, NO, Caller, gbp
from tests.grants.conftest import Acting
from tests.neighbours import Neighbours, nobody


async def fund_and_round(grants: Caller, budget: str = "20000.00") -> tuple[str, str]:
    opened = await grants.open_round(budget)
    return (await grants.get(f"/v1/rounds/{opened}"))["fund"], opened


async def hand_on(by: Caller, fund: str, to: str, *scopes: str, **terms: object) -> Json:
    return await by.post("/v1/delegations", {"fund": fund, "to": to, "scopes": scopes or ["award"], **terms})


async def award_by(caller: Caller, application: str, amount: str = "500.00") -> tuple[int, str]:
    answered = await caller.client.post("/v1/awards", json={"application": application, "amount": gbp(amount)})
    return answered.status_code, answered.json().get("code", "")


async def test_who_has_handed_awarding_on_awards_no_more_and_still_looks_on(grants: Caller, acting: Acting) -> None:
    fund, opened = await fund_and_round(grants)
    anchor, awarding = await acting()
    made = await hand_on(grants, fund, anchor, "award", "administer", ceiling=gbp("2000.00"))
    assert (made["from"], made["to"], made["scopes"]) == (None, anchor, ["administer", "award"])
    assert (made["state"], made["remaining"]) == ("live", gbp("2000.00"))

    asked = await grants.application(opened)
    assert await award_by(grants, asked) == (403, "not_delegated")
    assert (await grants.get(f"/v1/applications/{asked}"))["state"] == "submitted"
    award = await awarding.award(asked)
    assert (await grants.get(f"/v1/awards/{award}"))["state"] == "offered"
    for step in ("accept", "lapse", "cancel"):
        said = BECAUSE if step == "cancel" else None
        assert (await grants.refused(f"/v1/awards/{award}/{step}", said))[1]["code"] == "not_delegated"
    await awarding.post(f"/v1/awards/{award}/accept")
    shown = await grants.get(f"/v1/delegations/{made['id']}")
    assert (shown["committed"], shown["remaining"]) == (gbp("500.00"), gbp("1500.00"))


@ON_ONE_DATABASE
async def test_who_has_handed_on_neither_declines_checks_agrees_nor_pays(grants: Caller, acting: Acting) -> None:
    fund, opened = await fund_and_round(grants)
    anchor, awarding = await acting()
    await hand_on(grants, fund, anchor, "award", "administer")
    award, asked = await awarding.award(await grants.application(opened)), await grants.application(opened)
    page = (await awarding.post("/v1/award-agreements", {"award": award}))["id"]
    agreed = {"way": "call", "name": "Their treasurer", "evidence": "Recording 12"}
    check = {"award": award, "kind": "objects"}
    pay = {"award": award, "amount": gbp("500.00")}
    for path, body in (
        (f"/v1/applications/{asked}/decline", NO),
        ("/v1/award-agreements", {"award": award}),
        (f"/v1/award-agreements/{page}/accept", agreed),
        ("/v1/checks-of-groups", check),
        ("/v1/payments", pay),
    ):
        status, problem = await grants.refused(path, body)
        assert (status, problem["code"]) == (403, "not_delegated"), path
    await awarding.post(f"/v1/applications/{asked}/decline", NO)
    await awarding.post(f"/v1/award-agreements/{page}/accept", agreed)
    await awarding.check(award)
    await awarding.payee(award)
    proposed = (await awarding.post("/v1/payments", pay))["id"]
    assert await grants.refused_edit("POST", f"/v1/payments/{proposed}/approve") == (403, "not_delegated")
    reason = {"reason": "Ours"}
    assert await grants.refused_edit("POST", f"/v1/payments/{proposed}/void", reason) == (403, "not_delegated")


@ON_ONE_DATABASE
async def test_a_fund_of_an_organisation_is_its_own_and_the_movements(grants: Caller, acting: Acting) -> None:
    maker, making = await acting()
    holder, holding = await acting()
    _, stranger = await acting()
    words = {"name": "Arts", "grant_maker": "The anchor", "purpose": "Arts and food"}
    fund = (await grants.post("/v1/funds", {**words, "grant_maker_organisation": maker, "holder": holder}))["id"]
    given = {"funder": "Lottery", "promised": gbp("5000"), "cleared": gbp("5000")}
    await grants.post(f"/v1/funds/{fund}/contributions", given)
    opened = await grants.draft(fund, "5000.00")
    await grants.post(f"/v1/rounds/{opened}/open")
    for caller in (grants, making, holding):
        assert await award_by(caller, await grants.application(opened)) == (201, "")
    assert await award_by(stranger, await grants.application(opened)) == (403, "not_delegated")
    assert (await stranger.refused("/v1/delegations", {"fund": fund, "to": maker, "scopes": ["award"]}))[0] == 403


async def test_offers_that_race_under_a_ceiling_never_pass_it(grants: Caller, acting: Acting) -> None:
    fund, opened = await fund_and_round(grants)
    anchor, awarding = await acting()
    made = await hand_on(grants, fund, anchor, ceiling=gbp("2000.00"))
    asked = [await grants.application(opened) for _ in range(12)]
    answers = await asyncio.gather(*(award_by(awarding, each) for each in asked))
    assert Counter(answers) == {(201, ""): 4, (409, "over_ceiling"): 8}
    assert (await grants.get(f"/v1/delegations/{made['id']}"))["committed"] == gbp("2000.00")
    assert (await grants.get(f"/v1/rounds/{opened}"))["committed"] == gbp("2000.00")

    ended = (await grants.get("/v1/awards", round=opened))["data"][0]["id"]
    await awarding.post(f"/v1/awards/{ended}/cancel", BECAUSE)
    assert (await grants.get(f"/v1/delegations/{made['id']}"))["remaining"] == gbp("500.00")
    assert (await award_by(awarding, asked[-1]))[0] in (201, 409)


async def test_what_is_made_out_of_a_delegation_counts_under_both(grants: Caller, acting: Acting) -> None:
    fund, opened = await fund_and_round(grants)
    (anchor, anchored), (group, grouped) = await acting(), await acting()
    first = await hand_on(grants, fund, anchor, ceiling=gbp("1000.00"))
    second = await hand_on(anchored, fund, group, under=first["id"], ceiling=gbp("1000.00"))
    assert (second["from"], second["under"]) == (anchor, first["id"])
    asked = [await grants.application(opened) for _ in range(3)]
    assert await award_by(anchored, asked[0]) == (403, "not_delegated")
    award = await grouped.award(asked[0])
    await grouped.award(asked[1])
    assert await award_by(grouped, asked[2]) == (409, "over_ceiling")
    for each in (first, second):
        assert (await grants.get(f"/v1/delegations/{each['id']}"))["committed"] == gbp("1000.00")

    await grants.post(f"/v1/delegations/{first['id']}/revoke", {"reason": "The year is over"})
    assert await award_by(grouped, asked[2]) == (403, "not_delegated")
    await grants.post(f"/v1/awards/{award}/cancel", BECAUSE)  # the movement's own again, and both ceilings have it back
    for each in (first, second):
        assert (await grants.get(f"/v1/delegations/{each['id']}"))["committed"] == gbp("500.00")


async def test_an_offer_stands_when_its_delegation_is_revoked(grants: Caller, acting: Acting) -> None:
    fund, opened = await fund_and_round(grants)
    anchor, awarding = await acting()
    made = await hand_on(grants, fund, anchor)
    award = await awarding.award(await grants.application(opened))
    revoked = await awarding.post(f"/v1/delegations/{made['id']}/revoke", {"reason": "We hand it back"})
    assert (revoked["state"], revoked["revoked_because"]) == ("revoked", "We hand it back")
    assert await award_by(awarding, await grants.application(opened)) == (403, "not_delegated")
    assert (await grants.post(f"/v1/awards/{award}/accept"))["state"] == "accepted"
    assert await award_by(grants, await grants.application(opened)) == (201, "")
    again = await grants.refused(f"/v1/delegations/{made['id']}/revoke", {"reason": "Twice"})
    assert (again[0], again[1]["code"]) == (409, "delegation_over")


async def test_it_begins_and_is_over_with_the_day_where_the_movement_is(
    grants: Caller, acting: Acting, neighbours: Neighbours
) -> None:
    zone = MovementCreated(movement=grants.movement, time_zone="Pacific/Auckland")
    await neighbours.tell(grants.movement, zone)
    fund, opened = await fund_and_round(grants)
    anchor, awarding = await acting()
    days = {"starts_on": "2027-03-02", "expires_on": "2027-03-03"}
    made = await hand_on(grants, fund, anchor, **days)
    with clock.frozen(datetime(2027, 3, 1, 10, 59, tzinfo=UTC)) as stopped:  # 23:59 in Auckland
        assert await award_by(awarding, await grants.application(opened)) == (403, "not_delegated")
        assert (await grants.get(f"/v1/delegations/{made['id']}"))["state"] == "to_come"
        stopped.advance(timedelta(minutes=1))
        assert await award_by(awarding, await grants.application(opened)) == (201, "")
        assert await award_by(grants, await grants.application(opened)) == (403, "not_delegated")
        stopped.advance(timedelta(days=1))
        assert await award_by(awarding, await grants.application(opened)) == (403, "not_delegated")
        assert await award_by(grants, await grants.application(opened)) == (201, "")
        assert (await grants.get(f"/v1/delegations/{made['id']}"))["state"] == "over"


@ON_ONE_DATABASE
async def test_support_and_oversight_are_had_by_both(grants: Caller, acting: Acting) -> None:
    fund, opened = await fund_and_round(grants)
    anchor, awarding = await acting()
    await hand_on(grants, fund, anchor, "support", "oversee")
    assert await award_by(awarding, await grants.application(opened)) == (403, "not_delegated")
    assert await award_by(grants, await grants.application(opened)) == (201, "")


@ON_ONE_DATABASE
async def test_nobody_hands_on_more_than_they_have(grants: Caller, acting: Acting) -> None:
    fund, _ = await fund_and_round(grants)
    (anchor, anchored), (group, grouped) = await acting(), await acting()
    terms = {"ceiling": gbp("1000.00"), "starts_on": "2026-01-05", "expires_on": "2030-01-01"}
    first = await hand_on(grants, fund, anchor, "award", **terms)
    more = {"fund": fund, "to": group, "under": first["id"], "scopes": ["award", "administer"]}
    status, problem = await anchored.refused("/v1/delegations", {**more, "starts_on": "2026-01-04"})
    assert (status, set(faults(problem).values())) == (422, {"more_than_held"})
    assert set(faults(problem)) == {"/scopes", "/ceiling", "/starts_on", "/expires_on"}
    within = {**more, "scopes": ["award"], "expires_on": "2029-01-01"}
    _, problem = await anchored.refused("/v1/delegations", {**within, "ceiling": gbp("1000.01")})
    assert faults(problem) == {"/ceiling/amount": "more_than_held"}
    # not even the movement, which gave it, hands it on in the name of who has it
    for caller in (grants, grouped):
        status, problem = await caller.refused("/v1/delegations", {**within, "ceiling": gbp("5.00")})
        assert (status, problem["code"]) == (403, "not_delegated")
    await anchored.post("/v1/delegations", {**within, "ceiling": gbp("1000.00")})


@ON_ONE_DATABASE
async def test_every_fault_of_a_delegation_is_named(grants: Caller, other: Caller, acting: Acting) -> None:
    fund, _ = await fund_and_round(grants)
    (anchor, _), (stranger, _) = await acting(), await acting()
    theirs, _ = await fund_and_round(other)
    said: Json = {"fund": fund, "to": anchor, "scopes": ["award"]}
    for changed, wanted in (
        ({"fund": theirs}, {"/fund": "unknown_fund"}),
        ({"to": nobody()}, {"/to": "unknown_organisation"}),
        ({"under": new_id("delegation")}, {"/under": "unknown_delegation"}),
        ({"from": stranger}, {"/from": "not_the_giver"}),
        ({"ceiling": gbp("0.00")}, {"/ceiling/amount": "not_positive"}),
        ({"ceiling": {"amount": "1.00", "currency": "EUR"}}, {"/ceiling/currency": "wrong_currency"}),
        ({"starts_on": "2027-01-02", "expires_on": "2027-01-02"}, {"/expires_on": "before_start"}),
    ):
        status, problem = await grants.refused("/v1/delegations", {**said, **changed})
        assert (status, faults(problem)) == (422, wanted)
    for powers in ([], ["spend"]):
        assert (await grants.refused("/v1/delegations", {**said, "scopes": powers}))[0] == 422
    assert await grants.every("/v1/delegations") == []


async def test_its_terms_are_changed_by_who_gave_it_and_never_below_what_was_awarded(
    grants: Caller, acting: Acting
) -> None:
    fund, opened = await fund_and_round(grants)
    anchor, awarding = await acting()
    made = await hand_on(grants, fund, anchor, ceiling=gbp("500.00"))
    path = f"/v1/delegations/{made['id']}"
    await awarding.award(await grants.application(opened))
    change, tag = {"ceiling": gbp("499.99")}, {"if-match": '"1"'}
    answered = await grants.client.patch(path, json=change, headers=tag)
    assert (answered.status_code, answered.json()["code"]) == (409, "over_ceiling")
    assert (await awarding.client.patch(path, json={"ceiling": None}, headers=tag)).status_code == 403
    raised = await grants.client.patch(path, json={"ceiling": gbp("1000.00")}, headers=tag)
    assert json_of(raised, 200)["remaining"] == gbp("500.00")
    assert (raised.headers["etag"], (await grants.client.get(path)).headers["etag"]) == ('"2"', '"2"')
    assert (await grants.client.patch(path, json=change, headers=tag)).status_code == 412
    assert await grants.published(made["id"]) == [
        ("delegation.made", {"delegation": made["id"], "fund": fund, "to": anchor}),
        ("delegation.changed", {"delegation": made["id"], "version": 2}),
    ]


@ON_ONE_DATABASE
async def test_a_delegate_by_an_older_id_is_the_same_and_one_that_is_no_more_awards_nothing(
    grants: Caller, acting: Acting, neighbours: Neighbours
) -> None:
    fund, opened = await fund_and_round(grants)
    (older, _), (newer, newly) = await acting(), await acting()
    made = await hand_on(grants, fund, older)
    assert await award_by(newly, await grants.application(opened)) == (403, "not_delegated")
    merged = OrganisationMerged(organisation=older, into=newer, merge=new_id("merge"))
    await neighbours.tell(grants.movement, merged)
    assert await award_by(newly, await grants.application(opened)) == (201, "")
    for organisation in (older, newer):
        assert [row["to"] for row in await grants.every("/v1/delegations", organisation=organisation)] == [newer]
    await neighbours.tell(grants.movement, OrganisationEnded(organisation=newer))
    assert await award_by(newly, await grants.application(opened)) == (403, "not_delegated")
    assert (await grants.get(f"/v1/delegations/{made['id']}"))["committed"] == gbp("500.00")


async def test_the_database_itself_refuses_more_than_the_ceiling(app: FastAPI, grants: Caller, acting: Acting) -> None:
    fund, _ = await fund_and_round(grants)
    anchor, _ = await acting()
    await hand_on(grants, fund, anchor, ceiling=gbp("500.00"))

    def overspend(session: Session) -> None:
        session.execute(sa.update(Delegation).values(committed=Delegation.ceiling + 1))

    with pytest.raises(IntegrityError):
        await app.state.parts.db.write(overspend)
