"""Checks of groups: by the size of the award and its fund's rules, once a year a group, waived for one award alone."""

from datetime import timedelta

from shared import clock
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking, gbp

pytestmark = ON_ONE_DATABASE
CHECKS = "/v1/checks-of-groups"


async def stands(grants: Caller, award: str) -> dict[str, str]:
    """How each check that an award needs stands today."""
    return {each["kind"]: each["state"] for each in (await grants.get(f"/v1/awards/{award}/checks"))["checks"]}


async def asked_for(grants: Caller, award: str, *rules: Json) -> None:
    """The fund of an award asks for these checks and no others."""
    of = (await grants.get(f"/v1/awards/{award}"))["round"]
    fund = (await grants.get(f"/v1/rounds/{of}"))["fund"]
    path, any_version = f"/v1/funds/{fund}/check-rules", {"If-Match": "*"}
    answered = await grants.client.put(path, json={"rules": list(rules)}, headers=any_version)
    assert answered.status_code == 200, answered.text


async def offered(grants: Caller, amount: str = "500.00", **said: object) -> str:
    application = await grants.application(await grants.open_round(), amount)
    offer = {"application": application, "amount": gbp(amount), **said}
    return str((await grants.post("/v1/awards", offer))["id"])


async def test_an_award_needs_the_checks_that_its_fund_asks_for_from_its_size_on(grants: Caller) -> None:
    small, large = await offered(grants, "999.99"), await offered(grants, "1000.00")
    for award in (small, large):
        rules = (
            {"kind": "objects", "from_amount": gbp("0.00")},
            {"kind": "account_name", "from_amount": gbp("1000.00")},
        )
        await asked_for(grants, award, *rules)
    assert await stands(grants, small) == {"objects": "missing"}
    assert await stands(grants, large) == {"objects": "missing", "account_name": "missing"}


async def test_a_safeguarding_statement_is_asked_for_unless_nobody_at_risk_takes_part(grants: Caller) -> None:
    assert "safeguarding" in await stands(grants, await offered(grants))
    assert "safeguarding" in await stands(grants, await offered(grants, people_at_risk=True))
    assert "safeguarding" not in await stands(grants, await offered(grants, people_at_risk=False))


async def test_what_is_done_counts_for_every_award_of_the_group_for_a_year(grants: Caller) -> None:
    first, second = await offered(grants), await offered(grants)
    with clock.frozen(clock.now()) as at:
        await grants.post(CHECKS, {"award": first, "kind": "objects", "seen": "Its constitution of 2024"})
        assert (await stands(grants, second))["objects"] == "done"
        at.advance(timedelta(days=364))
        assert (await stands(grants, second))["objects"] == "done"
        at.advance(timedelta(days=1))
        assert (await stands(grants, second))["objects"] == "expired"


async def test_another_group_is_checked_for_itself(grants: Caller) -> None:
    await grants.post(CHECKS, {"award": await offered(grants), "kind": "objects"})
    named = asking(await grants.open_round(), group_name="knit  AND Natter")
    alike = await grants.award((await grants.post("/v1/applications", named))["id"])
    assert (await stands(grants, alike))["objects"] == "done"  # the same, however it is spelt out
    elsewhere = asking(await grants.open_round(), place="E07000080")
    namesake = await grants.award((await grants.post("/v1/applications", elsewhere))["id"])
    assert (await stands(grants, namesake))["objects"] == "missing"


async def test_a_waiver_says_why_and_is_for_one_award_alone(grants: Caller) -> None:
    first, second = await offered(grants), await offered(grants)
    waived = {"award": first, "kind": "account_signatories", "outcome": "waived"}
    assert faults((await grants.refused(CHECKS, waived))[1]) == {"/reason": "missing"}
    kept = await grants.post(CHECKS, waived | {"reason": "A parish council holds the money"})
    assert kept["by"].startswith("user_")
    assert (await stands(grants, first))["account_signatories"] == "waived"
    assert (await stands(grants, second))["account_signatories"] == "missing"


async def test_a_check_that_is_withdrawn_counts_no_more(grants: Caller) -> None:
    award = await offered(grants)
    made = await grants.post(CHECKS, {"award": award, "kind": "objects"})
    withdrawn = await grants.post(f"{CHECKS}/{made['id']}/withdraw", {"reason": "It was another group's"})
    assert (withdrawn["withdrawn_by"], withdrawn["withdrawn_reason"]) == (made["by"], "It was another group's")
    assert (await stands(grants, award))["objects"] == "withdrawn"
    again = await grants.refused(f"{CHECKS}/{made['id']}/withdraw", {"reason": "Again"})
    assert again[1]["code"] == "check_withdrawn"


async def test_what_cannot_be_is_refused(grants: Caller) -> None:
    award, today = await offered(grants), clock.now().date()
    said = {"award": award, "kind": "objects"}
    for day, code in ((today + timedelta(days=1), "in_the_future"), (today - timedelta(days=365), "expired")):
        refused = await grants.refused(CHECKS, said | {"done_on": day.isoformat()})
        assert faults(refused[1]) == {"/done_on": code}
    assert faults((await grants.refused(CHECKS, said | {"reason": "None"}))[1]) == {"/reason": "not_waived"}
    strange = said | {"award": "award_01jdv8k0000000000000000000"}
    assert faults((await grants.refused(CHECKS, strange))[1]) == {"/award": "unknown_award"}


async def test_the_rules_of_a_fund_are_edited_by_version_in_its_currency(grants: Caller) -> None:
    path = f"/v1/funds/{await grants.fund()}/check-rules"
    usual = await grants.get(path)
    assert (len(usual["rules"]), usual["counts_for_days"], usual["version"]) == (5, 365, 0)
    euros = {"rules": [{"kind": "objects", "from_amount": {"amount": "1.00", "currency": "EUR"}}]}
    answered = await grants.client.put(path, json=euros, headers={"If-Match": '"0"'})
    assert faults(answered.json()) == {"/rules/0/from_amount/currency": "wrong_currency"}
    twice = {"rules": [{"kind": "objects", "from_amount": gbp("1.00")}] * 2}
    assert faults((await grants.client.put(path, json=twice, headers={"If-Match": '"0"'})).json()) == {
        "/rules": "twice"
    }
    for expected, status in (('"0"', 200), ('"0"', 412), ('"1"', 200)):
        answered = await grants.client.put(path, json={"rules": []}, headers={"If-Match": expected})
        assert answered.status_code == status
    assert answered.headers["etag"] == '"2"'


async def test_a_key_checks_nobody(key: Caller) -> None:
    refused = await key.refused(CHECKS, {"award": "award_01jdv8k0000000000000000000", "kind": "objects"})
    assert (refused[0], refused[1]["code"]) == (403, "needs_a_user")
