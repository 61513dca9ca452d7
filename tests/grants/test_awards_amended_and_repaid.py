"""The later life of awards: amended for a reason, lapsing at their instant, paid back where cancelled or underspent."""

from datetime import timedelta

import httpx
import pytest

from services.grants.agreements.models import AgreementMissing
from services.grants.awards import lapsing, paying
from shared import clock
from shared.ids import new_id
from shared.parts import Parts
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking, gbp
from tests.grants.paid import paid


async def amended(grants: Caller, award: str, expected: str = "*", **changes: object) -> httpx.Response:
    said = {"reason": "The group found a cheaper hall", **changes}
    return await grants.client.patch(f"/v1/awards/{award}", json=said, headers={"If-Match": expected})


def parts_of(grants: Caller) -> Parts:
    parts: Parts = grants.app.state.parts
    return parts


async def round_of(grants: Caller, award: str) -> Json:
    return await grants.get(f"/v1/rounds/{(await grants.get(f'/v1/awards/{award}'))['round']}")


@pytest.mark.parametrize(("amount", "committed"), [("900.00", "900.00"), ("500.00", "500.00")])
async def test_an_amount_is_amended_up_and_down_within_the_rounds_money(
    grants: Caller, amount: str, committed: str
) -> None:
    award = await grants.ready_to_pay("700.00")
    answered = await amended(grants, award, '"2"', amount=gbp(amount))
    assert (answered.status_code, answered.headers["etag"]) == (200, '"3"'), answered.text
    assert (answered.json()["amount"], answered.json()["committed"]) == (gbp(amount), gbp(committed))
    assert (await round_of(grants, award))["committed"] == gbp(committed)
    assert (await amended(grants, award, '"2"', amount=gbp("800.00"))).status_code == 412


@ON_ONE_DATABASE
async def test_what_was_agreed_before_is_kept_and_the_new_terms_are_agreed_anew(grants: Caller) -> None:
    award = await grants.ready_to_pay("700.00")
    answered = await amended(grants, award, amount=gbp("600.00"), purpose="Chairs", ends_on="2027-03-31")
    assert (answered.json()["purpose"], answered.json()["terms"]) == ("Chairs", 2)
    (change,) = (await grants.get(f"/v1/awards/{award}/changes"))["changes"]
    assert (change["kind"], change["reason"]) == ("amended", "The group found a cheaper hall")
    assert (change["before"]["amount"], change["before"]["purpose"]) == (gbp("700.00"), None)
    assert (change["after"]["amount"], change["after"]["ends_on"]) == (gbp("600.00"), "2027-03-31")
    db = parts_of(grants).acting_in(grants.movement)
    with pytest.raises(AgreementMissing):
        await db.write(paying.payable, grants.movement, award)
    await grants.agree(award)
    assert (await db.write(paying.payable, grants.movement, award)).terms == 2


@ON_ONE_DATABASE
async def test_an_amendment_that_cannot_be_changes_nothing(grants: Caller) -> None:
    opened = await grants.open_round("1000.00")
    award = await grants.award(await grants.application(opened, "700.00"), "700.00")
    for amount, pointer, code in (
        ("499.99", "/amount/amount", "outside_limits"),
        ("2500.01", "/amount/amount", "outside_limits"),
    ):
        assert faults((await amended(grants, award, amount=gbp(amount))).json()) == {pointer: code}
    assert (await amended(grants, award, amount=gbp("1000.01"))).json()["code"] == "over_budget"
    dates = {"starts_on": "2027-05-02", "ends_on": "2027-05-01"}
    assert faults((await amended(grants, award, **dates)).json()) == {"/ends_on": "before_start"}
    without_reason = await grants.client.patch(f"/v1/awards/{award}", json={"purpose": "x"}, headers={"If-Match": "*"})
    assert faults(without_reason.json()) == {"/reason": "missing"}
    shown = await grants.get(f"/v1/awards/{award}")
    assert (shown["amount"], shown["terms"], shown["version"]) == (gbp("700.00"), 1, 1)
    assert (await grants.get(f"/v1/awards/{award}/changes"))["changes"] == []


@ON_ONE_DATABASE
async def test_an_award_is_not_amended_below_what_is_paid_nor_on_hold_nor_once_it_ended(grants: Caller) -> None:
    award = await grants.ready_to_pay("700.00")
    await paid(grants, award, 600_00)
    assert faults((await amended(grants, award, amount=gbp("599.99"))).json()) == {"/amount/amount": "less_than_paid"}
    await grants.post(f"/v1/awards/{award}/hold", {"reason": "Something is not right"})
    assert (await amended(grants, award, purpose="Chairs")).json()["code"] == "award_on_hold"
    await grants.post(f"/v1/awards/{award}/release")
    await grants.post(f"/v1/awards/{award}/close")
    assert (await amended(grants, award, purpose="Chairs")).json()["code"] == "illegal_transition"
    kept = [
        (change["kind"], change["reason"]) for change in (await grants.get(f"/v1/awards/{award}/changes"))["changes"]
    ]
    assert kept == [("held", "Something is not right"), ("released", None)]


async def test_an_offer_lapses_by_itself_at_its_instant_and_one_that_was_accepted_never(grants: Caller) -> None:
    opened, parts = await grants.open_round(), parts_of(grants)
    with clock.frozen(clock.now()) as at:
        until = (at.at + timedelta(days=3)).isoformat()
        offers = [
            (await grants.post("/v1/awards", {"application": asked, "amount": gbp("500.00"), "answer_by": until}))["id"]
            for asked in [await grants.application(opened), await grants.application(opened)]
        ]
        await grants.post(f"/v1/awards/{offers[1]}/accept")
        at.advance(timedelta(days=3) - timedelta(milliseconds=1))
        await lapsing.look(parts)
        assert (await grants.get(f"/v1/awards/{offers[0]}"))["state"] == "offered"
        at.advance(timedelta(milliseconds=1))
        await lapsing.look(parts)
        await lapsing.look(parts)
        assert [(await grants.get(f"/v1/awards/{offer}"))["state"] for offer in offers] == ["lapsed", "accepted"]
    assert (await grants.get(f"/v1/rounds/{opened}"))["committed"] == gbp("500.00")


@ON_ONE_DATABASE
async def test_an_offer_stands_for_the_usual_days_unless_it_says_until_when(grants: Caller) -> None:
    shown = await grants.get(f"/v1/awards/{await grants.award(await grants.application(await grants.open_round()))}")
    assert shown["answer_by"][:10] == (clock.now() + timedelta(days=28)).date().isoformat()
    past = {
        "application": await grants.application(shown["round"]),
        "amount": gbp("500.00"),
        "answer_by": "2020-01-01T00:00Z",
    }
    assert faults((await grants.refused("/v1/awards", past))[1]) == {"/answer_by": "in_the_past"}


async def test_what_a_cancelled_award_was_paid_is_asked_back_and_is_the_rounds_again_as_it_comes(
    grants: Caller,
) -> None:
    award = await grants.ready_to_pay("500.00")
    await paid(grants, award, 300_00)
    cancelled = await grants.post(f"/v1/awards/{award}/cancel", {"reason": "The group has ended"})
    assert (cancelled["state"], cancelled["committed"]) == ("cancelled", gbp("300.00"))
    path = f"/v1/awards/{award}/repayments"
    (asked,) = (await grants.get(path))["repayments"]
    assert (asked["kind"], asked["state"], asked["amount"]) == ("cancelled", "requested", gbp("300.00"))
    some = await grants.post(f"{path}/{asked['id']}/receive", {"amount": gbp("200.00")})
    assert (some["state"], some["left"]) == ("requested", gbp("100.00"))
    assert (await round_of(grants, award))["committed"] == gbp("100.00")
    status, problem = await grants.refused(f"{path}/{asked['id']}/receive", {"amount": gbp("100.01")})
    assert (status, problem["code"], problem["left"]) == (409, "over_repayment", 100_00)
    given_up = {"amount": gbp("100.00"), "reason": "There is nobody left to ask"}
    rest = await grants.post(f"{path}/{asked['id']}/write-off", given_up)
    assert (rest["state"], rest["settled_at"] is None) == ("written_off", False)
    assert (await round_of(grants, award))["committed"] == gbp("100.00")
    told = [kind for kind, _ in await grants.published(asked["id"])]
    assert told == ["repayment.requested", "repayment.received", "repayment.written_off"]


@ON_ONE_DATABASE
async def test_what_a_group_did_not_spend_is_asked_back_when_its_award_closes(grants: Caller) -> None:
    award = await grants.ready_to_pay("700.00")
    await paid(grants, award, 600_00)
    closing = f"/v1/awards/{award}/close"
    assert faults((await grants.refused(closing, {"spent": gbp("600.01")}))[1]) == {"/spent/amount": "more_than_paid"}
    closed = await grants.post(closing, {"spent": gbp("550.00")})
    assert (closed["state"], closed["committed"]) == ("closed", gbp("600.00"))
    (asked,) = (await grants.get(f"/v1/awards/{award}/repayments"))["repayments"]
    assert (asked["kind"], asked["amount"]) == ("underspent", gbp("50.00"))
    await grants.post(f"/v1/awards/{award}/repayments/{asked['id']}/receive", {"amount": gbp("50.00")})
    assert (await grants.get(f"/v1/awards/{award}"))["committed"] == gbp("550.00")


@ON_ONE_DATABASE
async def test_a_key_neither_receives_nor_writes_off(grants: Caller, key: Caller) -> None:
    path = f"/v1/awards/{await grants.ready_to_pay()}/repayments/{new_id('repayment')}"
    for step, said in (("receive", {"amount": gbp("1.00")}), ("write-off", {"amount": gbp("1.00"), "reason": "Gone"})):
        assert (await key.refused(f"{path}/{step}", said))[1]["code"] == "needs_a_user"
        assert (await grants.refused(f"{path}/{step}", said))[0] == 404


@ON_ONE_DATABASE
async def test_awards_that_changed_since_are_listed_for_tools_that_mirror_them(grants: Caller) -> None:
    opened = await grants.open_round()
    first = await grants.award((await grants.post("/v1/applications", asking(opened)))["id"])
    with clock.frozen(clock.now() + timedelta(minutes=1)) as later:
        await grants.post(f"/v1/awards/{first}/accept")
        second = await grants.award(await grants.application(opened))
        since = later.at.isoformat()
        found = (await grants.get("/v1/awards", updated_since=since))["data"]
        assert [row["id"] for row in found] == [first, second]
        later.advance(timedelta(minutes=1))
        assert (await grants.get("/v1/awards", updated_since=later.at.isoformat()))["data"] == []
