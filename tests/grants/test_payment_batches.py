"""Batches: a payment in one at most, a file made once, and the bank's answer in the ledger, all of it or nothing."""

import asyncio
import csv
import hashlib
import io
from base64 import b64encode
from datetime import timedelta

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from services.grants.ledger.models import LedgerLine
from services.grants.payees.forgetting import forget_accounts
from shared import clock
from shared.erasure.marks import Marks
from shared.parts import Parts
from shared.testing.caller import Json, faults, json_of
from shared.testing.erasing import counting
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import DETAILS, Caller, gbp
from tests.grants.sending import TODAY, result

TOMORROW = (clock.now().date() + timedelta(days=1)).isoformat()
PAYER = {"name": "Action Together", "sort_code": "10-79-99", "account_number": "88837491"}


@pytest.fixture
async def approved(grants: Caller, colleague: Caller) -> Json:
    """An approved payment of a whole award."""
    return await approve(grants, colleague)


async def approve(grants: Caller, colleague: Caller, amount: str = "500.00") -> Json:
    """An approved payment of an award, and of a fund, of its own."""
    payment = await grants.payment(await grants.payable(amount), amount)
    return await colleague.edit("POST", f"/v1/payments/{payment['id']}/approve")


async def batch_of(grants: Caller, payment: Json, **said: object) -> Json:
    """The batch of what can be paid of a payment's fund."""
    return await grants.post("/v1/payment-batches", {"fund": payment["fund"], **said})


async def exported(grants: Caller, payment: Json, **said: object) -> tuple[Json, str]:
    """An exported batch of what can be paid of a payment's fund, and its file."""
    batch = await batch_of(grants, payment, **said)
    answered = await grants.client.post(f"/v1/payment-batches/{batch['id']}/export")
    assert answered.status_code == 200, answered.text
    return await grants.get(f"/v1/payment-batches/{batch['id']}"), answered.text


@ON_ONE_DATABASE
async def test_the_file_says_whom_to_pay_and_its_digest_is_kept(grants: Caller, approved: Json) -> None:
    made = await batch_of(grants, approved)
    assert (made["state"], made["payments"], made["amount"]) == ("open", 1, gbp("500.00"))
    answered = await grants.client.post(f"/v1/payment-batches/{made['id']}/export")
    assert answered.headers["content-type"] == "text/csv; charset=utf-8"
    digest = hashlib.sha256(answered.content)
    assert answered.headers["repr-digest"] == f"sha-256=:{b64encode(digest.digest()).decode()}:"
    [line] = csv.DictReader(io.StringIO(answered.text))
    assert line == {
        "payment": approved["id"],
        "reference": approved["reference"],
        "name_on_account": DETAILS["name_on_account"],
        "sort_code": "089999",
        "account_number": "66374958",
        "amount": "500.00",
        "pence": "50000",
        "currency": "GBP",
    }
    shown = await grants.get(f"/v1/payment-batches/{made['id']}")
    assert (shown["state"], shown["digest"], shown["by_state"]) == ("exported", digest.hexdigest(), {"exported": 1})
    sent = await grants.get(f"/v1/payments/{approved['id']}")
    assert (sent["state"], sent["batch"]) == ("exported", made["id"])
    told = repr(await grants.published())
    assert not [secret for secret in ("66374958", "089999", "Natter") if secret in told]


@ON_ONE_DATABASE
async def test_a_batch_is_exported_once_and_again_only_for_a_reason(grants: Caller, approved: Json) -> None:
    batch, file = await exported(grants, approved)
    path = f"/v1/payment-batches/{batch['id']}"
    assert (await grants.refused(f"{path}/export"))[1]["code"] == "already_exported"
    assert faults((await grants.refused(f"{path}/export-again", {}))[1]) == {"/reason": "missing"}
    again = await grants.client.post(f"{path}/export-again", json={"reason": "The bank lost it"})
    assert again.text == file
    exports = (await grants.get(path))["exports"]
    assert [(each["number"], each["reason"]) for each in exports] == [(1, None), (2, "The bank lost it")]
    kinds = [kind for kind, _ in await grants.published(batch["id"])]
    assert kinds == ["payment_batch.exported", "payment_batch.exported_again"]


@ON_ONE_DATABASE
async def test_a_key_sends_nothing_to_a_bank(grants: Caller, key: Caller, approved: Json) -> None:
    batch = await batch_of(grants, approved)
    path = f"/v1/payment-batches/{batch['id']}"
    refused = [
        await key.refused("/v1/payment-batches", {"fund": approved["fund"]}),
        await key.refused(f"{path}/export"),
        await key.refused(f"{path}/export-again", {"reason": "Mine"}),
        await key.refused(f"{path}/dissolve"),
    ]
    assert {(status, problem["code"]) for status, problem in refused} == {(403, "needs_a_user")}


async def test_a_payment_is_in_one_batch_however_many_are_made_at_once(grants: Caller, approved: Json) -> None:
    asked = {"fund": approved["fund"], "payments": [approved["id"]]}
    answers = await asyncio.gather(*(grants.client.post("/v1/payment-batches", json=asked) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    refused = next(answer.json() for answer in answers if answer.status_code == 422)
    assert faults(refused) == {"/payments/0": "not_to_be_batched"}


async def test_a_file_is_made_once_however_many_ask_at_once(grants: Caller, approved: Json) -> None:
    batch = await batch_of(grants, approved)
    path = f"/v1/payment-batches/{batch['id']}/export"
    answers = await asyncio.gather(*(grants.client.post(path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


@ON_ONE_DATABASE
async def test_what_is_not_approved_due_or_of_the_fund_is_named(
    grants: Caller, colleague: Caller, approved: Json
) -> None:
    award = await grants.payable("900.00")
    half = {"amount": gbp("450.00")}
    instalments = [half, half | {"due_on": TOMORROW}]
    now, later = (await grants.post("/v1/payments/instalments", {"award": award, "instalments": instalments}))["data"]
    await colleague.edit("POST", f"/v1/payments/{later['id']}/approve")
    asked = {"fund": now["fund"], "payments": [now["id"], later["id"], approved["id"]]}
    assert faults((await grants.refused("/v1/payment-batches", asked))[1]) == {
        "/payments/0": "not_to_be_batched",
        "/payments/1": "not_due",
        "/payments/2": "unknown_payment",
    }
    assert (await grants.refused("/v1/payment-batches", {"fund": now["fund"]}))[1]["code"] == "nothing_to_pay"
    strange = {"fund": now["fund"], "template": "no_such"}
    assert faults((await grants.refused("/v1/payment-batches", strange))[1]) == {"/template": "unknown_template"}


@ON_ONE_DATABASE
async def test_what_is_on_hold_by_then_keeps_the_file_from_being_made(grants: Caller, approved: Json) -> None:
    batch = await batch_of(grants, approved)
    await grants.post(f"/v1/awards/{approved['award']}/hold", {"reason": "Asked the group"})
    status, problem = await grants.refused(f"/v1/payment-batches/{batch['id']}/export")
    assert (status, problem["code"], faults(problem)) == (
        409,
        "batch_broken",
        {f"/payments/{approved['id']}": "award_on_hold"},
    )
    assert (await grants.get(f"/v1/payments/{approved['id']}"))["state"] == "approved"


@ON_ONE_DATABASE
async def test_an_edit_takes_a_payment_out_of_its_batch_and_dissolving_frees_the_rest(
    grants: Caller, colleague: Caller, approved: Json
) -> None:
    batch = await batch_of(grants, approved)
    await grants.edit("PUT", f"/v1/payees/{approved['payee']}/account", DETAILS)
    assert (await grants.refused(f"/v1/payment-batches/{batch['id']}/export"))[1]["code"] == "nothing_to_pay"
    await colleague.edit("POST", f"/v1/payees/{approved['payee']}/verify", {"known_from": "the form"})
    await colleague.edit("POST", f"/v1/payments/{approved['id']}/approve")
    second = await batch_of(grants, approved)
    assert (await grants.post(f"/v1/payment-batches/{second['id']}/dissolve"))["state"] == "dissolved"
    assert (await grants.refused(f"/v1/payment-batches/{second['id']}/export"))[1]["code"] == "illegal_transition"
    assert (await exported(grants, approved))[0]["payments"] == 1


async def test_what_the_bank_paid_failed_and_sent_back_is_in_the_ledger(grants: Caller, colleague: Caller) -> None:
    award = await grants.payable("900.00")
    instalments = [{"amount": gbp("300.00")}] * 3
    made = (await grants.post("/v1/payments/instalments", {"award": award, "instalments": instalments}))["data"]
    for payment in made:
        await colleague.edit("POST", f"/v1/payments/{payment['id']}/approve")
    batch, _ = await exported(grants, made[0])
    path = f"/v1/payment-batches/{batch['id']}/results"
    said = [
        result(payment, outcome)["results"][0]
        for payment, outcome in zip(made, ("paid", "paid", "failed"), strict=True)
    ]
    assert await grants.post(path, {"results": said}) == {"paid": 2, "failed": 1, "returned": 0, "unchanged": 0}
    assert await grants.post(path, {"results": said}) == {"paid": 0, "failed": 0, "returned": 0, "unchanged": 3}
    await grants.post(path, result(made[1], "returned", reason="Account closed"))
    shown = await grants.get(f"/v1/awards/{award}")
    assert (shown["state"], shown["paid"], shown["paying"]) == ("active", gbp("300.00"), gbp("300.00"))
    back = await grants.get(f"/v1/payments/{made[1]['id']}")
    assert (back["state"], back["settled_on"], back["reason"]) == ("returned", TODAY, "Account closed")
    again = await grants.post("/v1/payments", {"award": award, "amount": gbp("300.00"), "retries": back["id"]})
    assert again["retries"] == back["id"]
    twice = await grants.refused("/v1/payments", {"award": award, "amount": gbp("1.00"), "retries": back["id"]})
    assert (twice[1]["code"], twice[1]["payment"]) == ("not_to_be_retried", again["id"])
    told = [kind for kind, _ in await grants.published(*(payment["id"] for payment in made))]
    assert [told.count(f"payment.{kind}") for kind in ("exported", "paid", "failed", "returned")] == [3, 2, 1, 1]
    lines = sa.select(LedgerLine.account, sa.func.sum(LedgerLine.pence)).where(LedgerLine.award_id == award)
    posted = lines.group_by(LedgerLine.account)
    books = await grants.app.state.parts.db.read(lambda session: session.execute(posted).all())
    assert {account: int(pence) for account, pence in books} == {
        "bank": -300_00,
        "grants": 900_00,
        "grants_payable": -600_00,
    }


@ON_ONE_DATABASE
async def test_nothing_happens_at_the_bank_before_it_was_sent_there(grants: Caller, approved: Json) -> None:
    batch, _ = await exported(grants, approved)
    path, long_ago = f"/v1/payment-batches/{batch['id']}/results", "2020-01-01"
    for outcome in ("paid", "returned"):
        status, problem = await grants.refused(path, result(approved, outcome, long_ago))
        assert (status, faults(problem)) == (422, {"/results/0/on": "before_it_went"})
        await grants.post(path, result(approved, outcome, reason="Closed"), status=200)
    assert (await grants.get("/v1/ledger/trial-balance", as_of="2021-01-01"))["currencies"] == []


@ON_ONE_DATABASE
async def test_results_that_cannot_be_so_change_nothing(grants: Caller, colleague: Caller, approved: Json) -> None:
    batch, _ = await exported(grants, approved)
    other = await approve(grants, colleague)
    said = [
        result(approved, "paid", TOMORROW)["results"][0],
        result(approved, "failed")["results"][0],
        result(other, "paid")["results"][0],
        result(approved, "approved")["results"][0],
    ]
    path = f"/v1/payment-batches/{batch['id']}/results"
    assert faults((await grants.refused(path, {"results": said}))[1]) == {
        "/results/0/on": "in_the_future",
        "/results/1/payment": "twice",
        "/results/2/payment": "unknown_payment",
        "/results/3/outcome": "unknown_outcome",
    }
    assert (await grants.get(f"/v1/payments/{approved['id']}"))["state"] == "exported"
    unsent = await batch_of(grants, other)
    refused = await grants.refused(f"/v1/payment-batches/{unsent['id']}/results", result(other, "paid"))
    assert refused[1]["code"] == "not_exported"


@ON_ONE_DATABASE
async def test_a_banks_own_file_is_taken_by_its_own_words(grants: Caller, key: Caller, approved: Json) -> None:
    batch, _ = await exported(grants, approved)
    path = f"/v1/payment-batches/{batch['id']}/results/imports"
    how = {"columns": "reference:Ref,outcome:Status,on:Value date", "outcomes": "paid:Accepted"}
    wrong = "Ref,Status,Value date\nGRANT X,Accepted,31/02/2026\n,Odd,2026-01-01\n"
    answered = await key.client.post(path, params=how, content=wrong, headers={"content-type": "text/csv"})
    found = [(fault["row"], fault["column"], fault["code"]) for fault in answered.json()["errors"]]
    assert found == [(1, "Value date", "invalid_date"), (2, "Status", "unknown_outcome")]
    day = clock.now().strftime("%d/%m/%Y")
    strange = f"Ref,Status,Value date\nGRANT X,Accepted,{day}\n"
    answered = await key.client.post(path, params=how, content=strange, headers={"content-type": "text/csv"})
    assert [fault["code"] for fault in answered.json()["errors"]] == ["unknown_reference"]
    right = f"Ref,Status,Value date\n{approved['reference']},ACCEPTED,{day}\n"
    answered = await key.client.post(path, params=how, content=right, headers={"content-type": "text/csv"})
    assert json_of(answered, 200)["paid"] == 1


@ON_ONE_DATABASE
async def test_standard_18_says_out_of_which_account_and_keeps_that_sealed(grants: Caller, approved: Json) -> None:
    lacking = {"fund": approved["fund"], "template": "standard_18"}
    assert faults((await grants.refused("/v1/payment-batches", lacking))[1]) == {"/payer": "missing"}
    batch, file = await exported(grants, approved, template="standard_18", payer=PAYER)
    assert (len(file), file[17:31], file[46:64]) == (102, "10799988837491", "ACTION TOGETHER   ")
    assert "88837491" not in repr(batch)


@ON_ONE_DATABASE
async def test_a_layout_of_the_movements_own_is_used_and_never_changes(grants: Caller, approved: Json) -> None:
    layout = {
        "name": "Our bank",
        "delimiter": ";",
        "capitals": True,
        "characters": "ABCDEFGHIJKLMNOPQRSTUVWXYZ ",
        "columns": [
            {"heading": "Payee", "holds": "name_on_account", "width": 10},
            {"heading": "Amount", "holds": "amount"},
            {"heading": "Kind", "text": "grant"},
        ],
    }
    made = await grants.post("/v1/payment-batches/templates", {"slug": "our_bank", "layout": layout})
    assert (made["slug"], made["built_in"]) == ("our_bank", False)
    again = await grants.refused("/v1/payment-batches/templates", {"slug": "neutral", "layout": layout})
    assert again[1]["code"] == "template_exists"
    listed = (await grants.get("/v1/payment-batches/templates"))["data"]
    assert [each["slug"] for each in listed] == ["neutral", "simple", "standard_18", "our_bank"]
    _, file = await exported(grants, approved, template="our_bank")
    assert file == "Payee;Amount;Kind\r\nKNIT AND N;500.00;grant\r\n"
    formless = layout | {"columns": [{"holds": "amount", "text": "both"}]}
    assert (await grants.refused("/v1/payment-batches/templates", {"slug": "x", "layout": formless}))[0] == 422


@ON_ONE_DATABASE
async def test_erasing_whose_account_it_is_deletes_the_details_and_stops_what_is_not_sent(
    app: FastAPI, grants: Caller, colleague: Caller, approved: Json
) -> None:
    sent = await approve(grants, colleague)
    batch, _ = await exported(grants, sent)
    waiting = await batch_of(grants, approved)
    parts: Parts = app.state.parts
    marks = Marks(people=[], phrases=["Knit and Natter"])
    db, counted = counting(parts.acting_in(grants.movement))
    for _ in range(2):
        await forget_accounts(parts, db, grants.movement, marks)
    assert counted == [2]
    _, problem = await grants.refused(f"/v1/payment-batches/{waiting['id']}/export")
    assert faults(problem) == {f"/payments/{approved['id']}": "details_gone"}
    again = await grants.refused(f"/v1/payment-batches/{batch['id']}/export-again", {"reason": "Lost"})
    assert again[1]["code"] == "details_gone"
    assert (await grants.get(f"/v1/payees/{sent['payee']}"))["account"]["last_four"] == "4958"
    assert (await grants.post(f"/v1/payment-batches/{batch['id']}/results", result(sent, "paid")))["paid"] == 1
