"""Payments until they go to the bank: within the award, by two people, and just what the second one saw."""

import asyncio
from collections import Counter

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.grants.payments.models import Payment
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import DETAILS, Caller, gbp
from tests.neighbours import Neighbours

OTHERS = DETAILS | {"account_number": "12345678"}


@pytest.fixture
async def proposed(grants: Caller) -> Json:
    """A payment of a whole award that the first user proposed, who named its payee too."""
    return await grants.payment(await grants.payable())


@ON_ONE_DATABASE
async def test_one_proposes_and_another_approves(grants: Caller, colleague: Caller, proposed: Json) -> None:
    path = f"/v1/payments/{proposed['id']}"
    assert (proposed["state"], proposed["amount"], len(proposed["reference"])) == ("proposed", gbp("500.00"), 18)
    assert await grants.refused_edit("POST", f"{path}/approve") == (403, "own_proposal")
    approved = await colleague.edit("POST", f"{path}/approve", tag='"1"')
    assert (approved["state"], approved["version"]) == ("approved", 2)
    assert approved["approved_by"] != approved["proposed_by"]
    assert await colleague.refused_edit("POST", f"{path}/approve") == (409, "illegal_transition")
    assert (await grants.get("/v1/payments", state="approved"))["data"] == [approved]
    pounds = {"payee": proposed["payee"], "amount_pence": 500_00, "currency": "GBP"}
    known = {"payment": proposed["id"], "award": proposed["award"]}
    told = await grants.published(proposed["id"])
    assert told == [("payment.proposed", known | pounds), ("payment.approved", known)]


@ON_ONE_DATABASE
async def test_a_key_proposes_approves_and_voids_nothing(grants: Caller, key: Caller, proposed: Json) -> None:
    path = f"/v1/payments/{proposed['id']}"
    asked = {"award": proposed["award"], "amount": gbp("1.00")}
    several = {"award": proposed["award"], "instalments": [{"amount": gbp("1.00")}] * 2}
    refused = [
        await key.refused_edit("POST", "/v1/payments", asked),
        await key.refused_edit("POST", "/v1/payments/instalments", several),
        await key.refused_edit("PATCH", path, {"amount": gbp("1.00")}),
        await key.refused_edit("POST", f"{path}/approve"),
        await key.refused_edit("POST", f"{path}/void", {"reason": "No"}),
    ]
    assert refused == [(403, "needs_a_user")] * 5
    assert await grants.get(path) == proposed


@ON_ONE_DATABASE
async def test_who_changed_the_payee_last_does_not_approve(grants: Caller, colleague: Caller, proposed: Json) -> None:
    path, payee = f"/v1/payments/{proposed['id']}", f"/v1/payees/{proposed['payee']}"
    await colleague.edit("PUT", f"{payee}/account", OTHERS)
    assert await colleague.refused_edit("POST", f"{path}/approve") == (403, "own_details")
    await grants.edit("POST", f"{payee}/verify", {"known_from": "the form"})
    assert await colleague.refused_edit("POST", f"{path}/approve") == (403, "own_details")
    await grants.edit("PUT", f"{payee}/account", OTHERS)
    assert await colleague.refused_edit("POST", f"{path}/approve") == (409, "account_waits")
    await colleague.edit("POST", f"{payee}/verify", {"known_from": "the form"})
    await colleague.edit("PATCH", payee, {"name": "Knitters"})
    assert await colleague.refused_edit("POST", f"{path}/approve") == (403, "own_details")
    await grants.edit("PATCH", payee, {"name": "The knitters"})
    assert (await colleague.edit("POST", f"{path}/approve"))["state"] == "approved"


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("method", "of_payee", "body"),
    [("PUT", "/account", OTHERS), ("PUT", "/account", DETAILS), ("PATCH", "", {"name": "Others"})],
    ids=["another account", "the same account again", "another name"],
)
async def test_a_change_of_the_payee_voids_the_approval(
    grants: Caller, colleague: Caller, proposed: Json, method: str, of_payee: str, body: Json
) -> None:
    path = f"/v1/payments/{proposed['id']}"
    approved = await colleague.edit("POST", f"{path}/approve")
    await grants.edit(method, f"/v1/payees/{proposed['payee']}{of_payee}", body)
    shown = await grants.get(path)
    assert (shown["state"], shown["approved_by"], shown["version"]) == ("proposed", None, approved["version"] + 1)
    assert (await grants.published(proposed["id"]))[-1][0] == "payment.approval_voided"


@ON_ONE_DATABASE
async def test_what_was_edited_since_it_was_read_is_not_approved(
    grants: Caller, colleague: Caller, proposed: Json
) -> None:
    path = f"/v1/payments/{proposed['id']}"
    await grants.edit("PATCH", path, {"amount": gbp("400.00")})
    assert await colleague.refused_edit("POST", f"{path}/approve", tag='"1"') == (412, "precondition_failed")
    await grants.edit("PATCH", f"/v1/payees/{proposed['payee']}", {"name": "Others"})
    assert await colleague.refused_edit("POST", f"{path}/approve", tag='"2"') == (412, "precondition_failed")
    assert (await colleague.client.post(f"{path}/approve")).status_code == 428


@ON_ONE_DATABASE
async def test_who_changes_an_amount_has_proposed_it_and_the_approval_is_void(
    grants: Caller, colleague: Caller, proposed: Json
) -> None:
    path = f"/v1/payments/{proposed['id']}"
    await colleague.edit("POST", f"{path}/approve")
    changed = await colleague.edit("PATCH", path, {"amount": gbp("300.00")})
    assert (changed["state"], changed["amount"], changed["approved_by"]) == ("proposed", gbp("300.00"), None)
    assert await colleague.refused_edit("POST", f"{path}/approve") == (403, "own_proposal")
    assert (await grants.get(f"/v1/awards/{proposed['award']}"))["paying"] == gbp("300.00")
    assert await grants.refused_edit("PATCH", path, {"amount": gbp("500.01")}) == (409, "over_award")
    assert await grants.refused_edit("POST", f"{path}/approve") == (403, "own_details")


@ON_ONE_DATABASE
async def test_a_void_payment_leaves_its_money_to_another(grants: Caller, colleague: Caller, proposed: Json) -> None:
    path = f"/v1/payments/{proposed['id']}"
    assert (await grants.refused("/v1/payments", {"award": proposed["award"], "amount": gbp("0.01")}))[1]["code"] == (
        "over_award"
    )
    await colleague.edit("POST", f"{path}/approve")
    void = await grants.edit("POST", f"{path}/void", {"reason": "Twice the same"})
    assert (void["state"], void["reason"]) == ("void", "Twice the same")
    assert (await grants.payment(proposed["award"]))["state"] == "proposed"
    assert await grants.refused_edit("POST", f"{path}/void", {"reason": "Again"}) == (409, "illegal_transition")
    assert await grants.refused_edit("PATCH", path, {"amount": gbp("1.00")}) == (409, "illegal_transition")


@ON_ONE_DATABASE
async def test_instalments_are_proposed_all_or_none(grants: Caller) -> None:
    award = await grants.payable("900.00")
    half = {"amount": gbp("450.00"), "due_on": "2026-04-01"}
    over = {"award": award, "instalments": [half, half, half]}
    assert (await grants.refused("/v1/payments/instalments", over))[1]["code"] == "over_award"
    assert (await grants.get("/v1/payments"))["data"] == []
    nothing = {"award": award, "instalments": [half, half | {"amount": gbp("0.00")}]}
    status, problem = await grants.refused("/v1/payments/instalments", nothing)
    assert (status, faults(problem)) == (422, {"/instalments/1/amount/amount": "not_positive"})
    made = await grants.post("/v1/payments/instalments", {"award": award, "instalments": [half, half]})
    assert [(each["amount"], each["due_on"]) for each in made["data"]] == [(gbp("450.00"), "2026-04-01")] * 2


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("amount", "code"),
    [("-1.00", "invalid_amount"), ("1.001", "too_many_decimals"), ("0.00", "not_positive")],
)
async def test_an_amount_that_is_none_is_refused(grants: Caller, amount: str, code: str) -> None:
    award = await grants.payable()
    status, problem = await grants.refused("/v1/payments", {"award": award, "amount": gbp(amount)})
    assert (status, faults(problem)) == (422, {"/amount/amount": code})
    dollars = {"award": award, "amount": {"amount": "1.00", "currency": "USD"}}
    assert faults((await grants.refused("/v1/payments", dollars))[1]) == {"/amount/currency": "wrong_currency"}


@ON_ONE_DATABASE
async def test_nothing_is_paid_of_an_award_that_lapsed_is_on_hold_or_has_no_payee(
    grants: Caller, colleague: Caller, proposed: Json
) -> None:
    opened, nobodys = await grants.open_round(), await grants.ready_to_pay()
    offered, lapsed = [await grants.award(await grants.application(opened)) for _ in range(2)]
    for award in (offered, lapsed):
        await grants.payee(award)
    await grants.post(f"/v1/awards/{lapsed}/lapse")
    codes = [
        (await grants.refused("/v1/payments", {"award": award, "amount": gbp("1.00")}))[1]["code"]
        for award in (offered, lapsed, nobodys)
    ]
    assert codes == ["award_not_payable", "award_not_payable", "no_payee"]
    await grants.post(f"/v1/awards/{proposed['award']}/hold", {"reason": "Asked the group"})
    approving = f"/v1/payments/{proposed['id']}/approve"
    assert await colleague.refused_edit("POST", approving) == (409, "award_on_hold")
    await grants.post(f"/v1/awards/{proposed['award']}/release")
    assert (await colleague.edit("POST", approving))["state"] == "approved"


@ON_ONE_DATABASE
async def test_who_handed_the_power_to_administer_on_pays_no_more(
    app: FastAPI, vouching: Secrets, neighbours: Neighbours, grants: Caller, colleague: Caller, proposed: Json
) -> None:
    anchor = await neighbours.organisation(grants.movement)
    handed = {"fund": proposed["fund"], "to": anchor, "scopes": ["award", "administer"]}
    await grants.post("/v1/delegations", handed)
    path, payee = f"/v1/payments/{proposed['id']}", f"/v1/payees/{proposed['payee']}"
    refused = [
        await grants.refused_edit("PATCH", path, {"amount": gbp("1.00")}),
        await colleague.refused_edit("POST", f"{path}/approve"),
        await grants.refused_edit("POST", f"{path}/void", {"reason": "No"}),
        await grants.refused_edit("PUT", f"{payee}/account", OTHERS),
        await grants.refused_edit("POST", "/v1/payment-batches", {"fund": proposed["fund"]}),
    ]
    assert refused == [(403, "not_delegated")] * 5
    async with Caller(app, vouching, grants.movement, user=new_id("user"), organisation=anchor) as theirs:
        assert (await theirs.edit("POST", f"{path}/approve"))["state"] == "approved"
        assert (await theirs.post("/v1/payment-batches", {"fund": proposed["fund"]}))["payments"] == 1


async def test_payments_of_an_award_that_race_are_never_more_than_it(grants: Caller) -> None:
    award = await grants.payable("900.00")
    asked = {"award": award, "amount": gbp("200.00")}
    answers = await asyncio.gather(*(grants.client.post("/v1/payments", json=asked) for _ in range(12)))
    assert Counter(answer.status_code for answer in answers) == {201: 4, 409: 8}
    assert (await grants.get(f"/v1/awards/{award}"))["paying"] == gbp("800.00")


async def test_an_approval_and_an_edit_of_the_account_that_race_leave_nothing_approved_unseen(
    app: FastAPI, grants: Caller, colleague: Caller
) -> None:
    for _ in range(3):
        payment = await grants.payment(await grants.payable())
        approving = colleague.client.post(f"/v1/payments/{payment['id']}/approve", headers={"if-match": '"1"'})
        editing = grants.client.put(f"/v1/payees/{payment['payee']}/account", json=OTHERS, headers={"if-match": "*"})
        approved, edited = await asyncio.gather(approving, editing)
        assert (edited.status_code, approved.status_code in (200, 412)) == (200, True), approved.text
        assert (await grants.get(f"/v1/payments/{payment['id']}"))["state"] == "proposed"


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "forged",
    [
        sa.update(Payment).values(approved_by=Payment.proposed_by),
        sa.update(Payment).values(approved_by=Payment.entered_by),
        sa.update(Payment).values(edited_by=Payment.approved_by),
        sa.update(Payment).values(approved_by=None),
        sa.update(Payment).values(state="exported", approved_by=None, binding=None, account_id=None, entered_by=None),
        sa.update(Payment).values(amount=0),
    ],
    ids=["own proposal", "own account", "own payee", "approved by nobody", "sent unapproved", "nothing"],
)
async def test_the_database_itself_holds_to_four_eyes(
    app: FastAPI, grants: Caller, colleague: Caller, proposed: Json, forged: sa.Update
) -> None:
    await colleague.edit("POST", f"/v1/payments/{proposed['id']}/approve")

    def write(session: Session) -> None:
        session.execute(forged)

    with pytest.raises(IntegrityError):
        await app.state.parts.db.write(write)
