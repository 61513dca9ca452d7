"""What a fund does not spend in time: returned, kept for later or given to another fund, as its own rule says."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from services.grants.ledger import reading
from services.grants.ledger.chart import Account
from services.grants.ledger.tracing import Asked, Bound, Source, Unpaid, over
from services.grants.rounds.rules import ANYBODY, StoredEligibility
from shared import clock
from shared.parts import Parts
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, gbp
from tests.grants.paid import paid

FOOD: StoredEligibility = {"places": [], "kinds": [], "themes": ["food"]}
LAST_DAY = "2027-03-31"


@pytest.fixture
def late() -> Iterator[None]:
    """The day after the last one on which the fund was to be spent."""
    with clock.frozen(datetime(2027, 4, 1, 12, tzinfo=UTC)):
        yield


async def spent_fund(grants: Caller, rule: str | None) -> Json:
    """A fund of £1,500 of two funders, the second of whom bound £600; £500 of it are awarded and £300 paid."""
    fund = await grants.fund("900.00")
    said = {"spend_by": LAST_DAY} | ({} if rule is None else {"underspend_rule": rule})
    await grants.edit("PATCH", f"/v1/funds/{fund}", said)
    gift = {"funder": "Trust", "promised": gbp("600.00"), "cleared": gbp("600.00"), "fits": {"themes": ["food"]}}
    await grants.post(f"/v1/funds/{fund}/contributions", gift)
    drafted = await grants.draft(fund, "500.00", maximum=gbp("500.00"))
    await grants.post(f"/v1/rounds/{drafted}/open")
    asking = {"round": drafted, "group_name": "Cooks", "summary": "Soup", "theme": "food", "amount": gbp("500.00")}
    award = await grants.award((await grants.post("/v1/applications", asking))["id"])
    await grants.agree(award)
    await grants.check(award)
    await paid(grants, award, 300_00)
    return await grants.get(f"/v1/funds/{fund}")


async def contributions(grants: Caller, fund: str) -> dict[str, Json]:
    """What each funder gave to a fund."""
    return {each["funder"]: each for each in (await grants.get(f"/v1/funds/{fund}/contributions"))["data"]}


async def in_the_bank(grants: Caller, fund: str) -> int:
    """What a fund has in the bank by the ledger, whose replay says the same."""
    parts: Parts = grants.app.state.parts
    assert (await parts.db.read(reading.replay, grants.movement)).differences == []
    sums = await parts.db.read(reading.trial_balance, grants.movement, fund=fund, as_of=None)
    assert sum(each.pence for each in sums) == 0
    return next((each.pence for each in sums if each.account == Account.BANK), 0)


@pytest.mark.usefixtures("late")
async def test_what_is_over_goes_back_to_its_funders_and_what_is_awarded_stays(grants: Caller) -> None:
    fund = (await spent_fund(grants, "return"))["id"]
    settled = await grants.post(f"/v1/funds/{fund}/settle-underspend", {})
    assert (settled["rule"], settled["amount"]) == ("return", gbp("1000.00"))
    assert settled["fund"]["available"] == gbp("0.00")
    given = await contributions(grants, fund)
    returned = {funder: each["returned"] for funder, each in given.items()}
    assert returned == {"Sport England": gbp("900.00"), "Trust": gbp("100.00")}, "the award is of the Trust's money"
    assert await in_the_bank(grants, fund) == 200_00
    told = [kind for kind, _ in await grants.published(fund)]
    assert told[-3:] == ["contribution.returned", "contribution.returned", "fund.underspend_settled"]
    again = await grants.refused(f"/v1/funds/{fund}/settle-underspend", {})
    assert again[1]["code"] == "not_left"


@pytest.mark.usefixtures("late")
async def test_what_is_over_moves_to_another_fund_by_the_ledger_and_is_traced_to_the_same_funders(
    grants: Caller,
) -> None:
    fund = (await spent_fund(grants, "reallocate"))["id"]
    other = await grants.fund("50.00")
    settled = await grants.post(f"/v1/funds/{fund}/settle-underspend", {"to": other})
    assert settled["amount"] == gbp("1000.00")
    there = (await grants.get(f"/v1/funds/{other}/contributions"))["data"][1:]
    assert [(each["funder"], each["cleared"], each["fits"]["themes"]) for each in there] == [
        ("Sport England", gbp("900.00"), []),
        ("Trust", gbp("100.00"), ["food"]),
    ]
    assert [each["moved_to"] for each in settled["contributions"]] == [each["id"] for each in there]
    assert (await grants.get(f"/v1/funds/{other}"))["available"] == gbp("1050.00")
    assert await in_the_bank(grants, fund) == 200_00
    assert await in_the_bank(grants, other) == 1_050_00
    moved = await contributions(grants, fund)
    assert {each["moved"]["amount"] for each in moved.values()} == {"900.00", "100.00"}
    assert {each["cleared"]["amount"] for each in moved.values()} == {"900.00", "600.00"}, "all that ever arrived"


@ON_ONE_DATABASE
async def test_what_is_over_is_kept_until_a_later_day_and_nothing_moves(grants: Caller) -> None:
    fund = await spent_fund(grants, "roll_over")
    path = f"/v1/funds/{fund['id']}/settle-underspend"
    assert faults((await grants.refused(path, {}))[1]) == {"/spend_by": "not_the_rule"}
    assert faults((await grants.refused(path, {"spend_by": LAST_DAY}))[1]) == {"/spend_by": "not_later"}
    settled = await grants.post(path, {"spend_by": "2028-03-31"})
    assert (settled["fund"]["spend_by"], settled["contributions"]) == ("2028-03-31", [])
    assert settled["fund"]["available"] == fund["available"]
    assert settled["fund"]["version"] == fund["version"] + 1


@ON_ONE_DATABASE
async def test_nothing_is_settled_too_early_without_a_rule_or_by_a_key(grants: Caller, key: Caller) -> None:
    fund = (await spent_fund(grants, "return"))["id"]
    path = f"/v1/funds/{fund}/settle-underspend"
    refused = await grants.refused(path, {})
    assert (refused[1]["code"], refused[1]["spend_by"]) == ("not_due", LAST_DAY)
    assert (await key.refused(path, {}))[1]["code"] == "needs_a_user"
    await grants.edit("PATCH", f"/v1/funds/{fund}", {"underspend_rule": None})
    assert (await grants.refused(path, {}))[1]["code"] == "no_underspend_rule"


@ON_ONE_DATABASE
@pytest.mark.usefixtures("late")
async def test_money_goes_to_no_fund_that_could_not_spend_it(grants: Caller) -> None:
    fund = (await spent_fund(grants, "reallocate"))["id"]
    path = f"/v1/funds/{fund}/settle-underspend"
    assert faults((await grants.refused(path, {}))[1]) == {"/to": "not_the_rule"}
    assert faults((await grants.refused(path, {"to": fund}))[1]) == {"/to": "same_fund"}
    euros = await grants.fund("1.00", "EUR")
    assert faults((await grants.refused(path, {"to": euros}))[1]) == {"/to": "wrong_currency"}
    arts = {"name": "Arts", "grant_maker": "Us", "purpose": "Arts", "restrictions": {"themes": ["arts"]}}
    refused = await grants.refused(path, {"to": (await grants.post("/v1/funds", arts))["id"]})
    assert (refused[1]["code"], refused[1]["outside"]) == ("outside_purpose", "themes")
    assert (await contributions(grants, fund))["Sport England"]["moved"] == gbp("0.00"), "nothing half-done"


def test_awards_are_left_the_money_that_fits_them() -> None:
    free = Bound(Source("free", 500, restricted=False, since=date(2026, 1, 1)), ANYBODY)
    food = Bound(Source("food", 500, restricted=True, since=date(2026, 1, 2)), FOOD)
    chairs, soup = (Unpaid(400, Asked(frozenset(), None, theme)) for theme in ("chairs", "food"))
    assert over([free, food], [chairs, soup], 200) == {"free": 100, "food": 100}
    assert over([free, food], [], 200) == {"free": 200}, "of what rounds hold, bound money goes first"
    assert over([free, food], [chairs], 600) == {"free": 100, "food": 500}
