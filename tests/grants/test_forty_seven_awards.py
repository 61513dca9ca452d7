"""The 47 micro-grants of the seeds, through the API alone: handed to an anchor organisation, awarded, agreed, checked,
paid under four eyes in batches, one sent back by the bank, one held by a host, one not spent in full, all reported on.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from io import BytesIO
from typing import NamedTuple

import pytest
from beancount import loader
from fastapi import FastAPI
from pypdf import PdfReader

from shared import clock
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import DETAILS, Caller, asking, gbp
from tests.neighbours import Neighbours

PENCE = [500_00 + 43_21 * number for number in range(46)] + [2_500_00]
"""What the groups are awarded: £500 to £2,500, few of them round."""
HOSTED, RETURNED, UNDERSPENT = 5, 11, 17
"""Which of them has no account, whose payment comes back, and who spends £100 less."""
GIVEN = {"Lottery": (20_000_00, "Arts only"), "Health board": (30_000_00, None), "Council": (33_000_00, None)}


class Anchor(NamedTuple):
    """Two people of the organisation to which the round is handed."""

    organisation: str
    first: Caller
    second: Caller


@pytest.fixture
async def anchor(app: FastAPI, vouching: Secrets, grants: Caller, neighbours: Neighbours) -> AsyncIterator[Anchor]:
    organisation = await neighbours.organisation(grants.movement)
    async with AsyncExitStack() as callers:
        first, second = [
            await callers.enter_async_context(
                Caller(app, vouching, grants.movement, user=new_id("user"), organisation=organisation)
            )
            for _ in range(2)
        ]
        yield Anchor(organisation, first, second)


def pounds(pence: int) -> Json:
    return gbp(f"{pence // 100}.{pence % 100:02}")


def in_pence(amount: Json | None) -> int:
    return 0 if amount is None else int(amount["amount"].replace(".", ""))


async def call_for_ideas(backbone: Caller, anchor: Anchor) -> tuple[str, str]:
    """A fund of three funders, of which a round of 47 awards is handed to the anchor organisation."""
    words = {"name": "Small sparks", "grant_maker": "The three of us", "purpose": "Arts and food together"}
    fund = (await backbone.post("/v1/funds", words))["id"]
    for funder, (pence, restriction) in GIVEN.items():
        gift = {"funder": funder, "promised": pounds(pence), "cleared": pounds(pence), "restriction": restriction}
        await backbone.post(f"/v1/funds/{fund}/contributions", gift)
    opened = await backbone.draft(fund, pounds(sum(PENCE))["amount"])
    await backbone.post(f"/v1/rounds/{opened}/open")
    handed = {"fund": fund, "to": anchor.organisation, "scopes": ["award", "administer", "support"]}
    await backbone.post("/v1/delegations", handed | {"ceiling": pounds(sum(PENCE))})
    return fund, opened


async def apply(anchor: Anchor, opened: str, number: int) -> str:
    """The application of one group; one of them has no account, and a host that agrees to hold the money."""
    body = asking(opened, pounds(PENCE[number])["amount"], group_name=f"Group {number}")
    if number == HOSTED:
        body |= {"has_account": False, "host": {"name": "The parish"}}
    application = str((await anchor.first.post("/v1/applications", body))["id"])
    if number == HOSTED:
        await anchor.first.post(f"/v1/applications/{application}/host", {"agrees": True})
    return application


async def awarded(anchor: Anchor, application: str, number: int) -> str:
    """An award that is accepted, checked and agreed, and has a payee."""
    award = await anchor.first.award(application, pounds(PENCE[number])["amount"])
    await anchor.first.agree(award)
    await anchor.first.check(award)
    name = {"award": award, "name": f"Group {number}"}
    kind = {"kind": "host", "name": "The parish"} if number == HOSTED else {}
    await anchor.first.post("/v1/payees", name | kind | {"account": DETAILS})
    return award


async def paid(anchor: Anchor, fund: str, due: Sequence[tuple[str, int, str | None]]) -> tuple[str, list[str]]:
    """A batch of payments that one proposes and the other approves, and that the bank says were paid; it and they."""
    payments = []
    for award, pence, retries in due:
        asked = {"award": award, "amount": pounds(pence)} | ({"retries": retries} if retries else {})
        payment = (await anchor.first.post("/v1/payments", asked))["id"]
        await anchor.second.edit("POST", f"/v1/payments/{payment}/approve")
        payments.append(payment)
    batch = (await anchor.first.post("/v1/payment-batches", {"fund": fund, "payments": payments}))["id"]
    await anchor.first.client.post(f"/v1/payment-batches/{batch}/export")
    await told(anchor, batch, payments, "paid")
    return batch, payments


async def told(anchor: Anchor, batch: str, payments: Sequence[str], outcome: str) -> None:
    """The bank says what became of payments."""
    said = {"outcome": outcome, "on": clock.today("Europe/London").isoformat(), "reason": "Said by the bank"}
    results = [{"payment": payment} | said for payment in payments]
    await anchor.first.post(f"/v1/payment-batches/{batch}/results", {"results": results}, status=200)


async def report(anchor: Anchor, award: str) -> None:
    """What a group says of what came of it, and that it is accepted."""
    asked = (await anchor.first.post("/v1/grant-reports", {"award": award, "due_on": "2027-03-31"}))["id"]
    said = {"happened": "We met", "took_part": "Twelve of us", "changed_for_people": "We know one another"}
    await anchor.first.edit("PATCH", f"/v1/grant-reports/{asked}", said)
    await anchor.first.post(f"/v1/grant-reports/{asked}/submit", status=200)
    await anchor.first.post(f"/v1/grant-reports/{asked}/accept", status=200)


@ON_ONE_DATABASE
async def test_47_awards_are_paid_to_the_penny_and_each_pound_is_traced(grants: Caller, anchor: Anchor) -> None:
    fund, opened = await call_for_ideas(grants, anchor)
    asked = [await apply(anchor, opened, number) for number in range(47)]
    assert (await grants.refused("/v1/awards", {"application": asked[0], "amount": pounds(PENCE[0])}))[0] == 403
    awards = [await awarded(anchor, application, number) for number, application in enumerate(asked)]

    owed = [pence - (100_00 if number == UNDERSPENT else 0) for number, pence in enumerate(PENCE)]
    due = [(award, pence, None) for award, pence in zip(awards, owed, strict=True)]
    batch, payments = await paid(anchor, fund, due[:24])
    await told(anchor, batch, [payments[RETURNED]], "returned")
    back = (awards[RETURNED], owed[RETURNED], payments[RETURNED])
    await paid(anchor, fund, [*due[24:], back])
    for award in awards:
        await report(anchor, award)
        await anchor.first.post(f"/v1/awards/{award}/close")
    reports = await grants.every("/v1/grant-reports", limit=200)
    assert {each["award"] for each in reports if each["state"] == "accepted"} == set(awards)

    held = (await grants.get("/v1/ledger/trial-balance", fund=fund))["currencies"][0]["accounts"]
    sums = {each["account"]: in_pence(each["debit"]) - in_pence(each["credit"]) for each in held}
    given = sum(pence for pence, _ in GIVEN.values())
    assert sums == {"bank": given - sum(owed), "contributions": -given, "grants": sum(owed)}
    shown = await grants.get(f"/v1/rounds/{opened}")
    assert in_pence(shown["committed"]) == sum(owed)
    verified = await grants.get("/v1/ledger/verification")
    assert (verified["verified"], verified["differences"]) == (True, [])

    by_funder = dict.fromkeys(GIVEN, 0)
    for award, pence in zip(awards, owed, strict=True):
        funders = (await grants.get(f"/v1/awards/{award}/funders"))["funders"]
        assert sum(in_pence(each["net"]) for each in funders) == pence
        for each in funders:
            by_funder[each["funder"]] += in_pence(each["net"])
    assert by_funder == {
        "Lottery": 20_000_00, "Health board": 30_000_00, "Council": sum(owed) - 50_000_00,
    }  # fmt: skip
    for gift in (await grants.get(f"/v1/funds/{fund}/contributions"))["data"]:
        uses = (await grants.get(f"/v1/contributions/{gift['id']}/uses", limit=200))["data"]
        assert sum(in_pence(each["net"]) for each in uses) == by_funder[gift["funder"]]

    letter = await anchor.first.client.get(f"/v1/payments/{payments[0]}/remittance.pdf")
    words = PdfReader(BytesIO(letter.content)).pages[0].extract_text()
    assert "We have paid you £500.00" in words
    assert DETAILS["account_number"][-4:] in words
    assert DETAILS["account_number"] not in words
    sent_back = await anchor.first.client.get(f"/v1/payments/{payments[RETURNED]}/remittance.pdf")
    assert (sent_back.status_code, sent_back.json()["code"]) == (409, "nothing_paid")

    exported = await grants.client.get("/v1/ledger/export.beancount")
    assert loader.load_string(exported.text)[1] == []
