"""A payment that the bank sends back after its award has ended: paid again, let go, or no longer asked back."""

from services.grants.ledger import reading
from services.grants.ledger.chart import Account
from shared.parts import Parts
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import BECAUSE, Caller, gbp
from tests.grants.sending import paid_by_the_bank, result


async def came_back(grants: Caller, payment: Json) -> None:
    said = result(payment, "returned", reason="Account closed")
    await grants.post(f"/v1/payment-batches/{payment['batch']}/results", said)


async def owing(grants: Caller, award: str) -> tuple[Json, Json]:
    shown = await grants.get(f"/v1/awards/{award}")
    return shown["owed"], shown["committed"]


async def balances(grants: Caller) -> dict[str, int]:
    """What each account comes to; the replay of the entries says the same."""
    parts: Parts = grants.app.state.parts
    assert (await parts.db.read(reading.replay, grants.movement)).differences == []
    sums = await parts.db.read(reading.trial_balance, grants.movement, fund=None, as_of=None)
    return {each.account: each.pence for each in sums}


async def test_what_comes_back_of_a_closed_award_is_paid_again_and_no_more_than_that(
    grants: Caller, colleague: Caller
) -> None:
    award = await grants.payable("900.00")
    first, second = [await paid_by_the_bank(grants, colleague, award, amount) for amount in ("600.00", "300.00")]
    await grants.post(f"/v1/awards/{award}/close")
    assert (await grants.refused("/v1/payments", {"award": award, "amount": gbp("1.00")}))[1]["code"] == (
        "award_not_payable"
    )
    await came_back(grants, second)
    assert await owing(grants, award) == (gbp("300.00"), gbp("900.00"))
    again = {"award": award, "retries": second["id"]}
    refused = await grants.refused("/v1/payments", {**again, "amount": gbp("300.01")})
    assert (refused[1]["code"], refused[1]["owed"]) == ("over_award", 300_00)
    retry = await grants.post("/v1/payments", {**again, "amount": gbp("300.00")})
    assert await owing(grants, award) == (gbp("0.00"), gbp("900.00"))
    paid = await paid_by_the_bank(grants, colleague, award, retry)
    assert (await grants.get(f"/v1/awards/{award}"))["paid"] == gbp("900.00")
    assert (await balances(grants)).get(Account.GRANTS_PAYABLE, 0) == 0
    assert {first["state"], paid["state"]} == {"paid"}


async def test_what_comes_back_of_a_closed_award_is_let_go_for_a_reason_and_is_the_rounds_again(
    grants: Caller, colleague: Caller, key: Caller
) -> None:
    award = await grants.payable("500.00")
    payment = await paid_by_the_bank(grants, colleague, award, "500.00")
    await grants.post(f"/v1/awards/{award}/close")
    path = f"/v1/awards/{award}/let-go"
    assert (await grants.refused(path, BECAUSE))[1]["code"] == "nothing_owed"
    await came_back(grants, payment)
    assert (await key.refused(path, BECAUSE))[1]["code"] == "needs_a_user"
    assert (await grants.refused(path))[0] == 422
    await grants.post(path, BECAUSE)
    assert await owing(grants, award) == (gbp("0.00"), gbp("0.00"))
    (change,) = (await grants.get(f"/v1/awards/{award}/changes"))["changes"]
    assert (change["kind"], change["reason"]) == ("let_go", BECAUSE["reason"])
    books = await balances(grants)
    assert (books.get(Account.GRANTS_PAYABLE, 0), books.get(Account.GRANTS, 0)) == (0, 0)
    told = [kind for kind, _ in await grants.published(award)]
    assert told[-1] == "award.let_go"


async def test_what_was_asked_back_of_a_cancelled_award_is_not_once_the_bank_sends_it_back(
    grants: Caller, colleague: Caller
) -> None:
    award = await grants.payable("900.00")
    _, second = [await paid_by_the_bank(grants, colleague, award, amount) for amount in ("600.00", "300.00")]
    await grants.post(f"/v1/awards/{award}/cancel", BECAUSE)
    await came_back(grants, second)
    assert await owing(grants, award) == (gbp("0.00"), gbp("600.00"))
    (asked,) = (await grants.get(f"/v1/awards/{award}/repayments"))["repayments"]
    assert (asked["withdrawn"], asked["left"], asked["state"]) == (gbp("300.00"), gbp("600.00"), "requested")
    books = await balances(grants)
    assert books[Account.REPAYMENTS_DUE] == 600_00
    assert books.get(Account.GRANTS_PAYABLE, 0) == 0


@ON_ONE_DATABASE
async def test_each_funder_has_back_what_it_gave_when_the_bank_sends_its_payment_back(
    grants: Caller, colleague: Caller
) -> None:
    award = await grants.payable("500.00")
    fund = (await grants.get(f"/v1/rounds/{(await grants.get(f'/v1/awards/{award}'))['round']}"))["fund"]
    gift = {"funder": "Trust", "promised": gbp("300.00"), "cleared": gbp("300.00"), "restriction": "For groups"}
    trust = (await grants.post(f"/v1/funds/{fund}/contributions", gift))["id"]
    first, _ = [await paid_by_the_bank(grants, colleague, award, amount) for amount in ("300.00", "200.00")]
    await grants.post(f"/v1/awards/{award}/close", {"spent": gbp("100.00")})
    await came_back(grants, first)
    (asked,) = (await grants.get(f"/v1/awards/{award}/repayments"))["repayments"]
    assert (asked["withdrawn"], asked["left"]) == (gbp("300.00"), gbp("100.00"))
    path = f"/v1/funds/{fund}/contributions/{trust}"
    assert (await grants.post(f"{path}/return", {"amount": gbp("300.00")}))["returned"] == gbp("300.00")
    net = {each["contribution"]: each["net"] for each in (await grants.get(f"/v1/awards/{award}/funders"))["funders"]}
    assert net.pop(trust) == gbp("0.00")
    assert list(net.values()) == [gbp("200.00")]
