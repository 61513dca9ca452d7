"""The books can be read: every entry and account, whose money went where; and others' tools read the same in them."""

import asyncio
import csv
import io
import sys
from asyncio.subprocess import PIPE
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from beancount import loader
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.grants.ledger import postings
from services.grants.ledger.models import LedgerBalance
from shared.ids import new_id
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.books import DAY, Books
from tests.grants.caller import Caller, gbp


async def test_an_entry_says_what_moved_and_its_debits_are_its_credits(grants: Caller, books: Books) -> None:
    payment = await books.pay(700_00)
    (paid,) = (await grants.get("/v1/ledger/entries", about=payment))["data"]
    assert (paid["kind"], paid["on"], paid["reverses"]) == ("payment_paid", DAY.isoformat(), None)
    assert await grants.get(f"/v1/ledger/entries/{paid['id']}") == paid
    bank = [line for line in paid["lines"] if line["account"] == "bank"]
    assert [(line["contribution"], line["credit"], line["restriction"]) for line in bank] == [
        (books.bound, gbp("500.00"), "restricted"),
        (books.free, gbp("200.00"), "unrestricted"),
    ]
    assert all(line["award"] == books.award for line in paid["lines"])
    listed = (await grants.get("/v1/ledger/entries", award=books.award))["data"]
    assert [entry["kind"] for entry in listed] == ["award_accepted", "payment_paid"]
    of_bound = (await grants.get("/v1/ledger/entries", contribution=books.bound, since=DAY.isoformat()))["data"]
    assert of_bound == [paid]
    cleared = (await grants.get("/v1/ledger/entries", kind="contribution_cleared", fund=books.fund, limit=1))["data"]
    assert [entry["about"] for entry in cleared] == [books.free]


async def test_what_accounts_hold_is_told_by_contribution_page_by_page(grants: Caller, books: Books) -> None:
    await books.pay(700_00)
    found, cursor = [], None
    while True:
        page = await grants.get("/v1/ledger/accounts", limit=2, **({"cursor": cursor} if cursor else {}))
        found += [(each["account"], each["contribution"], each["debit"] or each["credit"]) for each in page["data"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert found == sorted(found, key=lambda each: (each[0], each[1] or ""))
    assert [each for each in found if each[0] in ("bank", "grants")] == [
        ("bank", books.free, gbp("800.00")),
        ("bank", books.bound, gbp("0.00")),
        ("grants", None, gbp("300.00")),
        ("grants", books.free, gbp("200.00")),
        ("grants", books.bound, gbp("500.00")),
    ]
    bound = (await grants.get("/v1/ledger/accounts", restriction="restricted", account="grants"))["data"]
    assert [(each["contribution"], each["debit"]) for each in bound] == [(books.bound, gbp("500.00"))]


async def test_a_trial_balance_balances_on_every_day(grants: Caller, books: Books) -> None:
    await books.pay(700_00)
    before = await grants.get("/v1/ledger/trial-balance", as_of=(DAY - timedelta(1)).isoformat())
    (then,) = before["currencies"]
    assert {each["account"]: each["debit"] or each["credit"] for each in then["accounts"]} == {
        "bank": gbp("1500.00"),
        "contributions": gbp("1500.00"),
        "grants": gbp("1000.00"),
        "grants_payable": gbp("1000.00"),
    }
    after = await grants.get("/v1/ledger/trial-balance", fund=books.fund)
    assert (after["balanced"], after["currencies"][0]["debits"], after["currencies"][0]["credits"]) == (
        True,
        gbp("1800.00"),
        gbp("1800.00"),
    )
    assert (await grants.get("/v1/ledger/trial-balance", as_of="2001-01-01"))["currencies"] == []


async def test_a_balance_that_is_not_what_its_lines_come_to_is_found(
    app: FastAPI, grants: Caller, books: Books
) -> None:
    assert (await grants.get("/v1/ledger/verification")) == {
        "verified": True, "entries": 5, "lines": 10, "differences": [],
    }  # fmt: skip

    def tamper(session: Session) -> None:
        bank = (LedgerBalance.account == "bank", LedgerBalance.contribution_id == books.free)
        session.execute(sa.update(LedgerBalance).where(*bank).values(balance=LedgerBalance.balance + 1))

    await app.state.parts.db.write(tamper)
    found = await grants.get("/v1/ledger/verification")
    assert (found["verified"], [each["kept"] - each["replayed"] for each in found["differences"]]) == (False, [1])


async def test_each_pound_is_traced_to_its_funder_and_each_gift_to_its_awards(grants: Caller, books: Books) -> None:
    await books.pay(200_00)
    second = await books.pay(500_00)
    await books.do(postings.payment_returned, second, DAY, "returned")
    await books.pay(400_00)
    shown = await grants.get(f"/v1/awards/{books.award}/funders")
    assert [(each["funder"], each["paid"], each["returned"], each["net"]) for each in shown["funders"]] == [
        ("Sport England", gbp("300.00"), gbp("200.00"), gbp("100.00")),
        ("Trust", gbp("800.00"), gbp("300.00"), gbp("500.00")),
    ]
    uses = (await grants.get(f"/v1/contributions/{books.bound}/uses"))["data"]
    net = {"paid": gbp("800.00"), "returned": gbp("300.00"), "net": gbp("500.00")}
    assert uses == [{"award": books.award, **net}]
    nobodys = await grants.client.get(f"/v1/contributions/{new_id('contrib')}/uses")
    assert nobodys.status_code == 404


async def _exported(grants: Caller, form: str) -> str:
    return (await grants.client.get(f"/v1/ledger/export.{form}")).text


@ON_ONE_DATABASE
async def test_bean_check_passes_the_export(grants: Caller, books: Books, tmp_path: Path) -> None:
    await books.do(postings.payment_returned, await books.pay(700_00), DAY, "returned")
    file = tmp_path / "ledger.beancount"
    file.write_text(await _exported(grants, "beancount"))
    check = await asyncio.create_subprocess_exec(Path(sys.executable).parent / "bean-check", file, stderr=PIPE)
    _, said = await check.communicate()
    assert (check.returncode, said) == (0, b"")


@ON_ONE_DATABASE
async def test_a_penny_changed_anywhere_in_the_export_is_found(grants: Caller, books: Books) -> None:
    await books.pay(700_00)
    lines = (await _exported(grants, "beancount")).splitlines()
    assert loader.load_string("\n".join(lines))[1] == []
    amounts = [number for number, line in enumerate(lines) if line.endswith(" GBP") and ".00" in line]
    assert len(amounts) == 26
    for number in amounts:
        changed = [*lines[:number], lines[number].replace(".00", ".01", 1), *lines[number + 1 :]]
        assert loader.load_string("\n".join(changed))[1] != [], lines[number]
    balanced = [line.replace(".00", ".01") if number in amounts[:2] else line for number, line in enumerate(lines)]
    assert [type(each).__name__ for each in loader.load_string("\n".join(balanced))[1]] == ["BalanceError"] * 2


async def test_the_csv_has_every_line_and_sums_to_nothing(grants: Caller, books: Books) -> None:
    await books.pay(700_00)
    rows = list(csv.DictReader(io.StringIO(await _exported(grants, "csv"))))
    shown = (await grants.get("/v1/ledger/entries", limit=200))["data"]
    assert len(rows) == sum(len(entry["lines"]) for entry in shown) == 16
    debits, credits_ = (sum(float(row[side] or 0) for row in rows) for side in ("debit", "credit"))
    assert debits == credits_ == 5_400.00
    assert {row["entry"] for row in rows} == {entry["id"] for entry in shown}
