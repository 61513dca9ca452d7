"""A financial year ends on the movement's own day, is closed for good, and nothing is dated into it afterwards."""

from datetime import UTC, date, datetime

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from services.grants.ledger import postings
from services.grants.ledger.models import YearClosed
from services.grants.ledger.years.calendar import DayOfYear
from shared import clock
from shared.ids import is_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.books import Books
from tests.grants.caller import Caller, gbp

SPRING = datetime(2026, 2, 20, 12, tzinfo=UTC)
SUMMER = datetime(2026, 6, 20, 12, tzinfo=UTC)


async def test_a_closed_year_carries_over_what_it_came_to_and_takes_nothing_more(app: FastAPI, grants: Caller) -> None:
    with clock.frozen(SPRING):
        books = await Books(app, grants).begun()
        await books.do(postings.payment_paid, books.fund, books.award, "payment_1", 700_00, date(2026, 3, 31))
    with clock.frozen(SUMMER):
        await books.do(postings.payment_paid, books.fund, books.award, "payment_2", 100_00, date(2026, 4, 1))
        closed = await grants.post("/v1/ledger/years", {"ends_on": "2026-03-31"})
        assert (closed["starts_on"], closed["ends_on"]) == ("2025-04-01", "2026-03-31")
        assert is_id(closed["closed_by"], "user")
        statement = closed["statement"]
        assert [(each["account"], each["restriction"], each["debit"] or each["credit"]) for each in statement] == [
            ("contributions", "restricted", gbp("500.00")),
            ("contributions", "unrestricted", gbp("1000.00")),
            ("grants", "restricted", gbp("500.00")),
            ("grants", "unallocated", gbp("300.00")),
            ("grants", "unrestricted", gbp("200.00")),
        ]
        assert await grants.get(f"/v1/ledger/years/{closed['id']}") == closed
        assert [each["id"] for each in (await grants.get("/v1/ledger/years"))["data"]] == [closed["id"]]
        opening = await grants.get("/v1/ledger/trial-balance", as_of="2026-03-31")
        assert {each["account"]: each["debit"] or each["credit"] for each in opening["currencies"][0]["accounts"]} == {
            "bank": gbp("800.00"),
            "carried_forward": gbp("500.00"),
            "grants_payable": gbp("300.00"),
        }
        assert opening["balanced"]
        with pytest.raises(YearClosed):
            await books.do(postings.payment_paid, books.fund, books.award, "payment_3", 1, date(2026, 3, 31))
        await books.do(postings.payment_returned, "payment_1", date(2026, 6, 20), "returned")
        assert (await books.balances())["bank"] == 1_400_00


async def test_years_are_closed_one_after_the_other_and_only_once_they_are_over(app: FastAPI, grants: Caller) -> None:
    assert await _refused(grants, "2026-03-31") == (409, "nothing_to_close")
    with clock.frozen(SPRING):
        await Books(app, grants).begun()
        assert await _refused(grants, "2026-03-31") == (409, "year_not_over")
    with clock.frozen(datetime(2028, 1, 1, tzinfo=UTC)):
        _, problem = await grants.refused("/v1/ledger/years", {"ends_on": "2027-03-31"})
        assert faults(problem) == {"/ends_on": "not_the_next"}
        first = await grants.post("/v1/ledger/years", {"ends_on": "2026-03-31"})
        assert await _refused(grants, "2026-03-31") == (422, "invalid")
        second = await grants.post("/v1/ledger/years", {"ends_on": "2027-03-31"})
        assert (second["starts_on"], second["statement"]) == ("2026-04-01", [])
        listed = (await grants.get("/v1/ledger/years"))["data"]
        assert [each["id"] for each in listed] == [first["id"], second["id"]]


@ON_ONE_DATABASE
async def test_a_movement_says_on_which_day_its_years_end(app: FastAPI, grants: Caller, key: Caller) -> None:
    shown = await grants.client.get("/v1/ledger/year-end")
    assert (shown.json()["ends"], shown.json()["next_ends_on"], shown.headers["etag"]) == ("03-31", None, '"1"')

    async def ends_on(caller: Caller, day: str, tag: str) -> tuple[int, Json]:
        answered = await caller.client.patch("/v1/ledger/year-end", json={"ends": day}, headers={"If-Match": tag})
        return answered.status_code, answered.json()

    assert (await ends_on(key, "12-31", '"1"'))[1]["code"] == "needs_a_user"
    assert (await ends_on(grants, "12-31", '"1"'))[1]["ends"] == "12-31"
    assert (await ends_on(grants, "12-31", '"1"'))[0] == 412
    with clock.frozen(SPRING):
        await Books(app, grants).begun()
    assert (await grants.get("/v1/ledger/year-end"))["next_ends_on"] == "2026-12-31"
    assert faults((await ends_on(grants, "02-30", "*"))[1]) == {"/ends": "invalid_day_of_year"}
    assert await _refused(key, "2026-12-31") == (403, "needs_a_user")


async def _refused(caller: Caller, ends_on: str) -> tuple[int, str]:
    status, problem = await caller.refused("/v1/ledger/years", {"ends_on": ends_on})
    return status, problem["code"]


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_every_day_lies_in_one_year_and_the_next_begins_where_it_ends(day: date, named: date) -> None:
    ends = DayOfYear(named.month, named.day)
    begins, over = ends.year_of(day)
    assert begins <= day <= over
    assert 365 <= (over - begins).days + 1 <= 366
    assert ends.year_of(date.fromordinal(begins.toordinal() - 1))[1] == date.fromordinal(begins.toordinal() - 1)
    assert DayOfYear.read(str(ends)) == ends
