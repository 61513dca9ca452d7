"""Oversight: what others award is looked at by the rule of the fund's stage, and large awards wait for a signature."""

import pytest

from services.grants.oversight.models import LookAt, OversightRule
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, gbp
from tests.grants.conftest import Acting


async def rules(by: Caller, fund: str, *said: Json) -> Json:
    answered = await by.client.put(f"/v1/funds/{fund}/oversight-rules", json={"rules": said})
    assert answered.status_code == 200, answered.text
    return dict(answered.json())


async def delegated_award(grants: Caller, acting: Acting, amount: str = "900.00") -> tuple[str, str, Caller]:
    """An award that an anchor organisation made: its fund, its id, and a caller who acts for the anchor."""
    opened = await grants.open_round("5000.00")
    fund = str((await grants.get(f"/v1/rounds/{opened}"))["fund"])
    anchor, awarding = await acting()
    await grants.post("/v1/delegations", {"fund": fund, "to": anchor, "scopes": ["award", "administer"]})
    return fund, await awarding.award(await grants.application(opened, amount), amount), awarding


async def test_an_award_above_the_line_waits_for_the_signature_of_somebody_else(grants: Caller, acting: Acting) -> None:
    fund, award, awarding = await delegated_award(grants, acting)
    await rules(grants, fund, {"stage": "early", "look_at": "none", "sign_above": gbp("899.99")})
    await awarding.agree(award)
    await awarding.check(award)
    await awarding.payee(award)
    pay = {"award": award, "amount": gbp("900.00")}
    status, problem = await awarding.refused("/v1/payments", pay)
    assert (status, problem["code"]) == (409, "countersignature_missing")
    (shown,) = await grants.every(f"/v1/funds/{fund}/oversight")
    assert (shown["award"], shown["waits"], shown["signed_by"]) == (award, True, None)

    path = f"/v1/awards/{award}/countersign"
    assert (await awarding.refused(path))[1]["code"] == "not_delegated"
    signed = await grants.post(path)
    assert await grants.post(path) == signed  # done twice, it is done once
    assert signed["amount"] == gbp("900.00")
    (shown,) = await grants.every(f"/v1/funds/{fund}/oversight")
    assert (shown["waits"], shown["signed_by"]) == (False, signed["signed_by"])
    await awarding.post("/v1/payments", pay)
    told = [kind for kind, _ in await grants.published(award)]
    assert told.count("award.countersigned") == 1


@ON_ONE_DATABASE
async def test_the_rule_goes_by_the_stage_of_the_fund(grants: Caller, acting: Acting) -> None:
    fund, award, awarding = await delegated_award(grants, acting)
    path = f"/v1/funds/{fund}/oversight"
    assert [each["award"] for each in await grants.every(path)] == [award]  # without a rule every one
    early = {"stage": "early", "look_at": "every"}
    assert len((await rules(grants, fund, early, {"stage": "later", "look_at": "none"}))["rules"]) == 2
    assert [each["award"] for each in await grants.every(path)] == [award]
    await grants.edit("PATCH", f"/v1/funds/{fund}", {"stage": "later"})
    assert await grants.every(path) == []
    _, stranger = await acting()
    assert (await stranger.refused(path, method="GET"))[1]["code"] == "not_delegated"
    answered = await awarding.client.put(f"/v1/funds/{fund}/oversight-rules", json={"rules": []})
    assert answered.json()["code"] == "not_delegated"


@ON_ONE_DATABASE
async def test_nobody_signs_what_the_funds_own_awarded(grants: Caller) -> None:
    award = await grants.award(await grants.application(await grants.open_round()))
    status, problem = await grants.refused(f"/v1/awards/{award}/countersign")
    assert (status, problem["code"]) == (409, "nothing_to_sign")


@ON_ONE_DATABASE
async def test_every_fault_of_rules_is_named_and_the_old_ones_stay(grants: Caller) -> None:
    fund = await grants.fund()
    await rules(grants, fund, {"stage": "early", "look_at": "sample", "one_in": 5})
    said = [
        {"stage": "early", "look_at": "sample"},
        {"stage": "early", "look_at": "every", "sign_above": {"amount": "1.00", "currency": "EUR"}},
    ]
    status, problem = await grants.refused(f"/v1/funds/{fund}/oversight-rules", {"rules": said}, method="PUT")
    assert (status, faults(problem)) == (
        422,
        {
            "/rules/0/one_in": "size_of_sample",
            "/rules/1/stage": "said_twice",
            "/rules/1/sign_above/currency": "wrong_currency",
        },
    )
    assert (await grants.get(f"/v1/funds/{fund}/oversight-rules"))["rules"][0]["one_in"] == 5


@pytest.mark.parametrize(("look_at", "least", "most"), [("every", 400, 400), ("sample", 60, 140), ("none", 0, 0)])
def test_a_sample_is_one_in_so_many_and_the_same_for_whoever_looks(look_at: str, least: int, most: int) -> None:
    rule = OversightRule(look_at=LookAt(look_at), one_in=4 if look_at == "sample" else None)
    picked = [number for number in range(400) if rule.picks(f"award_{number}")]
    assert least <= len(picked) <= most
    assert picked == [number for number in range(400) if rule.picks(f"award_{number}")]
